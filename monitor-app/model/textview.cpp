// SPDX-License-Identifier: MIT
#include "textview.h"

#include "format.h"
#include "loopsmodel.h"
#include "session.h"
#include "verdict.h"

#include <algorithm>
#include <tuple>

namespace Flywheel::Monitor {

namespace {

constexpr int NarrowestText = 40;
constexpr int ProcessWidth = 14;
constexpr int LoopWidth = 13;
constexpr int ShownStalls = 5;
/// What stands around loops, stalls and findings: verdict, headings, empty lines, the table's head.
constexpr int FrameLines = 8;

struct Column
{
    const char *title;
    int width;
    int from; ///< left out where there are fewer columns
    QString (*text)(const Loop &loop, const SpanFigures &recent);
};

QString handler(const SpanFigures &recent, Duration SeriesFigures::*figure)
{
    const SeriesFigures &handlers = recent.of(SeriesKind::Handler);
    return figureText(handlers, handlers.*figure);
}

QString busyText(const Loop &, const SpanFigures &recent)
{
    return recent.utilisationText();
}

QString latenessText(const Loop &, const SpanFigures &recent)
{
    const SeriesFigures &lateness = recent.of(SeriesKind::TimerLateness);
    return figureText(lateness, lateness.p99);
}

constexpr Column Columns[] = {
    {"STATE", 6, 0, [](const Loop &loop, const SpanFigures &) { return loopStateText(loop); }},
    {"BUSY", 5, 0, busyText},
    {"p50", 7, 100,
     [](const Loop &, const SpanFigures &recent) { return handler(recent, &SeriesFigures::p50); }},
    {"p99", 7, 60,
     [](const Loop &, const SpanFigures &recent) { return handler(recent, &SeriesFigures::p99); }},
    {"MAX", 7, 0,
     [](const Loop &, const SpanFigures &recent) { return handler(recent, &SeriesFigures::max); }},
    {"LATE p99", 8, 100, latenessText},
    {"QUEUE", 6, 76, [](const Loop &loop, const SpanFigures &) { return queueText(loop); }},
    {"EVENTS", 8, 68, [](const Loop &, const SpanFigures &recent) { return recent.rateText(recent.events); }},
    {"STALLS", 6, 0, [](const Loop &loop, const SpanFigures &) { return Format::count(loop.stallCount()); }},
};

QString cut(const QString &text, int width)
{
    return text.size() > width ? text.left(width - 1) + QChar(0x2026) : text;
}

QString trimmedRight(QString text)
{
    while (text.endsWith(QLatin1Char(' ')))
        text.chop(1);
    return text;
}

bool isSilent(const Loop &loop)
{
    return loop.isRunning() && loop.process().silence() > Duration();
}

/// Worse ones first.
auto gravity(const Loop &loop)
{
    const bool isStalled = loop.ongoingStall() || loop.fatalStall();
    return std::tuple(isStalled || isSilent(loop), loop.isRunning(), loop.health(),
                      loop.stallCount() > 0 ? loop.stalls().size() : 0, loop.recentFigures().utilisation());
}

std::vector<Loop *> worstFirst(const Session &session)
{
    std::vector<Loop *> loops = session.loops();
    std::stable_sort(loops.begin(), loops.end(),
                     [](const Loop *a, const Loop *b) { return gravity(*a) > gravity(*b); });
    return loops;
}

/// Writes the text, section by section.
class Text
{
public:
    Text(const Session &session, const TextLayout &layout)
        : m_session(session)
        , m_columns(std::max(layout.columns, NarrowestText))
        , m_isAll(layout.all)
        , m_room(layout.all || layout.rows <= 0 ? std::numeric_limits<int>::max()
                                                : std::max(layout.rows - FrameLines, 3))
    {
    }

    QString write()
    {
        line(verdictOf(m_session).text);
        loops();
        processes();
        stalls();
        findings();
        return m_text;
    }

private:
    void loops();
    void processes();
    void stalls();
    void findings();
    void line(const QString &text) { m_text += trimmedRight(cut(text, m_columns)) + QLatin1Char('\n'); }
    void heading(const QString &text)
    {
        m_text += QLatin1Char('\n') + cut(text, m_columns) + QLatin1Char('\n');
    }
    void more(std::size_t left, const char *what);
    /// How many of \a count lines fit; one line is kept for more().
    std::size_t fitting(std::size_t count, int most);
    QString row(const QString &process, const QString &loop, const QStringList &cells) const;
    QStringList wrapped(const QString &text) const;
    QString nameOf(const Process &process) const;
    std::pair<int, int> nameWidths() const;

