// SPDX-License-Identifier: MIT
#include "telemetry/protocol/publishers.h"
#include "telemetry/protocol/socketdirectory.h"

#include "telemetry/runtimedirectory.h"
#include "telemetry/unixsocket.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtTest/qtest.h>

#include <optional>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;

namespace {

constexpr uid_t AnotherUser = 65'534;

mode_t modeOf(const QString &path)
{
    struct stat status
    {
    };
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode & 07777 : 0;
}

void makeDirectory(const QString &path, mode_t mode)
{
    QVERIFY(QDir().mkpath(path));
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
}

/// The id of a process that has ended.
qint64 deadProcess()
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
}

/// What \a call returns in a process of another user, which only root can start.
template <typename Call>
int asAnotherUser(Call call)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(::setgid(AnotherUser) == 0 && ::setuid(AnotherUser) == 0 ? call() : 100);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

} // namespace

class tst_SocketDirectory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup() { m_runtime.reset(); }

    void isInRuntimeDirectory();
    void isInTmpWithoutRuntimeDirectory();
    void onlyItsUserMayEnter();
    void otherUserGetsNoConnection();
    void outOfSightIsStillPublished();
    void directoryOfAnotherUserIsRefused();
    void runtimeDirectoryOfAnotherUserIsRefused();
    void symbolicLinkIsRefused();
    void fileIsRefused();
    void openDirectoryIsRefused();
    void replaceableDirectoryIsRefused();
    void directoryThatCannotBeMadeIsRefused();
    void namesOfPublishers_data();
    void namesOfPublishers();
    void staleSocketsAreRemoved();
    void otherThingsStay();
    void livingNamesakeKeepsItsName();
    void ownStaleSocketMakesRoom();
    void listsLivingPublishers();
    void trustsNoStrangersDirectory();

private:
    QString socket(qint64 processId) const
    {
        return m_runtime->sockets() + QLatin1Char('/') + QString::number(processId);
    }

    std::optional<RuntimeDirectory> m_runtime;
};

void tst_SocketDirectory::isInRuntimeDirectory()
{
    QCOMPARE(socketDirectory(), m_runtime->sockets());
}

void tst_SocketDirectory::isInTmpWithoutRuntimeDirectory()
{
    qunsetenv("XDG_RUNTIME_DIR");
    const QString inTmp = QStringLiteral("/tmp/flywheel-%1").arg(::geteuid());
    QCOMPARE(socketDirectory(), inTmp);
    qputenv("XDG_RUNTIME_DIR", "relative/path");
    QCOMPARE(socketDirectory(), inTmp);
}

void tst_SocketDirectory::onlyItsUserMayEnter()
{
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    QCOMPARE(modeOf(m_runtime->sockets()), mode_t(0700));
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
}

void tst_SocketDirectory::otherUserGetsNoConnection()
{
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    makeDirectory(m_runtime->path(), 0755);
    const UniqueFd listener = listenOn(socket(1));
    QVERIFY(listener);
    QVERIFY(connectTo(newSocket(), socket(1)));
    if (::geteuid() == 0)
        QCOMPARE(asAnotherUser([this] { return connectTo(newSocket(), socket(1)) ? 0 : errno; }), EACCES);
    else
        QCOMPARE(modeOf(m_runtime->sockets()), mode_t(0700));
}

void tst_SocketDirectory::outOfSightIsStillPublished()
{
    // A program may go on as another user, who may not look into the directory.
    QVERIFY(!isPublished(socket(1)));
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    QVERIFY(!isPublished(socket(1)));
    const UniqueFd listener = listenOn(socket(1));
    QVERIFY(isPublished(socket(1)));
    if (::geteuid() == 0) {
        QCOMPARE(asAnotherUser([this] { return isPublished(socket(1)) ? 0 : 1; }), 0);
    } else {
        makeDirectory(m_runtime->sockets(), 0);
        QVERIFY(isPublished(socket(1)));
        makeDirectory(m_runtime->sockets(), 0700);
    }
}

void tst_SocketDirectory::directoryOfAnotherUserIsRefused()
{
    // Root can make one; for everybody else /etc is one.
    QString path = QStringLiteral("/etc");
    if (::geteuid() == 0) {
        path = m_runtime->sockets();
        makeDirectory(path, 0700);
        QCOMPARE(::chown(QFile::encodeName(path).constData(), AnotherUser, AnotherUser), 0);
    }
    QVERIFY2(secureDirectory(path).contains(QStringLiteral("belongs to another user")),
             qPrintable(secureDirectory(path)));
}

void tst_SocketDirectory::runtimeDirectoryOfAnotherUserIsRefused()
{
    if (::geteuid() != 0) { // /etc is root's, who could not do worse than it can anyway
        QVERIFY(
            secureDirectory(QStringLiteral("/etc/flywheel")).contains(QStringLiteral("Permission denied")));
        return;
    }
    QCOMPARE(::chown(QFile::encodeName(m_runtime->path()).constData(), AnotherUser, AnotherUser), 0);
    QVERIFY(
        secureDirectory(m_runtime->sockets()).contains(QStringLiteral("belongs to another user (65534)")));
    QVERIFY(!QFileInfo::exists(m_runtime->sockets()));
}

