// SPDX-License-Identifier: MIT
// What eventfd(2) itself can do of bench_threads.cpp.
#include "must.h"
#include "scenario.h"

#include <sys/eventfd.h>

#include <thread>

namespace Flywheel::Bench {

namespace {

void notify(int descriptor)
{
    must(eventfd_write(descriptor, 1), "eventfd_write");
}

eventfd_t await(int descriptor)
{
    eventfd_t value = 0;
    must(eventfd_read(descriptor, &value), "eventfd_read");
    return value;
}

Measurements hop(const Setting &setting)
{
    const int there = must(eventfd(0, EFD_CLOEXEC), "eventfd");
    const int back = must(eventfd(0, EFD_CLOEXEC), "eventfd");
    constexpr eventfd_t stop = 2;
    std::thread echo([=] {
        while (await(there) != stop)
            notify(back);
    });
    const Measurements result = measureOperations(setting, [=](qint64 hops) {
        for (qint64 i = 0; i < hops; i += 2) {
            notify(there);
            await(back);
        }
    });
    must(eventfd_write(there, stop), "eventfd_write");
    echo.join();
    return result;
}

const RegisterLimit threadHop("threads/hop", hop);

} // namespace

} // namespace Flywheel::Bench
