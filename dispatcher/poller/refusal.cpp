// SPDX-License-Identifier: MIT
#include "poller/refusal.h"

#include <array>
#include <map>
#include <mutex>

namespace Flywheel {

namespace {

struct Advice
{
    std::errc error;
    const char *text;
};

constexpr std::array Lacks{
    Advice{std::errc::too_many_files_open,
           "this process has no descriptor left: close some, or raise its limit (ulimit -n)"},
    Advice{std::errc::too_many_files_open_in_system,
           "the system has no descriptor left: raise its limit (sysctl fs.file-max)"},
    Advice{std::errc::not_enough_memory, "the kernel has no memory left for it: end other programs"},
    Advice{std::errc::no_space_on_device,
           "this user watches too many descriptors: raise the limit (sysctl fs.epoll.max_user_watches)"},
};

constexpr const char *Forbidden =
    "a filter for system calls (a container's, a sandbox's) seems to forbid it: allow "
    "it there, or choose another poller by FLYWHEEL_POLLER";
constexpr std::array Prohibitions{std::errc::operation_not_permitted, std::errc::permission_denied,
                                  std::errc::function_not_supported};

} // namespace

namespace {

std::mutex s_mutex;

/// How many loops have it. Never deleted: loops may end after static objects.
int &loopsWith(std::error_code error)
{
    static auto *const s_loops = new std::map<int, int>;
    return (*s_loops)[error.value()];
}

} // namespace

bool Trouble::begin(std::error_code error)
{
    if (error == m_error)
        return false;
    end();
    m_error = error;
    const std::lock_guard lock(s_mutex);
    return loopsWith(error)++ == 0;
}

void Trouble::end()
{
    if (!m_error)
        return;
    const std::lock_guard lock(s_mutex);
    --loopsWith(m_error);
    m_error = {};
}

bool isLackOfResources(std::error_code error)
{
    for (const Advice &lack : Lacks) {
        if (error == lack.error)
            return true;
    }
    return false;
}

const char *adviceFor(std::error_code error)
{
    for (const Advice &lack : Lacks) {
        if (error == lack.error)
            return lack.text;
    }
    for (const std::errc prohibition : Prohibitions) {
        if (error == prohibition)
            return Forbidden;
    }
    return "this error is not expected here: please report it";
}

} // namespace Flywheel
