// SPDX-License-Identifier: MIT
#include "platform/threadname.h"

#include <array>
#include <cstdio>

#include <pthread.h>
#include <unistd.h>

namespace Flywheel {

namespace {

#if defined(__linux__)
std::string nameOf(std::uint64_t threadId)
{
    std::array<char, 64> name{};
    const std::string file = "/proc/self/task/" + std::to_string(threadId) + "/comm";
    std::FILE *const comm = std::fopen(file.c_str(), "re");
    if (!comm)
        return {};
    const bool isRead = std::fgets(name.data(), name.size(), comm) != nullptr;
    std::fclose(comm);
    std::string result = isRead ? name.data() : "";
    while (result.ends_with('\n'))
        result.pop_back();
    return result;
}
#else
std::string nameOf(std::uint64_t)
{
    return {};
}
#endif

/// The main thread's name, which threads inherit.
std::string processName()
{
    return nameOf(static_cast<std::uint64_t>(::getpid()));
}

} // namespace

std::string systemThreadName()
{
#if defined(__linux__) || defined(__APPLE__) || defined(__FreeBSD__)
    std::array<char, 64> name{};
    if (::pthread_getname_np(::pthread_self(), name.data(), name.size()) != 0)
        return {};
    return processName() == name.data() ? std::string() : name.data();
#else
    return {};
#endif
}

std::string systemThreadName(std::uint64_t threadId)
{
    const std::string name = nameOf(threadId);
    return name == processName() ? std::string() : name;
}

} // namespace Flywheel
