// SPDX-License-Identifier: MIT
#include "stacks/linux/threadstate.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace Flywheel {

namespace {

std::string taskFile(pid_t thread, const char *name)
{
    return "/proc/self/task/" + std::to_string(thread) + '/' + name;
}

struct NamedCall
{
    long number;
    const char *name;
};

/// Those in which threads of GUI programs sleep; arm64 has not got the older ones.
constexpr NamedCall NamedCalls[] = {
#define FLYWHEEL_CALL(name)                                                                                  \
    {                                                                                                        \
        SYS_##name, #name                                                                                    \
    }
    FLYWHEEL_CALL(read),          FLYWHEEL_CALL(write),
    FLYWHEEL_CALL(readv),         FLYWHEEL_CALL(writev),
    FLYWHEEL_CALL(pread64),       FLYWHEEL_CALL(pwrite64),
    FLYWHEEL_CALL(openat),        FLYWHEEL_CALL(close),
    FLYWHEEL_CALL(fsync),         FLYWHEEL_CALL(fdatasync),
    FLYWHEEL_CALL(flock),         FLYWHEEL_CALL(fcntl),
    FLYWHEEL_CALL(ioctl),         FLYWHEEL_CALL(futex),
    FLYWHEEL_CALL(nanosleep),     FLYWHEEL_CALL(clock_nanosleep),
    FLYWHEEL_CALL(ppoll),         FLYWHEEL_CALL(pselect6),
    FLYWHEEL_CALL(epoll_pwait),   FLYWHEEL_CALL(connect),
    FLYWHEEL_CALL(accept),        FLYWHEEL_CALL(accept4),
    FLYWHEEL_CALL(recvfrom),      FLYWHEEL_CALL(recvmsg),
    FLYWHEEL_CALL(sendto),        FLYWHEEL_CALL(sendmsg),
    FLYWHEEL_CALL(wait4),         FLYWHEEL_CALL(waitid),
    FLYWHEEL_CALL(clone),         FLYWHEEL_CALL(execve),
    FLYWHEEL_CALL(munmap),        FLYWHEEL_CALL(mmap),
    FLYWHEEL_CALL(getdents64),    FLYWHEEL_CALL(newfstatat),
    FLYWHEEL_CALL(unlinkat),      FLYWHEEL_CALL(rt_sigtimedwait),
    FLYWHEEL_CALL(rt_sigsuspend), FLYWHEEL_CALL(semtimedop),
    FLYWHEEL_CALL(msgrcv),
#ifdef SYS_poll
    FLYWHEEL_CALL(open),          FLYWHEEL_CALL(stat),
    FLYWHEEL_CALL(poll),          FLYWHEEL_CALL(select),
    FLYWHEEL_CALL(epoll_wait),    FLYWHEEL_CALL(pause),
    FLYWHEEL_CALL(vfork),
#endif
#ifdef SYS_clone3
    FLYWHEEL_CALL(clone3),
#endif
#ifdef SYS_epoll_pwait2
    FLYWHEEL_CALL(epoll_pwait2),
#endif
#undef FLYWHEEL_CALL
};

} // namespace

ThreadState parseThreadState(const std::string &line)
{
    ThreadState state;
    if (line.starts_with("running")) {
        state.activity = ThreadState::Activity::Runs;
        return state;
    }
    std::istringstream words(line);
    std::string word;
    std::array<std::uint64_t, 8> numbers{}; // six arguments, SP and PC, or the last two alone
    std::size_t count = 0;
    if (!(words >> state.systemCall))
        return {};
    while (count < numbers.size() && words >> word)
        numbers[count++] = std::strtoull(word.c_str(), nullptr, 16);
    if (count < 2)
        return {};
    state.activity = ThreadState::Activity::Sleeps;
    state.stackPointer = numbers[count - 2];
    state.programCounter = numbers[count - 1];
    return state;
}

ThreadState threadState(pid_t thread)
{
    std::ifstream file(taskFile(thread, "syscall"));
    std::string line;
    return std::getline(file, line) ? parseThreadState(line) : ThreadState();
}

std::string systemCallName(long number)
{
    if (number < 0)
        return "page fault";
    const auto found = std::ranges::find(NamedCalls, number, &NamedCall::number);
    return found != std::end(NamedCalls) ? found->name : "system call " + std::to_string(number);
}

std::string refusalOfSignal(pid_t thread, int signal)
{
    std::ifstream file(taskFile(thread, "status"));
    bool isToldOfSignals = false;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string name;
        std::string value;
        words >> name >> value;
        if (name == "TracerPid:" && value != "0")
            return "the program runs under a debugger";
        if (name != "SigBlk:")
            continue;
        isToldOfSignals = true;
        const unsigned long long blocked = std::strtoull(value.c_str(), nullptr, 16);
        if ((blocked >> (signal - 1) & 1) != 0)
            return "the thread blocks signals";
    }
    return isToldOfSignals ? std::string() : "the system does not tell which signals the thread takes";
}

std::chrono::nanoseconds waitedForProcessor(pid_t thread)
{
    std::ifstream file(taskFile(thread, "schedstat"));
    std::int64_t running = 0;
    std::int64_t waited = 0;
    file >> running >> waited;
    return std::chrono::nanoseconds(waited);
}

std::size_t readMemory(std::uint64_t address, std::byte *into, std::size_t most) noexcept
{
    // By the system and not by memcpy(3): another thread may unmap what lies behind a stack, and a copy of
    // the system's ends there without a fault.
    const iovec to{into, most};
    const iovec from{reinterpret_cast<void *>(address), most}; // NOLINT(performance-no-int-to-ptr)
    const int error = errno;
    const long count = ::syscall(SYS_process_vm_readv, ::syscall(SYS_getpid), &to, 1UL, &from, 1UL, 0UL);
    errno = error;
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

} // namespace Flywheel
