// SPDX-License-Identifier: MIT
#include "messages/windows/messagewindow.h"

namespace Flywheel {

namespace {

/// The program or library that this is linked into.
HINSTANCE ownInstance()
{
    constexpr DWORD Flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    static const char s_here = 0;
    HMODULE own = nullptr;
    ::GetModuleHandleExW(Flags, reinterpret_cast<const wchar_t *>(&s_here), &own);
    return own;
}

} // namespace

ATOM MessageWindow::windowClass()
{
    static const ATOM s_class = [] {
        WNDCLASSEXW description{};
        description.cbSize = sizeof description;
        description.lpfnWndProc = dispatch;
        description.hInstance = ownInstance();
        description.lpszClassName = L"FlywheelMessages";
        return ::RegisterClassExW(&description);
    }();
    return s_class;
}

MessageWindow::MessageWindow(std::function<void(UINT)> handler)
    : m_handler(std::move(handler))
    , m_window(::CreateWindowExW(0, MAKEINTATOM(windowClass()), nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr,
                                 ownInstance(), nullptr))
{
    if (m_window)
        ::SetWindowLongPtrW(m_window, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
}

MessageWindow::~MessageWindow()
{
    if (!m_window)
        return;
    ::SetWindowLongPtrW(m_window, GWLP_USERDATA, 0); // also works where another thread ends the loop
    ::DestroyWindow(m_window);
}

LRESULT CALLBACK MessageWindow::dispatch(HWND window, UINT message, WPARAM wide, LPARAM parameter)
{
    const auto *const self =
        reinterpret_cast<const MessageWindow *>(::GetWindowLongPtrW(window, GWLP_USERDATA));
    if (self && (message == WM_TIMER || message >= WM_APP)) {
        self->m_handler(message);
        return 0;
    }
    return ::DefWindowProcW(window, message, wide, parameter);
}

} // namespace Flywheel
