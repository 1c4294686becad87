// SPDX-License-Identifier: MIT
#include "platform/ownmodule.h"
#include "platform/windows/windows.h"

namespace Flywheel {

namespace {

/// Something of this library whose address is known.
const char s_here = 0;

/// With a separator at its end; empty if the system does not tell.
std::wstring ownDirectory()
{
    constexpr DWORD Flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    HMODULE own = nullptr;
    if (!::GetModuleHandleExW(Flags, reinterpret_cast<const wchar_t *>(&s_here), &own))
        return {};
    std::wstring path(32768, L'\0'); // the longest there can be
    const DWORD length = ::GetModuleFileNameW(own, path.data(), static_cast<DWORD>(path.size()));
    path.resize(length);
    const std::size_t separator = path.find_last_of(L"\\/");
    return separator == std::wstring::npos ? std::wstring() : path.substr(0, separator + 1);
}

} // namespace

OwnModule loadOwnModule(const char *library)
{
    const std::string name = FLYWHEEL_MODULE_PREFIX + std::string(library) + FLYWHEEL_MODULE_SUFFIX;
    const std::wstring wideName(name.begin(), name.end()); // ASCII
    const std::wstring directory = ownDirectory();
    HMODULE module = directory.empty() ? nullptr : ::LoadLibraryW((directory + wideName).c_str());
    if (!module)
        module = ::LoadLibraryW(wideName.c_str());
    if (!module)
        return {nullptr, name + ": " + lastWindowsError().message()};
    return {module};
}

bool isLibraryLoaded(const char *fileName)
{
    return ::GetModuleHandleA(fileName) != nullptr;
}

void *OwnModule::symbol(const char *name) const
{
    return reinterpret_cast<void *>(::GetProcAddress(static_cast<HMODULE>(handle), name));
}

void OwnModule::unload()
{
    ::FreeLibrary(static_cast<HMODULE>(handle));
    handle = nullptr;
}

} // namespace Flywheel
