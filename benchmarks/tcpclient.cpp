// SPDX-License-Identifier: MIT
#include "tcpclient.h"

#include "descriptors.h"

#include <QtCore/qcoreapplication.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace Flywheel::Bench {

namespace {

constexpr char clientOption[] = "--tcp-client";

int connectTo(int port)
{
    const int descriptor = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(quint16(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)), "connect");
    return descriptor;
}

std::vector<int> connections(int count, int port)
{
    std::vector<int> descriptors(std::size_t(count), -1);
    for (int &descriptor : descriptors)
        descriptor = connectTo(port);
    return descriptors;
}

bool sendRequest(int descriptor)
{
    static const std::array<char, TcpClient::requestBytes> request = {};
    return send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) == ssize_t(request.size());
}

bool receiveAnswer(int descriptor)
{
    std::array<char, TcpClient::answerBytes> answer;
    return recv(descriptor, answer.data(), answer.size(), MSG_WAITALL) == ssize_t(answer.size());
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

} // namespace

void TcpClient::start(const Plan &plan)
{
    // Not /proc/self/exe: under valgrind that is valgrind.
    const std::string program = QCoreApplication::applicationFilePath().toStdString();
    std::array<std::string, 5> words{program, clientOption, std::to_string(plan.port),
                                     std::to_string(plan.active), std::to_string(plan.idle)};
    std::array<char *, words.size() + 1> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i)
        arguments[i] = words[i].data();
    pid_t pid;
    errno = posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments.data(), environ);
    must(errno == 0 ? 0 : -1, "posix_spawn");
}

std::optional<int> TcpClient::run(int argc, char **argv)
{
    if (argc != 5 || argv[1] != std::string_view(clientOption))
        return std::nullopt;
    const Plan plan{std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4])};
    reserveDescriptors(plan.active + plan.idle);
    const auto idle = connections(plan.idle, plan.port);
    const auto active = connections(plan.active, plan.port);
    while (exchange(active)) {}
    return 0;
}

} // namespace Flywheel::Bench
