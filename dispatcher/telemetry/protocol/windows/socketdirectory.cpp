// SPDX-License-Identifier: MIT
// Named pipes: they vanish with their process, and each carries its own rights. The "directory" is the
// beginning of their names.
#include "telemetry/protocol/socketdirectory.h"

#include "platform/windows/windows.h"
#include "telemetry/protocol/publishers.h"

#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>

#include <memory>
#include <vector>

#include <sddl.h>
#include <tlhelp32.h>

namespace Flywheel::Telemetry {

namespace {

struct CloseHandleOf
{
    void operator()(void *handle) const { ::CloseHandle(handle); }
};
using Handle = std::unique_ptr<void, CloseHandleOf>;

/// The security identifier of this process's user, as text.
QString userId()
{
    HANDLE opened = nullptr;
    if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &opened))
        return {};
    const Handle token(opened);
    DWORD bytes = 0;
    ::GetTokenInformation(token.get(), TokenUser, nullptr, 0, &bytes);
    std::vector<std::byte> buffer(bytes);
    wchar_t *text = nullptr;
    if (!::GetTokenInformation(token.get(), TokenUser, buffer.data(), bytes, &bytes) ||
        !::ConvertSidToStringSidW(reinterpret_cast<TOKEN_USER *>(buffer.data())->User.Sid, &text))
        return {};
    QString id = QString::fromWCharArray(text);
    ::LocalFree(text);
    return id;
}

std::vector<DWORD> processIds()
{
    std::vector<DWORD> ids;
    HANDLE const made = ::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    if (made == INVALID_HANDLE_VALUE)
        return ids;
    const Handle processes(made);
    PROCESSENTRY32W entry{};
    entry.dwSize = sizeof entry;
    for (BOOL more = ::Process32FirstW(processes.get(), &entry); more;
         more = ::Process32NextW(processes.get(), &entry))
        ids.push_back(entry.th32ProcessID);
    return ids;
}

} // namespace

QString socketDirectory()
{
    static const QString s_directory = QStringLiteral("\\\\.\\pipe\\flywheel-%1").arg(userId());
    return s_directory;
}

QString socketPath(const QString &directory, const QString &name)
{
    return directory + QLatin1Char('\\') + name;
}

QString secureDirectory(const QString &)
{
    return {};
}

QString insecurity(const QString &)
{
    return {};
}

QString lengthProblem(const QString &directory, const QString &name)
{
    constexpr qsizetype Most = 256; // CreateNamedPipe()
    return socketPath(directory, name).size() <= Most
               ? QString()
               : QStringLiteral("%1 is too long for the name of a pipe").arg(directory);
}

bool isPublished(const QString &path)
{
    return isListening(path);
}

bool isListening(const QString &path)
{
    constexpr DWORD ShortestMilliseconds = 1; // 0 would mean the server's default
    return ::WaitNamedPipeW(reinterpret_cast<const wchar_t *>(path.utf16()), ShortestMilliseconds) ||
           ::GetLastError() == ERROR_SEM_TIMEOUT; // it is there, and busy
}

QString freeSocketName(const QString &directory, qint64 processId)
{
    const QString name = QString::number(processId);
    return isListening(socketPath(directory, name)) ? QString() : name;
}

bool processExists(qint64 processId)
{
    const Handle process(::OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(processId)));
    if (!process)
        return ::GetLastError() != ERROR_INVALID_PARAMETER;
    return ::WaitForSingleObject(process.get(), 0) !=
           WAIT_OBJECT_0; // while it is open, its end is remembered
}

bool seemsAlive(const QString &path)
{
    return isListening(path);
}

QStringList socketsIn(const QString &directory)
{
    QStringList paths;
    for (const DWORD id : processIds()) {
        const QString path = socketPath(directory, QString::number(id));
        if (isListening(path))
            paths.append(path);
    }
    return paths;
}

void removeStaleSockets(const QString &) {}

QString programNameOf(qint64 processId)
{
    const Handle process(
        ::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, static_cast<DWORD>(processId)));
    std::vector<wchar_t> path(32768); // the longest there can be
    auto length = static_cast<DWORD>(path.size());
    if (!process || !::QueryFullProcessImageNameW(process.get(), 0, path.data(), &length))
        return {};
    const QString file = QDir::fromNativeSeparators(QString::fromWCharArray(path.data(), int(length)));
    const QFileInfo executable(file);
    const bool hasUsualSuffix = executable.suffix().compare(QLatin1String("exe"), Qt::CaseInsensitive) == 0;
    return hasUsualSuffix ? executable.completeBaseName() : executable.fileName();
}

} // namespace Flywheel::Telemetry
