// SPDX-License-Identifier: MIT
#include "poller/iocp/afd.h"

#include <cstddef>
#include <limits>

namespace Flywheel {

namespace {

constexpr ULONG PollRequest = 0x00012024; // IOCTL_AFD_POLL
constexpr NTSTATUS Pending = 0x00000103;
constexpr auto Cancelled = static_cast<NTSTATUS>(0xC0000120);
constexpr auto InvalidHandle = static_cast<NTSTATUS>(0xC0000008);
constexpr auto ObjectTypeMismatch = static_cast<NTSTATUS>(0xC0000024);

/// What ntdll.dll exports and the Windows SDK has no import library for everywhere.
struct Native
{
    using CreateFile = NTSTATUS(NTAPI *)(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, IO_STATUS_BLOCK *,
                                         LARGE_INTEGER *, ULONG, ULONG, ULONG, ULONG, void *, ULONG);
    using DeviceIoControlFile = NTSTATUS(NTAPI *)(HANDLE, HANDLE, void *, void *, IO_STATUS_BLOCK *, ULONG,
                                                  void *, ULONG, void *, ULONG);
    using CancelIoFileEx = NTSTATUS(NTAPI *)(HANDLE, IO_STATUS_BLOCK *, IO_STATUS_BLOCK *);
    using StatusToError = ULONG(NTAPI *)(NTSTATUS);

    template <typename Function>
    static Function find(const char *name)
    {
        return systemFunction<Function>(L"ntdll.dll", name);
    }

    const CreateFile createFile = find<CreateFile>("NtCreateFile");
    const DeviceIoControlFile deviceIoControlFile = find<DeviceIoControlFile>("NtDeviceIoControlFile");
    const CancelIoFileEx cancelIoFileEx = find<CancelIoFileEx>("NtCancelIoFileEx");
    const StatusToError statusToError = find<StatusToError>("RtlNtStatusToDosError");
};

const Native &native()
{
    static const Native s_native;
    return s_native;
}

std::error_code errorOf(NTSTATUS status)
{
    if (status == InvalidHandle || status == ObjectTypeMismatch)
        return std::make_error_code(std::errc::bad_file_descriptor);
    return {static_cast<int>(native().statusToError(status)), std::system_category()};
}

SOCKET askForSocket(SOCKET socket, DWORD request)
{
    SOCKET base = INVALID_SOCKET;
    DWORD bytes = 0;
    const int result = ::WSAIoctl(socket, request, nullptr, 0, &base, sizeof base, &bytes, nullptr, nullptr);
    return result == SOCKET_ERROR ? INVALID_SOCKET : base;
}

} // namespace

bool Afd::Operation::wasCancelled() const
{
    return status.Status == Cancelled;
}

ULONG Afd::Operation::found() const
{
    return status.Status >= 0 && socketCount > 0 ? events : 0;
}

std::error_code Afd::open(HANDLE port)
{
    wchar_t path[] = L"\\Device\\Afd\\Flywheel";
    constexpr auto Bytes = static_cast<USHORT>(sizeof path - sizeof *path);
    UNICODE_STRING name{Bytes, Bytes, path};
    OBJECT_ATTRIBUTES attributes{};
    attributes.Length = sizeof attributes;
    attributes.ObjectName = &name;
    IO_STATUS_BLOCK result{};
    constexpr ULONG Open = 1; // FILE_OPEN
    const NTSTATUS status = native().createFile(&m_device, SYNCHRONIZE, &attributes, &result, nullptr, 0,
                                                FILE_SHARE_READ | FILE_SHARE_WRITE, Open, 0, nullptr, 0);
    if (status < 0) {
        m_device = nullptr;
        return errorOf(status);
    }
    if (!::CreateIoCompletionPort(m_device, port, 0, 0)) {
        const std::error_code error = lastWindowsError();
        close();
        return error;
    }
    return {};
}

void Afd::close()
{
    if (m_device)
        ::CloseHandle(m_device);
    m_device = nullptr;
}

std::error_code Afd::start(Operation &operation, SOCKET socket, ULONG events)
{
    operation.status.Status = Pending;
    operation.timeout.QuadPart = std::numeric_limits<LONGLONG>::max();
    operation.socketCount = 1;
    operation.isExclusive = 0;
    operation.socket = reinterpret_cast<HANDLE>(socket);
    operation.events = events;
    operation.socketStatus = 0;
    void *const request = &operation.timeout;
    constexpr ULONG Size = sizeof(Operation) - offsetof(Operation, timeout);
    const NTSTATUS status =
        native().deviceIoControlFile(m_device, nullptr, nullptr, &operation.status, &operation.status,
                                     PollRequest, request, Size, request, Size);
    return status < 0 ? errorOf(status) : std::error_code();
}

void Afd::cancel(Operation &operation)
{
    IO_STATUS_BLOCK result{};
    // STATUS_NOT_FOUND: it has completed meanwhile.
    native().cancelIoFileEx(m_device, &operation.status, &result);
}

SOCKET Afd::baseSocket(SOCKET socket)
{
    return askForSocket(socket, SIO_BASE_HANDLE);
}

} // namespace Flywheel
