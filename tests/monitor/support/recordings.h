// SPDX-License-Identifier: MIT
#pragma once

#include "model/recording.h"
#include "model/replay.h"

#include "monitor/support/frames.h"

#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>
#include <QtTest/qtest.h>

namespace Flywheel::Monitor::Test {

inline Telemetry::ProcessInfo process(std::uint64_t id = 4711)
{
    return {.processId = id,
            .name = "echo",
            .executable = "/usr/bin/echo",
            .qtVersion = "6.4.2",
            .flywheelVersion = "0.1.0",
            .startedAt = {}};
}

inline void add(Recorder &recorder, std::uint64_t sequence, Time at, std::uint64_t stalls = 0)
{
    Telemetry::LoopFrame loop = busyLoop(at, 10ms);
    loop.stallCount = stalls;
    recorder.add(1, process(), pack(frameOf(sequence, at, {loop}), recorder.needsKeyFrame(1, at)));
}

/// One frame each 100 ms from 10 s on.
inline void record(const QString &path, int frames)
{
    QString error;
    const auto recorder = Recorder::create(path, error);
    QVERIFY2(recorder, qPrintable(error));
    for (int i = 0; i < frames; ++i)
        add(*recorder, static_cast<std::uint64_t>(i) + 1, 10s + i * 100ms, i % 50 == 49 ? 2 : 0);
}

/// Changes a recording by hand.
inline void execute(const QString &path, const QString &statement)
{
    {
        QSqlDatabase database =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("by hand"));
        database.setDatabaseName(path);
        QVERIFY(database.open());
        QVERIFY(QSqlQuery(database).exec(statement));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("by hand"));
}

/// A replay, and what it gave out since it last restarted.
class Played
{
public:
    explicit Played(const QString &path)
    {
        QString error;
        replay = Replay::open(path, error);
        if (!replay)
            qFatal("%s", qPrintable(error));
        QObject::connect(replay.get(), &Replay::frame, replay.get(),
                         [this](qint64, const Telemetry::Frame &frame) { frames.push_back(frame); });
        QObject::connect(replay.get(), &Replay::restarted, replay.get(), [this] {
            ++restarts;
            frames.clear();
        });
    }
    bool isLoaded()
    {
        return QTest::qWaitFor([this] { return !replay->isLoading(); });
    }

    std::unique_ptr<Replay> replay;
    std::vector<Telemetry::Frame> frames;
    int restarts = 0;
};

} // namespace Flywheel::Monitor::Test
