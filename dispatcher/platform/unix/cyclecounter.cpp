// SPDX-License-Identifier: MIT
#include "platform/cyclecounter.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#    include "platform/uniquefd.h"

#    include <string_view>

#    include <fcntl.h>
#    include <unistd.h>
#    ifdef __x86_64__
#        include <sys/prctl.h>
#    endif

namespace Flywheel {

namespace {

#    ifdef __x86_64__
constexpr std::string_view OwnSource = "tsc\n";

/// prctl(2): a process may be forbidden to read the counter, and would die of it.
bool isReadingAllowed() noexcept
{
    int state = 0;
    return ::prctl(PR_GET_TSC, &state, 0, 0, 0) == 0 && state == PR_TSC_ENABLE;
}
#    else
constexpr std::string_view OwnSource = "arch_sys_counter\n";

bool isReadingAllowed() noexcept
{
    return true; // the kernel emulates it where it must
}
#    endif

} // namespace

/// The kernel leaves a counter that is not steady, or not the same on all processors, for another clock.
bool isCycleCounterTrusted() noexcept
{
    constexpr const char *path = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    char text[32];
    const auto length = file ? ::read(file.get(), text, sizeof text) : -1;
    return length > 0 && std::string_view(text, static_cast<std::size_t>(length)) == OwnSource &&
           isReadingAllowed();
}

} // namespace Flywheel

#else

namespace Flywheel {

bool isCycleCounterTrusted() noexcept
{
    return false;
}

} // namespace Flywheel

#endif
