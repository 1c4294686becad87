// SPDX-License-Identifier: MIT
#include "descriptors.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace Flywheel::Bench {

namespace {

void watch(int epoll, int descriptor)
{
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    must(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

} // namespace

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

int epollOf(int ready, const std::vector<int> &idle)
{
    const int epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    watch(epoll, ready);
    for (const int descriptor : idle)
        watch(epoll, descriptor);
    return epoll;
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

} // namespace Flywheel::Bench
