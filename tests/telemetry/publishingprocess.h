// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qprocess.h>
#include <QtTest/qtest.h>

namespace Flywheel::Telemetry::Test {

/// publishingprogram.cpp in a process of its own.
class PublishingProcess
{
public:
    /// \a telemetry: the value of FLYWHEEL_TELEMETRY; null for none.
    explicit PublishingProcess(const char *telemetry, const QStringList &arguments = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("FLYWHEEL_TELEMETRY"));
        if (telemetry)
            environment.insert(QStringLiteral("FLYWHEEL_TELEMETRY"), QString::fromLatin1(telemetry));
        m_process.setProcessEnvironment(environment);
        m_process.start(QStringLiteral(PUBLISHING_PROGRAM), arguments);
    }
    ~PublishingProcess()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// Its loop runs.
    bool isReady()
    {
        return QTest::qWaitFor([this] { return m_process.canReadLine(); }, 20'000);
    }
    qint64 id() const { return m_process.processId(); }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    /// Ends its input; its exit code, or -1 if it did not end by itself.
    int finish()
    {
        m_process.closeWriteChannel();
        const bool ended =
            QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, 20'000);
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    QByteArray errors() { return m_process.readAllStandardError(); }
    /// The same without what others say of the runtime directory.
    QByteArray errorsOfTelemetry()
    {
        QByteArray result;
        for (const QByteArray &line : errors().split('\n')) {
            if (line.startsWith("flywheel.telemetry: "))
                result += line + '\n';
        }
        return result;
    }

private:
    QProcess m_process;
};

} // namespace Flywheel::Telemetry::Test
