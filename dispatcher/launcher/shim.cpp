// SPDX-License-Identifier: MIT
// The library that LD_PRELOAD names. It lands in programs of every kind, so it links neither Qt nor
// libstdc++: what needs Qt is in the implementation library, which is loaded when the first call from a Qt 6
// program arrives.
#include "names.h"
#include "platform/unix/librarydirectory.h"
#include "preloadlist.h"
#include "target.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <unistd.h>

// Complete (C1) and base object (C2) constructors, as the Itanium C++ ABI mangles them, and the slot of
// QThread. They are exported without a version and so satisfy references to any: Qt_6, Qt_5 or none.
#define CORE_APPLICATION(kind) "_ZN16QCoreApplication" kind "ERiPPci"
#define GUI_APPLICATION(kind) "_ZN15QGuiApplication" kind "ERiPPci"
#define WIDGETS_APPLICATION(kind) "_ZN12QApplication" kind "ERiPPci"
#define THREAD_START "_ZN7QThread5startENS_8PriorityE"

#define EXPORT_AS(symbol) __asm__(symbol) __attribute__((visibility("default")))
#define EXPORT_ALIAS(symbol, of) __asm__(symbol) __attribute__((visibility("default"), alias(of)))

using namespace Flywheel::Preload;

namespace {

constexpr char qt6Core[] = "libQt6Core.so.6";
constexpr char qt6Gui[] = "libQt6Gui.so.6";
constexpr char qt6Widgets[] = "libQt6Widgets.so.6";

// Constructors return `this` on some platforms (32-bit ARM), so the value is passed on everywhere.
using Constructor = void *(void *, int *, char **, int);
using ThreadStart = void(void *, int);

/// Something of this library whose address is known.
const char s_here = 0;

/// Null if the implementation library is not there or lacks what it needs; dlerror() says which.
void *loadImplementation()
{
    // Not dlopen("$ORIGIN/…"): sanitizers and profilers wrap dlopen(), and $ORIGIN would be the wrapper's
    // directory.
    Flywheel::LibraryDirectory own;
    if (!Flywheel::findLibraryDirectory(&s_here, own))
        return nullptr;
    char path[sizeof own.path + sizeof implementationFile];
    std::snprintf(path, sizeof path, "%s/%s", own.path, implementationFile);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/// The implementation library, or null after one line on stderr that says why.
void *implementation()
{
    static std::atomic<void *> s_library = nullptr;
    static std::atomic<bool> s_reported = false;
    if (void *library = s_library.load(std::memory_order_acquire))
        return library;
    void *library = loadImplementation();
    if (!library && !s_reported.exchange(true))
        dprintf(STDERR_FILENO, "flywheel: %s; the program runs on Qt's own dispatcher\n", dlerror());
    s_library.store(library, std::memory_order_release);
    return library;
}

template <typename... Arguments>
void callImplementation(const char *entryPoint, Arguments... arguments)
{
    void *library = implementation();
    void *function = library ? dlsym(library, entryPoint) : nullptr;
    if (function)
        reinterpret_cast<void (*)(Arguments...)>(function)(arguments...);
}

/// The outermost constructor comes first: it tells which kind of application it is.
void *construct(const char *symbol, const char *qt6Library, const void *caller, void *self, int *argc,
                char **argv, int flags)
{
    const Target target = findTarget(symbol, qt6Library, caller);
    if (target.isQt6)
        callImplementation(prepareApplication, qt6Library != qt6Core);
    return reinterpret_cast<Constructor *>(target.function)(self, argc, argv, flags);
}

/// Child processes are to start without the shim: gives LD_PRELOAD back the value it had before.
__attribute__((constructor)) void leaveEnvironment()
{
    const char *children = std::getenv(childrenVariable);
    char *preload = std::getenv(preloadVariable);
    if (!preload || (children && std::strcmp(children, "1") == 0))
        return;
    removeFromPreloadList(preload, shimFile);
    if (!*preload)
        unsetenv(preloadVariable);
}

} // namespace

extern "C" {

Constructor flywheelCoreApplication EXPORT_AS(CORE_APPLICATION("C1"));
Constructor flywheelGuiApplication EXPORT_AS(GUI_APPLICATION("C1"));
Constructor flywheelWidgetsApplication EXPORT_AS(WIDGETS_APPLICATION("C1"));
ThreadStart flywheelThreadStart EXPORT_AS(THREAD_START);

void *flywheelCoreApplication(void *self, int *argc, char **argv, int flags)
{
    return construct(CORE_APPLICATION("C1"), qt6Core, __builtin_return_address(0), self, argc, argv, flags);
}

void *flywheelGuiApplication(void *self, int *argc, char **argv, int flags)
{
    return construct(GUI_APPLICATION("C1"), qt6Gui, __builtin_return_address(0), self, argc, argv, flags);
}

void *flywheelWidgetsApplication(void *self, int *argc, char **argv, int flags)
{
    return construct(WIDGETS_APPLICATION("C1"), qt6Widgets, __builtin_return_address(0), self, argc, argv,
                     flags);
}

void flywheelThreadStart(void *thread, int priority)
{
    const Target target = findTarget(THREAD_START, qt6Core, __builtin_return_address(0));
    if (target.isQt6)
        callImplementation(prepareThread, thread);
    reinterpret_cast<ThreadStart *>(target.function)(thread, priority);
}

// None of these classes has virtual bases, so both of its constructors do the same.
Constructor flywheelCoreApplicationBase EXPORT_ALIAS(CORE_APPLICATION("C2"), CORE_APPLICATION("C1"));
Constructor flywheelGuiApplicationBase EXPORT_ALIAS(GUI_APPLICATION("C2"), GUI_APPLICATION("C1"));
Constructor flywheelWidgetsApplicationBase EXPORT_ALIAS(WIDGETS_APPLICATION("C2"), WIDGETS_APPLICATION("C1"));
} // extern "C"
