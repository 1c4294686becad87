// SPDX-License-Identifier: MIT
// A program that publishes on Windows is found, answers, and is gone when it stops.
#include <flywheel/telemetry.h>

#include "platform/windows/windows.h"
#include "support/watchdog.h"
#include "telemetry/protocol/publishers.h"
#include "telemetry/watcher.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>
#include <utility>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;
using namespace std::chrono_literals;

namespace {

/// A watcher that leaves in the pipe what it is sent until it is told to read.
class LateReader
{
public:
    explicit LateReader(const QString &path)
        : m_pipe(::CreateFileW(reinterpret_cast<const wchar_t *>(path.utf16()), GENERIC_READ | GENERIC_WRITE,
                               0, nullptr, OPEN_EXISTING, 0, nullptr))
    {
    }
    ~LateReader() { ::CloseHandle(m_pipe); }
    LateReader(const LateReader &) = delete;

    bool isConnected() const { return m_pipe != INVALID_HANDLE_VALUE; }
    bool hasBytes() const
    {
        DWORD bytes = 0;
        return ::PeekNamedPipe(m_pipe, nullptr, 0, nullptr, &bytes, nullptr) && bytes > 0;
    }
    bool isHungUp() const { return !::PeekNamedPipe(m_pipe, nullptr, 0, nullptr, nullptr, nullptr); }
    void write(const QByteArray &bytes)
    {
        DWORD written = 0;
        ::WriteFile(m_pipe, bytes.constData(), static_cast<DWORD>(bytes.size()), &written, nullptr);
    }
    /// Hangs up after it.
    void readToGoodbye()
    {
        std::array<char, 4096> buffer;
        DWORD count = 0;
        while (!m_goodbye && ::ReadFile(m_pipe, buffer.data(), buffer.size(), &count, nullptr)) {
            m_decoder.feed(QByteArray(buffer.data(), static_cast<qsizetype>(count)));
            while (const auto message = m_decoder.next()) {
                if (const auto *goodbye = std::get_if<Goodbye>(&*message))
                    m_goodbye = *goodbye;
            }
        }
        ::CloseHandle(std::exchange(m_pipe, INVALID_HANDLE_VALUE));
    }
    const std::optional<Goodbye> &goodbye() const { return m_goodbye; }

private:
    HANDLE m_pipe;
    FrameDecoder m_decoder{FrameDecoder::Sender::Publisher};
    std::optional<Goodbye> m_goodbye;
};

} // namespace

class tst_NamedPipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { stopTelemetry(); }

    void isFoundByProcessId();
    void isGoneAfterStopping();
    void startsAndStopsManyTimes();
    void sendsFramesOfThisLoop();
    void saysGoodbye();
    void goodbyeWaitsForALateReader_data();
    void goodbyeWaitsForALateReader();
    void doesNotWaitForever();

private:
    static std::optional<Publisher> ourselves()
    {
        for (const Publisher &publisher : publishers()) {
            if (publisher.processId == QCoreApplication::applicationPid())
                return publisher;
        }
        return std::nullopt;
    }

    const Flywheel::Test::Watchdog m_watchdog{60s};
};

void tst_NamedPipe::isFoundByProcessId()
{
    QVERIFY(!ourselves());
    QVERIFY(startTelemetry());
    const auto found = ourselves();
    QVERIFY(found);
    QCOMPARE(found->programName, QStringLiteral("tst_namedpipe"));
}

void tst_NamedPipe::isGoneAfterStopping()
{
    QVERIFY(startTelemetry());
    stopTelemetry();
    QVERIFY(!ourselves());
    QVERIFY(startTelemetry());
    QVERIFY(ourselves());
}

void tst_NamedPipe::startsAndStopsManyTimes()
{
    // What Windows had still to say of the listener's connections came after the listener was gone.
    for (int i = 0; i < 200; ++i) {
        QVERIFY(startTelemetry());
        stopTelemetry();
    }
}

void tst_NamedPipe::sendsFramesOfThisLoop()
{
    QVERIFY(startTelemetry());
    Watcher watcher(ourselves()->socketPath);
    QTRY_VERIFY(watcher.isConnected());
    QTRY_COMPARE(watcher.received<Hello>().size(), 1u);
    watcher.begin(20ms);
    QTRY_VERIFY(watcher.frames() >= 3);
    QCOMPARE(watcher.error(), std::string());
    const auto frames = watcher.received<Frame>();
    const auto &loops = frames.back().loops;
    QVERIFY(std::any_of(loops.begin(), loops.end(), [](const auto &loop) { return loop.poller == "iocp"; }));
}

void tst_NamedPipe::saysGoodbye()
{
    QVERIFY(startTelemetry());
    Watcher watcher(ourselves()->socketPath);
    QTRY_COMPARE(watcher.received<Hello>().size(), 1u);
    QTimer::singleShot(0, [] { stopTelemetry(); });
    QTRY_COMPARE(watcher.goodbye(), static_cast<int>(Goodbye::Reason::ShuttingDown));
}

void tst_NamedPipe::goodbyeWaitsForALateReader_data()
{
    QTest::addColumn<bool>("stops");
    QTest::addColumn<Goodbye::Reason>("reason");
    QTest::newRow("end of the publisher") << true << Goodbye::Reason::ShuttingDown;
    QTest::newRow("refusal") << false << Goodbye::Reason::BadMessage;
}

void tst_NamedPipe::goodbyeWaitsForALateReader()
{
    QFETCH(const bool, stops);
    QFETCH(const Goodbye::Reason, reason);
    QVERIFY(startTelemetry());
    LateReader reader(ourselves()->socketPath);
    QVERIFY(reader.isConnected());
    QTRY_VERIFY(reader.hasBytes()); // the hello
    if (!stops)
        reader.write("no telemetry");
    std::thread late([&] {
        std::this_thread::sleep_for(100ms);
        reader.readToGoodbye();
    });
    if (stops)
        stopTelemetry();
    late.join();
    QVERIFY(reader.goodbye());
    QCOMPARE(reader.goodbye()->reason, reason);
}

void tst_NamedPipe::doesNotWaitForever()
{
    QVERIFY(startTelemetry());
    LateReader silent(ourselves()->socketPath);
    QVERIFY(silent.isConnected());
    QTRY_VERIFY(silent.hasBytes());
    LateReader refused(ourselves()->socketPath);
    QVERIFY(refused.isConnected());
    refused.write("no telemetry");
    QTRY_VERIFY(refused.isHungUp());
    stopTelemetry();
    QVERIFY(silent.isHungUp());
}

int main(int argc, char **argv)
{
    Flywheel::install();
    QCoreApplication application(argc, argv);
    tst_NamedPipe test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_namedpipe.moc"
