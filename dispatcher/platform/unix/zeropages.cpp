// SPDX-License-Identifier: MIT
#include "platform/zeropages.h"

#include <algorithm>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#ifndef MAP_ANONYMOUS
#    define MAP_ANONYMOUS MAP_ANON
#endif

// LeakSanitizer looks for pointers in the heap, not in mappings: what hangs on ours would count as lost.
// There only in programs that run under it (sanitizer/lsan_interface.h).
extern "C" {
[[gnu::weak]] void __lsan_register_root_region(const void *begin, std::size_t bytes); // NOLINT(*-identifier)
[[gnu::weak]] void __lsan_unregister_root_region(const void *begin,
                                                 std::size_t bytes); // NOLINT(*-identifier)
}

namespace Flywheel {

void *takeZeroPages(std::size_t bytes) noexcept
{
    void *const pages = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return nullptr;
#ifdef MADV_NOHUGEPAGE
    ::madvise(pages, bytes, MADV_NOHUGEPAGE); // neighbours would become one page that is never given back
#endif
    if (__lsan_register_root_region)
        __lsan_register_root_region(pages, bytes);
    return pages;
}

#ifdef __linux__ // elsewhere MADV_DONTNEED does not promise zeros

void releaseZeroPages(void *pages, std::size_t bytes) noexcept
{
    const auto pageSize = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    bytes = (bytes + pageSize - 1) / pageSize * pageSize; // the last one was taken as a whole
    auto *const first = static_cast<unsigned char *>(pages);
    const auto isZero = [&](std::size_t begin) {
        return first[begin] == 0 && std::memcmp(first + begin, first + begin + 1, pageSize - 1) == 0;
    };
    for (std::size_t begin = 0, end = 0; begin + pageSize <= bytes; begin = std::max(end, begin + pageSize)) {
        for (end = begin; end + pageSize <= bytes && isZero(end);)
            end += pageSize;
        if (end > begin)
            ::madvise(first + begin, end - begin, MADV_DONTNEED);
    }
}

#else

void releaseZeroPages(void *, std::size_t) noexcept {}

#endif

void returnZeroPages(void *pages, std::size_t bytes) noexcept
{
    if (__lsan_unregister_root_region)
        __lsan_unregister_root_region(pages, bytes);
    ::munmap(pages, bytes);
}

} // namespace Flywheel
