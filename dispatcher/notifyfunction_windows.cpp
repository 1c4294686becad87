// SPDX-License-Identifier: MIT
#include "notifyfunction.h"

#include "base/windows.h"

#include <QtCore/qcoreapplication.h>

namespace Flywheel {

namespace {

#ifdef _MSC_VER
constexpr char Name[] = "?notifyInternal2@QCoreApplication@@CA_NPEAVQObject@@PEAVQEvent@@@Z";
#else
constexpr char Name[] = "_ZN16QCoreApplication15notifyInternal2EP7QObjectP6QEvent";
#endif

/// Among the exports of the module that holds Qt's core.
NotifyFunction find()
{
    constexpr DWORD Flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    const void *const inCore = &QCoreApplication::staticMetaObject;
    HMODULE core = nullptr;
    if (!::GetModuleHandleExW(Flags, static_cast<const wchar_t *>(inCore), &core))
        return nullptr;
    return reinterpret_cast<NotifyFunction>(reinterpret_cast<void *>(::GetProcAddress(core, Name)));
}

} // namespace

NotifyFunction notifyFunction()
{
    static const NotifyFunction s_notify = find();
    return s_notify;
}

} // namespace Flywheel
