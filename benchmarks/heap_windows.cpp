// SPDX-License-Identifier: MIT
#include "heap.h"

#include "platform/windows/windows.h"

#include <malloc.h>
#include <psapi.h>

#include <algorithm>
#include <array>
#include <span>

using Malloc = void *(*)(std::size_t);
using Calloc = void *(*)(std::size_t, std::size_t);
using Realloc = void *(*)(void *, std::size_t);

// The entries of this program's import table, as compilers name them.
extern "C" {
extern Malloc __imp_malloc;
extern Calloc __imp_calloc;
extern Realloc __imp_realloc;
}

namespace Flywheel::Bench {

namespace {

DWORD s_countedThread = 0;
std::uint64_t s_allocations = 0;

const Malloc realMalloc = __imp_malloc;
const Calloc realCalloc = __imp_calloc;
const Realloc realRealloc = __imp_realloc;

/// Not thread_local, whose first use in a thread allocates.
void countAllocation()
{
    if (::GetCurrentThreadId() == s_countedThread)
        ++s_allocations;
}

void *countedMalloc(std::size_t size)
{
    countAllocation();
    return realMalloc(size);
}

void *countedCalloc(std::size_t count, std::size_t size)
{
    countAllocation();
    return realCalloc(count, size);
}

void *countedRealloc(void *block, std::size_t size)
{
    countAllocation();
    return realRealloc(block, size);
}

using Entry = const void *;

template <typename Function>
Entry toEntry(Function function)
{
    return reinterpret_cast<Entry>(function);
}

/// The addresses of the functions that a module has from others ("PE Format", import address table).
std::span<Entry> importTable(HMODULE module)
{
    auto *const base = reinterpret_cast<char *>(module);
    const auto *dos = reinterpret_cast<const IMAGE_DOS_HEADER *>(base);
    const auto *headers = reinterpret_cast<const IMAGE_NT_HEADERS *>(base + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY &table = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IAT];
    return {reinterpret_cast<Entry *>(base + table.VirtualAddress), table.Size / sizeof(Entry)};
}

void countImports(std::span<Entry> table)
{
    DWORD before = 0;
    if (table.empty() || !::VirtualProtect(table.data(), table.size_bytes(), PAGE_READWRITE, &before))
        return;
    std::ranges::replace(table, toEntry(realMalloc), toEntry(countedMalloc));
    std::ranges::replace(table, toEntry(realCalloc), toEntry(countedCalloc));
    std::ranges::replace(table, toEntry(realRealloc), toEntry(countedRealloc));
    ::VirtualProtect(table.data(), table.size_bytes(), before, &before);
}

/// From now on, for all libraries that are loaded by now.
bool startCounting()
{
    std::array<HMODULE, 256> modules;
    DWORD bytes = 0;
    if (!::EnumProcessModules(::GetCurrentProcess(), modules.data(), sizeof modules, &bytes) ||
        bytes > sizeof modules)
        return false;
    s_countedThread = ::GetCurrentThreadId();
    for (const HMODULE module : std::span(modules).first(bytes / sizeof(HMODULE)))
        countImports(importTable(module));
    return true;
}

} // namespace

std::optional<std::uint64_t> allocationsOfThread()
{
    static const bool s_counts = startCounting();
    if (!s_counts || ::GetCurrentThreadId() != s_countedThread)
        return std::nullopt;
    return s_allocations;
}

std::optional<std::size_t> liveBytes()
{
    const auto heap = reinterpret_cast<HANDLE>(::_get_heap_handle());
    PROCESS_HEAP_ENTRY entry{};
    std::size_t bytes = 0;
    while (::HeapWalk(heap, &entry)) {
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
            bytes += entry.cbData + entry.cbOverhead;
    }
    return ::GetLastError() == ERROR_NO_MORE_ITEMS ? std::optional(bytes) : std::nullopt;
}

} // namespace Flywheel::Bench
