// SPDX-License-Identifier: MIT
#include "statistics.h"

#include <QtCore/qcoreevent.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace std::chrono_literals;

class StatisticsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesReachTheTerminalAsPlainText();
    void stallsOfEventsNameThem();
    void timeOutsideTheLoopIsNotBusy();
    void postedEventsCountOneByOne();
    void eventTypesHaveNames();
};

void StatisticsTest::namesReachTheTerminalAsPlainText()
{
    LoopSnapshot loop;
    loop.threadName = "evil\x1b]0;title\x07\nthread, whose name is too long";
    Stall stall;
    stall.className = "Class\x1b[31m";
    stall.objectName = std::string("a\0b\r\n", 5);
    stall.duration = 80ms;
    loop.stalls = {stall};
    const std::string text = Preload::statisticsOf({loop});
    QCOMPARE(std::count(text.begin(), text.end(), '\n'), 4);
    for (const char c : text)
        QVERIFY(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    QVERIFY(text.find("\"a?b??\"") != std::string::npos);
}

void StatisticsTest::stallsOfEventsNameThem()
{
    LoopSnapshot loop;
    Stall stall;
    stall.kind = HandlerKind::PostedEvent;
    stall.className = "Window";
    stall.objectName = "front";
    stall.id = QEvent::UpdateRequest;
    stall.duration = 80ms;
    loop.stalls = {stall};
    const std::string text = Preload::statisticsOf({loop});
    QVERIFY2(text.find("Window \"front\" (UpdateRequest)") != std::string::npos, text.c_str());
}

void StatisticsTest::timeOutsideTheLoopIsNotBusy()
{
    LoopSnapshot loop;
    loop.utilisation.busy = 1s;
    loop.utilisation.outside = 9s;
    const std::string text = Preload::statisticsOf({loop});
    QVERIFY2(text.find(" 10.0 %") != std::string::npos, text.c_str());
}

void StatisticsTest::postedEventsCountOneByOne()
{
    LoopSnapshot loop;
    loop.handlers[static_cast<std::size_t>(HandlerKind::PostedEvent)].total = 12345;
    loop.handlers[static_cast<std::size_t>(HandlerKind::PostedBatch)].total = 7;
    const std::string text = Preload::statisticsOf({loop});
    QVERIFY2(text.find(" 12345 ") != std::string::npos, text.c_str());
}

void StatisticsTest::eventTypesHaveNames()
{
    QCOMPARE(eventTypeName(QEvent::MetaCall), std::string("MetaCall"));
    QCOMPARE(eventTypeName(QEvent::MouseButtonRelease), std::string("MouseButtonRelease"));
    QCOMPARE(eventTypeName(QEvent::User), std::string("User"));
    QCOMPARE(eventTypeName(QEvent::User + 7), std::string("User + 7"));
    QCOMPARE(eventTypeName(-1), std::string());
    QCOMPARE(eventTypeName(std::int64_t(1) << 40), std::string());
}

QTEST_GUILESS_MAIN(StatisticsTest)
#include "tst_statistics.moc"
