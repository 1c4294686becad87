// SPDX-License-Identifier: MIT
#include "tcpclient.h"

#include "descriptors.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qprocess.h>

#include <array>
#include <cstdlib>
#include <string_view>

namespace Flywheel::Bench {

namespace {

constexpr char clientOption[] = "--tcp-client";

std::vector<int> connections(int count, std::uint16_t port)
{
    std::vector<int> descriptors(std::size_t(count), -1);
    for (int &descriptor : descriptors)
        descriptor = connectTo(port);
    return descriptors;
}

bool sendRequest(int descriptor)
{
    static const std::array<char, TcpClient::requestBytes> request = {};
    return sendAll(descriptor, request);
}

bool receiveAnswer(int descriptor)
{
    std::array<char, TcpClient::answerBytes> answer;
    return receiveAll(descriptor, answer);
}

bool exchange(const std::vector<int> &descriptors)
{
    for (const int descriptor : descriptors) {
        if (!sendRequest(descriptor))
            return false;
    }
    for (const int descriptor : descriptors) {
        if (!receiveAnswer(descriptor))
            return false;
    }
    return true;
}

/// Returns when the server closes the connections.
void waitForEnd(const std::vector<int> &descriptors)
{
    char byte;
    if (!descriptors.empty())
        receiveAll(descriptors.front(), {&byte, 1});
}

} // namespace

void TcpClient::start(const Plan &plan)
{
    // Not /proc/self/exe: under valgrind that is valgrind.
    const bool started =
        QProcess::startDetached(QCoreApplication::applicationFilePath(),
                                {QString::fromLatin1(clientOption), QString::number(plan.port),
                                 QString::number(plan.active), QString::number(plan.idle)});
    if (!started)
        qFatal("the client can't be started");
}

std::optional<int> TcpClient::run(int argc, char **argv)
{
    if (argc != 5 || argv[1] != std::string_view(clientOption))
        return std::nullopt;
    const Plan plan{std::uint16_t(std::atoi(argv[2])), std::atoi(argv[3]), std::atoi(argv[4])};
    reserveDescriptors(plan.active + plan.idle);
    const auto idle = connections(plan.idle, plan.port);
    const auto active = connections(plan.active, plan.port);
    if (active.empty())
        waitForEnd(idle);
    else
        while (exchange(active)) {}
    return 0;
}

} // namespace Flywheel::Bench
