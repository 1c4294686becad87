// SPDX-License-Identifier: MIT
#include "platform/stackmark.h"

#include <cstddef>

#include <pthread.h>
#if defined(__FreeBSD__) || defined(__DragonFly__)
#    include <pthread_np.h>
#endif

namespace Flywheel {

namespace {

#if defined(__linux__) || defined(__FreeBSD__) || defined(__DragonFly__)
StackRange read()
{
    pthread_attr_t attributes;
#    if defined(__linux__)
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0)
        return {};
#    else
    if (::pthread_attr_init(&attributes) != 0)
        return {};
    ::pthread_attr_get_np(::pthread_self(), &attributes);
#    endif
    void *low = nullptr;
    std::size_t size = 0;
    const bool isKnown = ::pthread_attr_getstack(&attributes, &low, &size) == 0 && low;
    ::pthread_attr_destroy(&attributes);
    return isKnown ? StackRange{low, static_cast<const char *>(low) + size} : StackRange{};
}
#elif defined(__APPLE__)
StackRange read()
{
    const auto *const high = static_cast<const char *>(::pthread_get_stackaddr_np(::pthread_self()));
    return {high - ::pthread_get_stacksize_np(::pthread_self()), high};
}
#else
StackRange read()
{
    return {};
}
#endif

} // namespace

const StackRange &StackRange::ofThisThread()
{
    thread_local const StackRange t_range = read();
    return t_range;
}

} // namespace Flywheel
