// SPDX-License-Identifier: MIT
// There is no preloading here. Linked into a test, these pointers take the place of those by which it calls
// into Qt's library: with FLYWHEEL_TEST_INSTALL=1 each application object and each thread that it starts is
// on Flywheel.

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

#include <windows.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

using Construct = void (*)(QCoreApplication *, int &, char **, int);
using Start = void (*)(QThread *, QThread::Priority);

bool isWanted()
{
    const char *const value = std::getenv("FLYWHEEL_TEST_INSTALL");
    return value && std::strcmp(value, "1") == 0;
}

template <typename Function>
Function original(const char *name)
{
    const FARPROC found = ::GetProcAddress(::GetModuleHandleW(L"Qt6Core.dll"), name);
    if (!found) {
        std::fprintf(stderr, "Qt6Core.dll lacks %s\n", name);
        std::abort();
    }
    return reinterpret_cast<Function>(reinterpret_cast<void *>(found));
}

void construct(QCoreApplication *application, int &argc, char **argv, int flags)
{
    const bool installed = isWanted() && Flywheel::install();
    original<Construct>("_ZN16QCoreApplicationC1ERiPPci")(application, argc, argv, flags);
    if (installed && Flywheel::EventDispatcher::of()) {
        std::fprintf(stderr, "flywheel: main thread on Flywheel (%s)\n",
                     Flywheel::pollerName(Flywheel::EventDispatcher::of()->poller()));
        std::fflush(stderr);
    }
}

void start(QThread *thread, QThread::Priority priority)
{
    if (isWanted() && !thread->isRunning() && !thread->eventDispatcher())
        Flywheel::install(*thread);
    original<Start>("_ZN7QThread5startENS_8PriorityE")(thread, priority);
}

} // namespace

extern "C" {
extern const Construct __imp__ZN16QCoreApplicationC1ERiPPci;
const Construct __imp__ZN16QCoreApplicationC1ERiPPci = construct;
extern const Start __imp__ZN7QThread5startENS_8PriorityE;
const Start __imp__ZN7QThread5startENS_8PriorityE = start;
}
