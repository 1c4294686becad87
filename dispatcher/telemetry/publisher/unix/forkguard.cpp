// SPDX-License-Identifier: MIT
#include "telemetry/publisher/forkguard.h"

#include "platform/forkcounter.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include <sys/stat.h>
#include <unistd.h>

namespace Flywheel::Telemetry {

namespace {

/// A descriptor and the file it was given for: the owner may have closed it already, and the number may be in
/// use again.
struct Slot
{
    std::atomic<bool> taken{false};
    std::atomic<int> fd{-1};
    std::atomic<std::uint64_t> file{0};
};

std::array<Slot, 64> s_slots;

std::uint64_t fileOf(int fd)
{
    struct stat status
    {
    };
    return ::fstat(fd, &status) == 0 ? static_cast<std::uint64_t>(status.st_ino) : 0;
}

/// Runs in the child's only thread, so only what signal handlers may do (fork(2)).
void closeAll()
{
    for (Slot &slot : s_slots) {
        const int fd = slot.fd.exchange(-1);
        if (fd >= 0 && fileOf(fd) == slot.file.load())
            ::close(fd);
    }
}

/// Taken by NoForkMeanwhile, and around each fork(2); then the forking thread lets it go in both processes.
std::mutex s_forks;

const bool s_guarded = guardForks({.before = [] { s_forks.lock(); },
                                   .inParent = [] { s_forks.unlock(); },
                                   .inChild =
                                       [] {
                                           s_forks.unlock();
                                           closeAll();
                                       }});

} // namespace

ClosedInChild::ClosedInChild(int fd) : m_slot(0)
{
    while (m_slot < s_slots.size() && s_slots[m_slot].taken.exchange(true))
        ++m_slot;
    if (m_slot == s_slots.size())
        return;
    s_slots[m_slot].file = fileOf(fd);
    s_slots[m_slot].fd = fd;
}

ClosedInChild::~ClosedInChild()
{
    if (m_slot == s_slots.size())
        return;
    s_slots[m_slot].fd = -1;
    s_slots[m_slot].taken = false;
}

NoForkMeanwhile::NoForkMeanwhile()
{
    s_forks.lock();
}

NoForkMeanwhile::~NoForkMeanwhile()
{
    s_forks.unlock();
}

} // namespace Flywheel::Telemetry
