// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#include <optional>

namespace Flywheel::Bench {

/// The other end of bench_tcp.cpp, and of idle connections of bench_http.cpp: this program once more, with
/// the arguments that start() gives it.
class TcpClient
{
public:
    static constexpr qint64 requestBytes = 64;
    static constexpr qint64 answerBytes = 256;

    struct Plan
    {
        quint16 port = 0;
        int active = 1; ///< connections that each have one request on its way
        int idle = 0;   ///< connections that never say a word
    };

    /// Starts it. It ends by itself when the server closes a connection.
    static void start(const Plan &plan);

    /// Its main function; nothing if the arguments are not from start().
    static std::optional<int> run(int argc, char **argv);
};

} // namespace Flywheel::Bench
