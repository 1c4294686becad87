// SPDX-License-Identifier: MIT
#include "textview.h"

#include "format.h"
#include "loopsmodel.h"
#include "session.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr int Width = 100;
constexpr std::size_t ShownStalls = 5;

struct Column
{
    const char *title;
    int width;
    bool number;
};

constexpr Column Columns[] = {
    {"PROCESS", 14, false}, {"LOOP", 13, false}, {"STATE", 6, false}, {"BUSY", 5, true},
    {"p50", 7, true},       {"p99", 7, true},    {"MAX", 7, true},    {"LATE p99", 8, true},
    {"QUEUE", 6, true},     {"EVENTS", 8, true}, {"STALLS", 6, true},
};

QString fitted(const QString &text, int width, bool number)
{
    const QString cut = text.size() > width ? text.left(width - 1) + QChar(0x2026) : text;
    return number ? cut.rightJustified(width) : cut.leftJustified(width);
}

QString line(const QStringList &cells)
{
    QStringList fittedCells;
    for (int i = 0; i < cells.size(); ++i)
        fittedCells.push_back(fitted(cells[i], Columns[i].width, Columns[i].number));
    QString result = fittedCells.join(QLatin1Char(' '));
    while (result.endsWith(QLatin1Char(' ')))
        result.chop(1);
    return result + QLatin1Char('\n');
}

QString headerLine()
{
    QStringList titles;
    for (const Column &column : Columns)
        titles.push_back(QLatin1String(column.title));
    return line(titles);
}

QString durationOf(const SeriesFigures &series, Duration duration)
{
    return series.count ? Format::duration(duration) : Format::none();
}

QString stateOf(const Loop &loop)
{
    if (!loop.isRunning())
        return QStringLiteral("ended");
    return loop.isMeasured() ? healthText(loop.health()) : QStringLiteral("off");
}

QString loopLine(const Loop &loop)
{
    const SpanFigures &recent = loop.recentFigures();
    const SeriesFigures &handlers = recent.of(SeriesKind::Handler);
    const SeriesFigures &lateness = recent.of(SeriesKind::TimerLateness);
    const std::uint64_t queue = recent.taskDepthMax + recent.postedDepthMax.value_or(0);
    return line({loop.process().name(), loop.name(), stateOf(loop), Format::percent(recent.utilisation()),
                 durationOf(handlers, handlers.p50), durationOf(handlers, handlers.p99),
                 durationOf(handlers, handlers.max), durationOf(lateness, lateness.p99), Format::count(queue),
                 Format::rate(recent.perSecond(recent.events)), Format::count(loop.stallCount())});
}

QString processLine(const Process &process)
{
    const QString reason = process.reason().isEmpty() ? QString() : QStringLiteral(": ") + process.reason();
    return fitted(QStringLiteral("%1 (pid %2): %3%4")
                      .arg(process.name())
                      .arg(process.processId())
                      .arg(stateText(process.state()), reason),
                  Width, false)
               .trimmed() +
           QLatin1Char('\n');
}

struct ShownStall
{
    const Loop *loop;
    Stall stall;
    bool ongoing;
};

std::vector<ShownStall> latestStalls(const Session &session)
{
    std::vector<ShownStall> all;
    for (const Loop *loop : session.loops()) {
        for (const Stall &stall : loop->stalls())
            all.push_back({loop, stall, false});
        if (loop->ongoingStall())
            all.push_back({loop, *loop->ongoingStall(), true});
    }
    std::stable_sort(all.begin(), all.end(), [](const ShownStall &a, const ShownStall &b) {
        return a.stall.beganMonotonic > b.stall.beganMonotonic;
    });
    all.resize(std::min(all.size(), ShownStalls));
    return all;
}

QString stallLine(const ShownStall &shown)
{
    const QString text = QStringLiteral("  %1  %2%3  %4  %5")
                             .arg(Format::clockTime(shown.stall.began),
                                  Format::duration(shown.stall.duration).rightJustified(7),
                                  shown.ongoing ? QStringLiteral(" so far") : QString(), shown.loop->name(),
                                  stallCulprit(shown.stall));
    return fitted(text, Width, false).trimmed().prepend(QStringLiteral("  ")) + QLatin1Char('\n');
}

/// In lines of at most Width, those after the first one indented.
QString wrapped(const QString &text)
{
    QString result;
    QString current = QStringLiteral("  ");
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (current.size() + 1 + word.size() > Width) {
            result += current + QLatin1Char('\n');
            current = QStringLiteral("   ");
        }
        current += current.trimmed().isEmpty() ? word : QLatin1Char(' ') + word;
    }
    return result + current + QLatin1Char('\n');
}

QString findings(const Session &session)
{
    QString result;
    for (const Loop *loop : session.loops()) {
        for (const Finding &finding : loop->findings())
            result += wrapped(QStringLiteral("%1: %2 %3. %4")
                                  .arg(loop->name(), finding.cause, finding.figure, finding.advice));
    }
    return result;
}

} // namespace

QString textView(const Session &session)
{
    if (session.processes().empty())
        return QStringLiteral("No program publishes its loops. Start one with `flywheel-run ./app`, or with "
                              "FLYWHEEL_TELEMETRY=1\nin its environment if it is built on Flywheel.\n");
    QString result = headerLine();
    for (const auto &process : session.processes()) {
        if (process->loops().empty() || !process->reason().isEmpty())
            result += processLine(*process);
        for (const auto &loop : process->loops())
            result += loopLine(*loop);
    }
    QString stalls;
    for (const ShownStall &shown : latestStalls(session))
        stalls += stallLine(shown);
    if (!stalls.isEmpty())
        result += QStringLiteral("\nLatest stalls\n") + stalls;
    const QString found = findings(session);
    if (!found.isEmpty())
        result += QStringLiteral("\nFindings\n") + found;
    return result;
}

} // namespace Flywheel::Monitor