void tst_SocketDirectory::symbolicLinkIsRefused()
{
    makeDirectory(m_runtime->path() + QStringLiteral("/elsewhere"), 0700);
    QVERIFY(QFile::link(m_runtime->path() + QStringLiteral("/elsewhere"), m_runtime->sockets()));
    QVERIFY(secureDirectory(m_runtime->sockets()).contains(QStringLiteral("is not a directory")));
}

void tst_SocketDirectory::fileIsRefused()
{
    QFile file(m_runtime->sockets());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(secureDirectory(m_runtime->sockets()).contains(QStringLiteral("is not a directory")));
}

void tst_SocketDirectory::openDirectoryIsRefused()
{
    for (const mode_t mode : {0701, 0710, 0777}) {
        makeDirectory(m_runtime->sockets(), mode);
        QVERIFY(secureDirectory(m_runtime->sockets()).contains(QStringLiteral("run chmod 700 on it")));
    }
}

void tst_SocketDirectory::replaceableDirectoryIsRefused()
{
    makeDirectory(m_runtime->path(), 0777);
    QVERIFY(secureDirectory(m_runtime->sockets()).contains(QStringLiteral("others may rename")));
    makeDirectory(m_runtime->path(), 01777);
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
}

void tst_SocketDirectory::directoryThatCannotBeMadeIsRefused()
{
    // Not even root can make one there.
    QVERIFY(secureDirectory(QStringLiteral("/proc/self/flywheel")).startsWith(QStringLiteral("cannot make")));
    QVERIFY(secureDirectory(m_runtime->path() + QStringLiteral("/no/flywheel"))
                .endsWith(QStringLiteral("No such file or directory")));
}

void tst_SocketDirectory::namesOfPublishers_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("processId");
    QTest::newRow("plain") << QStringLiteral("4711") << qint64(4711);
    QTest::newRow("namesake") << QStringLiteral("4711.9") << qint64(4711);
    for (const char *name : {"", ".", "0", "-1", "+1", "01", " 1", "1 ", "1.", "1.0", "1.10", "1.x", "x",
                             "1.1.1", "99999999999999"})
        QTest::addRow("'%s'", name) << QString::fromLatin1(name) << qint64(0);
}

void tst_SocketDirectory::namesOfPublishers()
{
    QFETCH(const QString, name);
    QTEST(processIdOf(name), "processId");
}

void tst_SocketDirectory::staleSocketsAreRemoved()
{
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    const qint64 dead = deadProcess();
    QVERIFY(listenOn(socket(dead)));
    QVERIFY(!isListening(socket(dead)));
    QVERIFY(QFileInfo::exists(socket(dead)));
    removeStaleSockets(m_runtime->sockets());
    QVERIFY(!QFileInfo::exists(socket(dead)));
}

void tst_SocketDirectory::otherThingsStay()
{
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    const qint64 elsewhere =
        deadProcess(); // not a process here, but it answers: it is one of another container
    const UniqueFd answering = listenOn(socket(elsewhere));
    const UniqueFd ours = listenOn(socket(QCoreApplication::applicationPid()));
    QVERIFY(listenOn(m_runtime->sockets() + QStringLiteral("/other")));
    QFile file(socket(deadProcess()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QStringList before = m_runtime->list();
    QCOMPARE(before.size(), 4);
    removeStaleSockets(m_runtime->sockets());
    QCOMPARE(m_runtime->list(), before);
}

void tst_SocketDirectory::livingNamesakeKeepsItsName()
{
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    QCOMPARE(freeSocketName(m_runtime->sockets(), 5), QStringLiteral("5"));
    const UniqueFd first = listenOn(socket(5));
    QCOMPARE(freeSocketName(m_runtime->sockets(), 5), QStringLiteral("5.1"));
    std::vector<UniqueFd> others;
    for (int i = 1; i <= 9; ++i)
        others.push_back(listenOn(socket(5) + QStringLiteral(".%1").arg(i)));
    QCOMPARE(freeSocketName(m_runtime->sockets(), 5), QString());
}

void tst_SocketDirectory::ownStaleSocketMakesRoom()
{
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    QVERIFY(listenOn(socket(5)));
    QCOMPARE(freeSocketName(m_runtime->sockets(), 5), QStringLiteral("5"));
    QVERIFY(!QFileInfo::exists(socket(5)));
}

void tst_SocketDirectory::listsLivingPublishers()
{
    QVERIFY(publishers().empty());
    QCOMPARE(secureDirectory(m_runtime->sockets()), QString());
    const qint64 self = QCoreApplication::applicationPid();
    const UniqueFd ours = listenOn(socket(self));
    QVERIFY(listenOn(socket(deadProcess())));
    const auto found = publishers();
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].processId, self);
    QCOMPARE(found[0].socketPath, socket(self));
    QCOMPARE(found[0].programName, QFileInfo(QCoreApplication::applicationFilePath()).fileName());
}

void tst_SocketDirectory::trustsNoStrangersDirectory()
{
    makeDirectory(m_runtime->sockets(), 0777);
    const UniqueFd planted = listenOn(socket(QCoreApplication::applicationPid()));
    QVERIFY(planted);
    QVERIFY(publishers().empty());
}

QTEST_GUILESS_MAIN(tst_SocketDirectory)
#include "tst_socketdirectory.moc"
