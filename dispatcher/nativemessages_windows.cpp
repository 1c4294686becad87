// SPDX-License-Identifier: MIT
#include "nativemessages.h"

#include "base/windows.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qbytearray.h>
#include <QtCore/qcoreapplication.h>

#include <deque>

namespace Flywheel {

namespace {

/// For one pass; what is left ends the next wait at once. So a flood of messages holds up neither timers nor
/// sockets.
constexpr int MostAtATime = 100;

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

class ThreadMessages final : public NativeMessages
{
public:
    bool hasHeldBack(QEventLoop::ProcessEventsFlags flags) const override
    {
        return !m_heldBack.empty() && !(flags & QEventLoop::ExcludeUserInputEvents);
    }

    int deliver(QAbstractEventDispatcher &dispatcher, QEventLoop::ProcessEventsFlags flags) override
    {
        const bool withInput = !(flags & QEventLoop::ExcludeUserInputEvents);
        int delivered = 0;
        MSG message;
        while (delivered < MostAtATime && take(message, withInput)) {
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
            if (withInput || !isUserInput(message.message))
                return true;
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

    std::deque<MSG> m_heldBack; ///< user input that was excluded
};

} // namespace

std::unique_ptr<NativeMessages> NativeMessages::create()
{
    return std::make_unique<ThreadMessages>();
}

} // namespace Flywheel
