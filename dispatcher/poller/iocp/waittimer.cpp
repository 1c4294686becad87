// SPDX-License-Identifier: MIT
#include "poller/iocp/waittimer.h"

#include <algorithm>

namespace Flywheel {

namespace {

using namespace std::chrono_literals;

using TimerUnit = std::chrono::duration<LONGLONG, std::ratio<1, 10'000'000>>;

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
constexpr DWORD CREATE_WAITABLE_TIMER_HIGH_RESOLUTION = 0x00000002;
#endif

/// Longer waits may be a tick off; Qt draws the line there as well.
constexpr Nanoseconds NeedsFastTicks = 20ms;
/// Longer ones are waited for in turns.
constexpr Nanoseconds Longest = 24h;

using PeriodFunction = UINT(WINAPI *)(UINT);

/// timeBeginPeriod() and timeEndPeriod(), without a dependency on the library for those who never need it.
bool setPeriod(const char *function)
{
    static const HMODULE s_library = ::LoadLibraryW(L"winmm.dll");
    const auto set = s_library ? systemFunction<PeriodFunction>(L"winmm.dll", function) : nullptr;
    return set && set(1) == 0;
}

} // namespace

WaitTimer::~WaitTimer()
{
    if (m_timer)
        ::CloseHandle(m_timer);
    if (m_ticksFast)
        setPeriod("timeEndPeriod");
}

HANDLE WaitTimer::makeExactTimer()
{
    // Refused by Windows before 10 1803.
    return ::CreateWaitableTimerExW(nullptr, nullptr, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
                                    SYNCHRONIZE | TIMER_MODIFY_STATE);
}

WaitTimer::Wait WaitTimer::start(Nanoseconds timeout)
{
    timeout = std::min(timeout, Longest);
    if (m_timer) {
        LARGE_INTEGER due;
        due.QuadPart = -std::chrono::ceil<TimerUnit>(timeout).count(); // negative: from now on
        if (::SetWaitableTimer(m_timer, &due, 0, nullptr, nullptr, FALSE))
            return {m_timer, INFINITE};
    }
    if (timeout < NeedsFastTicks)
        tickFast();
    return {nullptr, static_cast<DWORD>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count())};
}

void WaitTimer::tickFast()
{
    if (!m_ticksFast)
        m_ticksFast = setPeriod("timeBeginPeriod");
}

} // namespace Flywheel