    const Session &m_session;
    const int m_columns;
    const bool m_isAll;
    int m_room; ///< lines that are left for loops, stalls and findings
    QString m_text;
};

std::size_t Text::fitting(std::size_t count, int most)
{
    const int room = m_isAll ? m_room : std::clamp(m_room, 0, most);
    const std::size_t shown =
        count <= static_cast<std::size_t>(room) ? count : static_cast<std::size_t>(std::max(room - 1, 1));
    m_room -= static_cast<int>(std::min<std::size_t>(shown + (shown < count), 100'000));
    return shown;
}

void Text::more(std::size_t left, const char *what)
{
    if (left > 0)
        line(QStringLiteral("  and %1 more %2; --all shows them").arg(left).arg(QLatin1String(what)));
}

std::pair<int, int> Text::nameWidths() const
{
    int names = m_columns - 1;
    for (const Column &column : Columns)
        names -= m_columns >= column.from ? column.width + 1 : 0;
    qsizetype longest = ProcessWidth;
    for (const auto &process : m_session.processes())
        longest = std::max(longest, nameOf(*process).size());
    const int process = std::min(static_cast<int>(std::min<qsizetype>(longest, m_columns)),
                                 std::max(names - LoopWidth, names / 2));
    return {process, names - process};
}

QString Text::nameOf(const Process &process) const
{
    std::vector<const Process *> all;
    for (const auto &other : m_session.processes()) {
        if (!other->loops().empty())
            all.push_back(other.get());
    }
    return distinctName(process, all);
}

QString Text::row(const QString &process, const QString &loop, const QStringList &cells) const
{
    const auto [processWidth, loopWidth] = nameWidths();
    QString result = cut(process, processWidth).leftJustified(processWidth) + QLatin1Char(' ') +
                     cut(loop, loopWidth).leftJustified(loopWidth);
    for (qsizetype i = 0; i < cells.size(); ++i) {
        const Column &column = Columns[i];
        if (m_columns < column.from)
            continue;
        const QString cell = cut(cells[i], column.width);
        result += QLatin1Char(' ') +
                  (i == 0 ? cell.leftJustified(column.width) : cell.rightJustified(column.width));
    }
    return result;
}

void Text::loops()
{
    const std::vector<Loop *> all = worstFirst(m_session);
    if (all.empty())
        return;
    heading(QStringLiteral("Loops, in the last %1; stalls since each was made")
                .arg(Format::interval(Loop::VitalsWindow)));
    QStringList titles;
    for (const Column &column : Columns)
        titles.push_back(QLatin1String(column.title));
    line(row(QStringLiteral("PROCESS"), QStringLiteral("LOOP"), titles));
    const std::size_t shown = fitting(all.size(), std::max(m_room / 2, 3));
    for (std::size_t i = 0; i < shown; ++i) {
        QStringList cells;
        for (const Column &column : Columns)
            cells.push_back(column.text(*all[i], all[i]->recentFigures()));
        line(row(nameOf(all[i]->process()), all[i]->name(), cells));
    }
    more(all.size() - shown, "loops");
}

/// Those of which more is to be said than their loops tell.
void Text::processes()
{
    for (const auto &process : m_session.processes()) {
        const bool isSilent = process->silence() > Duration();
        if (!process->loops().empty() && process->reason().isEmpty() && !isSilent)
            continue;
        const QString reason =
            process->reason().isEmpty() ? QString() : QStringLiteral(": ") + process->reason();
        line(QStringLiteral("%1 (pid %2): %3%4")
                 .arg(process->name())
                 .arg(process->processId())
                 .arg(stateText(*process), reason));
        --m_room;
    }
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
    return all;
}

QString stallLine(const ShownStall &shown)
{
    const char *const end = shown.ongoing                      ? " so far"
                            : shown.loop->isFatal(shown.stall) ? " until its end"
                                                               : "";
    return QStringLiteral("  %1  %2%3  %4  %5")
        .arg(Format::clockTime(shown.stall.began), Format::duration(shown.stall.duration).rightJustified(7),
             QLatin1String(end), shown.loop->name(), stallCulprit(shown.stall));
}

void Text::stalls()
{
    const std::vector<ShownStall> all = latestStalls(m_session);
    if (all.empty())
        return;
    heading(QStringLiteral("Latest stalls"));
    const std::size_t shown = fitting(all.size(), ShownStalls + 1);
    for (std::size_t i = 0; i < shown; ++i)
        line(stallLine(all[i]));
    more(all.size() - shown, "stalls");
}

/// In lines that fit, those after the first one indented.
QStringList Text::wrapped(const QString &text) const
{
    QStringList result;
    QString current = QStringLiteral("  ");
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (current.size() + 1 + word.size() > m_columns) {
            result.push_back(current);
            current = QStringLiteral("   ");
        }
        current += current.trimmed().isEmpty() ? word : QLatin1Char(' ') + word;
    }
    result.push_back(current);
    return result;
}

void Text::findings()
{
    std::vector<QStringList> all;
    for (const Loop *loop : worstFirst(m_session)) {
        for (const Finding &finding : loop->findings())
            all.push_back(wrapped(QStringLiteral("%1: %2 %3. %4")
                                      .arg(loop->name(), finding.cause, finding.figure, finding.advice)));
    }
    if (all.empty())
        return;
    heading(QStringLiteral("Findings, in the last %1").arg(Format::interval(Loop::FindingsWindow)));
    std::size_t shown = 0;
    for (; shown < all.size() && (shown == 0 || all[shown].size() < m_room); ++shown) {
        for (const QString &text : all[shown])
            line(text);
        m_room -= static_cast<int>(all[shown].size());
    }
    more(all.size() - shown, "findings");
}

} // namespace

QString textView(const Session &session, const TextLayout &layout)
{
    if (session.processes().empty()) {
        const QString awaited = Format::plain(session.awaited().join(QStringLiteral(", ")));
        return (awaited.isEmpty() ? QString() : QStringLiteral("Waiting for %1.\n").arg(awaited)) +
               QStringLiteral("No program publishes its loops. Start one with `flywheel-run ./app`, or with\n"
                              "FLYWHEEL_TELEMETRY=1 in its environment if it is built on Flywheel.\n");
    }
    return Text(session, layout).write();
}

} // namespace Flywheel::Monitor
