// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frameschema.h"

#include <string>

namespace Flywheel::Telemetry::Test {

/// Gives every field that the schema knows a value of its own, none of them the default.
class Filler
{
public:
    template <typename T>
    void operator()(std::uint64_t, T &field)
    {
        fill(field);
    }

    template <typename T>
    requires std::is_class_v<T>
    void fill(T &value) { visitFields(*this, value); }

    template <std::integral T>
    void fill(T &value)
    {
        value = static_cast<T>(nextNumber());
    }
    void fill(bool &value) { value = true; }
    void fill(double &value) { value = static_cast<double>(nextNumber()) / 4; } // exact in single precision
    void fill(std::string &text) { text = "text " + std::to_string(nextNumber()); }
    void fill(Histogram &histogram)
    {
        histogram = Histogram({{nextNumber() % 2000, 1}, {2000, nextNumber()}}); // buckets ascend
    }
    void fill(HandlerKind &kind) { kind = HandlerKind::Task; }
    void fill(Qt::TimerType &type) { type = Qt::VeryCoarseTimer; }
    void fill(Goodbye::Reason &reason) { reason = Goodbye::Reason::TooManyWatchers; }
    void fill(std::chrono::milliseconds &interval) { interval = std::chrono::milliseconds(nextNumber()); }
    void fill(std::chrono::nanoseconds &duration) { duration = std::chrono::microseconds(nextNumber()); }
    void fill(std::chrono::system_clock::time_point &time)
    {
        time = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000 + nextNumber()));
    }
    template <typename T>
    void fill(std::optional<T> &value)
    {
        fill(value.emplace());
    }
    template <typename T>
    void fill(std::vector<T> &values)
    {
        values.resize(2);
        for (T &value : values)
            fill(value);
    }
    template <typename T, std::size_t N>
    void fill(std::array<T, N> &values)
    {
        for (T &value : values)
            fill(value);
    }

private:
    std::uint32_t nextNumber() { return m_number += 7; }

    std::uint32_t m_number = 100;
};

/// A message with every field filled in; the same on each call. Of this version, where it has one.
template <typename T>
T sample()
{
    T message;
    Filler().fill(message);
    if constexpr (requires { message.protocolVersion; })
        message.protocolVersion = ProtocolVersion;
    return message;
}

} // namespace Flywheel::Telemetry::Test
