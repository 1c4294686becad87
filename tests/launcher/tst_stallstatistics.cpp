// SPDX-License-Identifier: MIT
// flywheel-run --stats on programs that hang for a moment: does it name the line?
#include "launched.h"

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Launched;

namespace {

const QString program = QStringLiteral(FLYWHEEL_STALLING_PROGRAM);

/// The lines of its source in which the program hangs.
std::pair<int, int> guiltyLines()
{
    QFile source(QStringLiteral(FLYWHEEL_STALLING_SOURCE));
    if (!source.open(QIODevice::ReadOnly))
        qFatal("no source");
    int number = 0;
    int first = 0;
    while (!source.atEnd()) {
        ++number;
        const QByteArray line = source.readLine();
        if (line.contains("void readEverything"))
            first = number;
        if (line.contains("m_records = m_records + 1"))
            return {first, number};
    }
    return {};
}

bool namesTheLine(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral(
        R"(Importer::readEverything\([^\n]*\)(?: \[clone [^\n]*\])? stallingprogram\.cpp:(\d+) \(preload_stallingprogram\))"));
    const QRegularExpressionMatch match = pattern.match(text);
    const auto [first, last] = guiltyLines();
    const int line = match.captured(1).toInt();
    return match.hasMatch() && line >= first && line <= last;
}

} // namespace

class StallStatisticsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nameTheLine_data();
    void nameTheLine();
    void sayInWhatAThreadSlept();
    void areWithoutStacksIfToldSo();
};

void StallStatisticsTest::nameTheLine_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("what");
    for (const char *what : {"console", "thread", "widgets"}) {
        QTest::addRow("%s", what) << QStringList() << QString::fromLatin1(what);
        QTest::addRow("%s, observed", what)
            << QStringList{QStringLiteral("--observe")} << QString::fromLatin1(what);
    }
}

void StallStatisticsTest::nameTheLine()
{
    QFETCH(const QStringList, options);
    QFETCH(const QString, what);
    const Outcome outcome =
        flywheel(QStringList{QStringLiteral("--stats")} + options + QStringList{program, what});
    const QString text = outcome.errors.join(QLatin1Char('\n'));
    QCOMPARE(outcome.code, 0);
    QVERIFY2(namesTheLine(text), qPrintable(text));
    QVERIFY2(text.contains(QLatin1String(" watched it ran ")), qPrintable(text));
}

void StallStatisticsTest::sayInWhatAThreadSlept()
{
    const Outcome outcome = flywheel({QStringLiteral("--stats"), program, QStringLiteral("asleep")});
    const QString text = outcome.errors.join(QLatin1Char('\n'));
    QVERIFY2(
        text.contains(QRegularExpression(QStringLiteral("and slept 3\\d\\d ms, last in clock_nanosleep"))),
        qPrintable(text));
    QVERIFY2(text.contains(QLatin1String("Importer::waitForServer() stallingprogram.cpp:")),
             qPrintable(text));
}

void StallStatisticsTest::areWithoutStacksIfToldSo()
{
    QProcessEnvironment off = Launched::environment();
    off.insert(QStringLiteral("FLYWHEEL_STACKS"), QStringLiteral("0"));
    const Outcome outcome = flywheel({QStringLiteral("--stats"), program, QStringLiteral("console")}, off);
    const QString text = outcome.errors.join(QLatin1Char('\n'));
    QVERIFY2(text.contains(QLatin1String("longest stall of main")), qPrintable(text));
    QVERIFY2(!text.contains(QLatin1String("readEverything")), qPrintable(text));
}

QTEST_GUILESS_MAIN(StallStatisticsTest)
#include "tst_stallstatistics.moc"
