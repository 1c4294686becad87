// SPDX-License-Identifier: MIT
#include "messages/nativemessages.h"

#include "messages/windows/messagewindow.h"
#include "messages/windows/portwatch.h"
#include "platform/windows/windows.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qbytearray.h>
#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <deque>
#include <optional>

namespace Flywheel {

namespace {

/// For one pass; what is left ends the next wait at once. So a flood of messages holds up neither timers nor
/// sockets.
constexpr int MostAtATime = 100;

/// Comes only in a foreign loop, or shows that there is none.
constexpr UINT_PTR ForeignLoopTimer = 1;
constexpr UINT ForeignLoopTimerMilliseconds = USER_TIMER_MINIMUM;
constexpr UINT Continue = WM_APP;
/// GetMessage() prefers posted messages to input and to painting: some time is left for these.
constexpr Nanoseconds ForTheForeignLoop = std::chrono::milliseconds(1);

constexpr bool isWithin(UINT message, UINT first, UINT last)
{
    return message >= first && message <= last;
}

/// What QEventLoop::ExcludeUserInputEvents is about.
bool isUserInput(UINT message)
{
    return isWithin(message, WM_KEYFIRST, WM_KEYLAST) || isWithin(message, WM_MOUSEFIRST, WM_MOUSELAST) ||
           isWithin(message, WM_NCMOUSEMOVE, WM_NCMBUTTONDBLCLK) || message == WM_CLOSE ||
           message == WM_TOUCH || message == WM_GESTURE || message == WM_GESTURENOTIFY;
}

} // namespace

/// How a loop goes on within a foreign one: whatever dispatches a message to our window but ourselves is a
/// foreign loop. The first such message is a timer's, which costs a loop of our own two calls a sleep, and
/// two in 10 ms while it is busy; then a thread watches the poller until a pass of ours begins.
class ThreadMessages
{
public:
    explicit ThreadMessages(MessageClient &client) : m_client(client) {}

    ~ThreadMessages() { endForeignLoop(); }

    void beginHandlers()
    {
        if (m_timerRuns)
            return;
        if (!m_window)
            m_window.emplace([this](UINT) { continueLoop(); });
        m_timerRuns = m_window->handle() &&
                      ::SetTimer(m_window->handle(), ForeignLoopTimer, ForeignLoopTimerMilliseconds, nullptr);
    }

    void endHandlers() { stopTimer(); }

    void endForeignLoop()
    {
        if (!std::exchange(m_drives, false))
            return;
        m_watch->pause();
        m_client.ariseInForeignLoop();
    }

    bool hasHeldBack(QEventLoop::ProcessEventsFlags flags) const
    {
        return !m_heldBack.empty() && !(flags & QEventLoop::ExcludeUserInputEvents);
    }

    int deliver(QAbstractEventDispatcher &dispatcher, QEventLoop::ProcessEventsFlags flags)
    {
        const bool withInput = !(flags & QEventLoop::ExcludeUserInputEvents);
        int delivered = 0;
        MSG message;
        while (delivered < MostAtATime && take(message, withInput)) {
            beginHandlers();
            send(dispatcher, message);
            ++delivered;
        }
        return delivered;
    }

private:
    bool take(MSG &message, bool withInput)
    {
        if (withInput && !m_heldBack.empty()) {
            message = m_heldBack.front();
            m_heldBack.pop_front();
            return true;
        }
        while (::PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) {
            if (m_window && message.hwnd == m_window->handle())
                stopTimer(); // no foreign loop took it
            else if (withInput || !isUserInput(message.message))
                return true;
            else
                m_heldBack.push_back(message);
        }
        return false;
    }

    static void send(QAbstractEventDispatcher &dispatcher, MSG &message)
    {
        if (message.message == WM_QUIT) {
            QCoreApplication::quit();
        } else if (!dispatcher.filterNativeEvent(QByteArrayLiteral("windows_generic_MSG"), &message,
                                                 nullptr)) {
            ::TranslateMessage(&message);
            ::DispatchMessageW(&message);
        }
    }

    void stopTimer()
    {
        if (std::exchange(m_timerRuns, false))
            ::KillTimer(m_window->handle(), ForeignLoopTimer);
    }

    /// In a foreign loop, which dispatched a message to our window.
    void continueLoop()
    {
        stopTimer();
        m_client.passInForeignLoop();
        const Instant next = m_client.fallAsleepInForeignLoop();
        if (!m_watch)
            m_watch.emplace(watchedPort(), m_window->handle(), Continue);
        m_drives = true;
        m_watch->watch(std::max(next, steadyNow() + ForTheForeignLoop));
    }

    HANDLE watchedPort() const
    {
        return reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(m_client.descriptorToWatch()));
    }

    MessageClient &m_client;
    std::deque<MSG> m_heldBack; ///< user input that was excluded
    std::optional<MessageWindow> m_window;
    std::optional<PortWatch> m_watch;
    bool m_timerRuns = false; ///< the timer runs
    bool m_drives = false;    ///< the loop is asleep, and the thread watches for it
};

NativeMessages::NativeMessages(MessageClient &client) : m_messages(std::make_unique<ThreadMessages>(client))
{
}

NativeMessages::~NativeMessages() = default;

bool NativeMessages::hasHeldBack(QEventLoop::ProcessEventsFlags flags) const
{
    return m_messages->hasHeldBack(flags);
}

int NativeMessages::deliver(QAbstractEventDispatcher &dispatcher, QEventLoop::ProcessEventsFlags flags)
{
    return m_messages->deliver(dispatcher, flags);
}

void NativeMessages::beginPass(bool woken)
{
    m_messages->endForeignLoop();
    if (woken)
        m_messages->beginHandlers();
}

void NativeMessages::beginHandlers()
{
    m_messages->beginHandlers();
}

void NativeMessages::endHandlers()
{
    m_messages->endHandlers();
}

} // namespace Flywheel
