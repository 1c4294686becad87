// SPDX-License-Identifier: MIT
// What epoll(7) itself can do of bench_sockets.cpp.
#include "changetimer.h"
#include "descriptors.h"
#include "must.h"
#include "scenario.h"

#include <sys/epoll.h>

namespace Flywheel::Bench {

namespace {

void control(int epoll, int operation, int descriptor)
{
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    must(epoll_ctl(epoll, operation, descriptor, &event), "epoll_ctl");
}

void hops(int epoll, std::pair<int, int> ends, qint64 count)
{
    epoll_event event;
    for (qint64 i = 0; i < count; ++i) {
        writeByte(ends.second);
        must(epoll_wait(epoll, &event, 1, -1), "epoll_wait");
        readByte(event.data.fd);
    }
}

Measurements hop(const Setting &setting)
{
    const int epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    const auto ends = socketPair();
    control(epoll, EPOLL_CTL_ADD, ends.first);
    for (const int descriptor : idleSockets(setting.size))
        control(epoll, EPOLL_CTL_ADD, descriptor);
    return measureOperations(setting, [&](qint64 count) { hops(epoll, ends, count); });
}

Measurements registration(const Setting &setting)
{
    const int epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    return timeRounds(
        setting, idleSockets(setting.size),
        [&](int descriptor) { control(epoll, EPOLL_CTL_ADD, descriptor); },
        [&](int descriptor) { control(epoll, EPOLL_CTL_DEL, descriptor); });
}

const RegisterLimit socketHop("sockets/hop", hop);
const RegisterLimit socketRegistration("sockets/registration", registration);

} // namespace

} // namespace Flywheel::Bench
