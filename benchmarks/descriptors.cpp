// SPDX-License-Identifier: MIT
#include "descriptors.h"

#include "must.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace Flywheel::Bench {

void reserveDescriptors(int count)
{
    rlimit limit = {};
    must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    const rlim_t needed = rlim_t(count) + 64;
    if (limit.rlim_cur >= needed)
        return;
    limit.rlim_cur = needed;
    limit.rlim_max = std::max(limit.rlim_max, needed);
    must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit(RLIMIT_NOFILE)");
}

std::pair<int, int> socketPair()
{
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), "socketpair");
    return {ends[0], ends[1]};
}

std::vector<int> idleSockets(int count)
{
    reserveDescriptors(count);
    std::vector<int> sockets(std::size_t(count), -1);
    for (int &descriptor : sockets)
        descriptor = must(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    return sockets;
}

int connectTo(std::uint16_t port)
{
    const int descriptor = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)), "connect");
    return descriptor;
}

void writeByte(int descriptor)
{
    const char byte = 'x';
    must(write(descriptor, &byte, 1), "write");
}

void readByte(int descriptor)
{
    char byte;
    must(read(descriptor, &byte, 1), "read");
}

bool sendAll(int descriptor, std::span<const char> bytes)
{
    return send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) == std::ssize(bytes);
}

bool receiveAll(int descriptor, std::span<char> bytes)
{
    return recv(descriptor, bytes.data(), bytes.size(), MSG_WAITALL) == std::ssize(bytes);
}

} // namespace Flywheel::Bench
