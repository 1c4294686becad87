// SPDX-License-Identifier: MIT
// Windows' messages to threads beside everything else that a loop does.
#include "platform/windows/windows.h"
#include "support/application.h"
#include "support/handler.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qabstractnativeeventfilter.h>
#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

/// A hidden window, as COM and device notifications have them.
class Window
{
public:
    std::function<void(UINT)> onMessage;

    Window()
    {
        static const ATOM s_class = [] {
            WNDCLASSW windowClass{};
            windowClass.lpfnWndProc = receive;
            windowClass.hInstance = ::GetModuleHandleW(nullptr);
            windowClass.lpszClassName = L"tst_messages";
            return ::RegisterClassW(&windowClass);
        }();
        m_handle = ::CreateWindowExW(0, MAKEINTATOM(s_class), nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr,
                                     ::GetModuleHandleW(nullptr), nullptr);
        ::SetWindowLongPtrW(m_handle, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
    }
    ~Window() { ::DestroyWindow(m_handle); }
    Window(const Window &) = delete;

    HWND handle() const { return m_handle; }
    bool post(UINT message) const { return ::PostMessageW(m_handle, message, 0, 0) != 0; }

private:
    static LRESULT CALLBACK receive(HWND handle, UINT message, WPARAM wide, LPARAM lng)
    {
        auto *const self = reinterpret_cast<Window *>(::GetWindowLongPtrW(handle, GWLP_USERDATA));
        if (self && self->onMessage && message >= WM_USER) {
            self->onMessage(message);
            return 7;
        }
        return ::DefWindowProcW(handle, message, wide, lng);
    }

    HWND m_handle = nullptr;
};

class Filter : public QAbstractNativeEventFilter
{
public:
    int seen = 0;
    bool swallows = false;
    bool nativeEventFilter(const QByteArray &type, void *message, qintptr *) override
    {
        if (type != "windows_generic_MSG" || static_cast<MSG *>(message)->message < WM_USER)
            return false;
        ++seen;
        return swallows;
    }
};

} // namespace

class tst_Messages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_application.emplace(Poller::Iocp); }
    void cleanup() { m_application.reset(); }

    void postedMessageEndsWait();
    void messageOfAnotherThreadIsAnswered();
    void filtersSeeMessages();
    void filteredMessageGoesNoFurther();
    void quitMessageQuits();
    void procedureCallsAreLetIn();
    void floodHoldsUpNothing();
    void fullQueueHoldsUpNoWakeUp();
    void wakeUpsFromEightThreads();

private:
    const Watchdog m_watchdog{100s};
    std::optional<Application> m_application;
};

void tst_Messages::postedMessageEndsWait()
{
    Window window;
    int received = 0;
    window.onMessage = [&](UINT) { ++received; };
    std::thread poster([&] {
        std::this_thread::sleep_for(5ms); // so that the loop sleeps
        window.post(WM_USER);
    });
    processUntil([&] { return received == 1; });
    poster.join();
}

void tst_Messages::messageOfAnotherThreadIsAnswered()
{
    Window window;
    window.onMessage = [](UINT) {};
    std::atomic<LRESULT> answer{0};
    std::thread sender([&, dispatcher = m_application->dispatcher()] {
        answer = ::SendMessageW(window.handle(), WM_USER, 0, 0);
        dispatcher->wakeUp();
    });
    processUntil([&] { return answer != 0; });
    QCOMPARE(answer.load(), LRESULT(7));
    sender.join();
}

void tst_Messages::filtersSeeMessages()
{
    Window window;
    Filter filter;
    int received = 0;
    window.onMessage = [&](UINT) { ++received; };
    QCoreApplication::instance()->installNativeEventFilter(&filter);
    window.post(WM_USER);
    processUntil([&] { return received == 1; });
    QCOMPARE(filter.seen, 1);
}

void tst_Messages::filteredMessageGoesNoFurther()
{
    Window window;
    Filter filter;
    filter.swallows = true;
    int received = 0;
    window.onMessage = [&](UINT) { ++received; };
    QCoreApplication::instance()->installNativeEventFilter(&filter);
    window.post(WM_USER);
    processUntil([&] { return filter.seen == 1; });
    QCOMPARE(received, 0);
}

void tst_Messages::quitMessageQuits()
{
    ::PostQuitMessage(0);
    QCOMPARE(QCoreApplication::exec(), 0);
}

void tst_Messages::procedureCallsAreLetIn()
{
    static std::atomic<bool> s_called{false};
    s_called = false;
    const HANDLE thread = ::OpenThread(THREAD_SET_CONTEXT, FALSE, ::GetCurrentThreadId());
    QVERIFY(thread);
    std::thread caller([&, dispatcher = m_application->dispatcher()] {
        std::this_thread::sleep_for(5ms); // so that the loop sleeps
        ::QueueUserAPC([](ULONG_PTR) { s_called = true; }, thread, 0);
        while (!s_called)
            std::this_thread::yield();
        dispatcher->wakeUp();
    });
    processUntil([] { return s_called.load(); });
    caller.join();
    ::CloseHandle(thread);
}

void tst_Messages::floodHoldsUpNothing()
{
    // Each message posts the next one, so that there is always one.
    Window window;
    int messages = 0;
    window.onMessage = [&](UINT message) {
        ++messages;
        window.post(message);
    };
    window.post(WM_USER);
    const SocketPair sockets;
    sockets.write();
    QSocketNotifier reader(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&reader, &QSocketNotifier::activated, this, [&] { ++activations; });
    Handler handler;
    int ticks = 0;
    int posted = 0;
    handler.onTimer = [&](int) { ++ticks; };
    handler.onPosted = [&] {
        ++posted;
        handler.post();
    };
    handler.post();
    handler.startTimer(5ms);
    processUntil([&] { return activations >= 5 && ticks >= 5 && posted >= 5 && messages >= 500; });
}

void tst_Messages::fullQueueHoldsUpNoWakeUp()
{
    // A thread's queue holds 10,000 messages at most, if the system has a limit.
    Window window;
    int received = 0;
    window.onMessage = [&](UINT) { ++received; };
    int sent = 0;
    while (sent < 12'000 && window.post(WM_USER))
        ++sent;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    std::thread([&] { handler.post(); }).join();
    processUntil([&] { return posted == 1; });
    QVERIFY(received < sent); // it did not have to wait for all of them
    processUntil([&] { return received == sent; });
}

void tst_Messages::wakeUpsFromEightThreads()
{
    constexpr int Each = 500;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < Each; ++k)
                handler.post();
        });
    }
    processUntil([&] { return posted == 8 * Each; });
    for (std::thread &thread : threads)
        thread.join();
}

QTEST_APPLESS_MAIN(tst_Messages)
#include "tst_messages.moc"
