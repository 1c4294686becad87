// SPDX-License-Identifier: MIT
#include "loopcells.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Loop", "State", "Busy", "p99", "Queue", "Stalls", "Trend"};
constexpr const char *TitleTips[] = {
    "The program's processes and, below each, its event loops",
    "How each loop does",
    "Utilisation: the share of the last 5 s that the loop did not wait",
    "The time that 99 % of the handlers of the last 5 s did not exceed",
    "Queued tasks and, where they can be counted, posted events: the most in the last 5 s; – where unknown",
    "Stalls since the loop was made",
    "Utilisation of the last minute",
};

bool isNumber(int column)
{
    return column >= LoopsModel::Utilisation && column <= LoopsModel::Stalls;
}

QVariant spark(const Loop &loop)
{
    const auto values = loop.history().recentUtilisation(LoopsModel::TrendSeconds);
    return QVariant::fromValue(QList<qreal>(values.begin(), values.end()));
}

/// Whether anything is known of the last few seconds.
bool isKnown(const Loop &loop)
{
    const SpanFigures &recent = loop.recentFigures();
    return recent.busy + recent.blocked > Duration::zero();
}

QString loopText(const Loop &loop, int column)
{
    const SpanFigures &recent = loop.recentFigures();
    switch (column) {
    case LoopsModel::Name:
        return loop.name();
    case LoopsModel::State:
        return loopStateText(loop);
    case LoopsModel::Utilisation:
        return recent.utilisationText();
    case LoopsModel::HandlerP99:
        return figureText(recent.of(SeriesKind::Handler), recent.of(SeriesKind::Handler).p99);
    case LoopsModel::Queue:
        return queueText(loop);
    case LoopsModel::Stalls:
        return loop.process().isFromJournals() ? Format::none() : Format::count(loop.stallCount());
    default:
        return {};
    }
}

QVariant loopSortValue(const Loop &loop, int column)
{
    const SpanFigures &recent = loop.recentFigures();
    switch (column) {
    case LoopsModel::State:
        return static_cast<int>(loop.health());
    case LoopsModel::Utilisation:
    case LoopsModel::Trend:
        return recent.utilisation();
    case LoopsModel::HandlerP99:
        return static_cast<qint64>(recent.of(SeriesKind::Handler).p99.count());
    case LoopsModel::Queue:
        return static_cast<qlonglong>(loop.queueDepth().value_or(0));
    case LoopsModel::Stalls:
        return static_cast<qulonglong>(loop.stallCount());
    default:
        return loop.name();
    }
}

QString loopTip(const Loop &loop)
{
    QString tip = LoopsModel::tr("%1: mode %2, poller %3")
                      .arg(loop.name(), loop.mode().isEmpty() ? Format::none() : loop.mode(),
                           loop.poller().isEmpty() ? Format::none() : loop.poller());
    if (!loop.healthReason().isEmpty())
        tip += QLatin1Char('\n') + loop.healthReason();
    if (const auto &stall = loop.fatalStall())
        tip += LoopsModel::tr("\nIt was stalled for %1 when it ended: %2")
                   .arg(Format::duration(stall->duration), stallBlame(*stall));
    if (loop.isRunning() && !loop.knowsPostedDepth())
        tip += LoopsModel::tr("\nPosted events that wait cannot be counted: the depth probe is not loaded");
    if (loop.isRunning() && !isKnown(loop))
        tip += LoopsModel::tr("\n–: nothing was measured in the last %1")
                   .arg(Format::interval(Loop::VitalsWindow));
    return Format::literally(tip);
}

QString processTip(const Process &process)
{
    const QString path = QString::fromStdString(process.info().executable);
    QString tip = path.isEmpty() ? process.name() : path;
    if (!process.reason().isEmpty())
        tip += QLatin1Char('\n') + process.reason();
    if (process.silence() > Duration())
        tip += LoopsModel::tr(
            "\nThe program is connected but sends nothing: it was stopped, sits in a debugger, or gets no "
            "processor time");
    return Format::literally(tip);
}

} // namespace

QString stateText(Process::State state)
{
    switch (state) {
    case Process::State::Available:
        return LoopsModel::tr("not attached");
    case Process::State::Connecting:
        return LoopsModel::tr("connecting");
    case Process::State::Attached:
        return LoopsModel::tr("attached");
    case Process::State::Lost:
        return LoopsModel::tr("connection lost");
    case Process::State::Ended:
        return LoopsModel::tr("ended");
    case Process::State::VersionMismatch:
        return LoopsModel::tr("other version");
    case Process::State::Refused:
        return LoopsModel::tr("refused");
    case Process::State::Recorded:
        return LoopsModel::tr("recorded");
    }
    return {};
}

QString stateText(const Process &process)
{
    const Duration silence = process.silence();
    return silence > Duration() ? silenceText(silence) : stateText(process.state());
}

QString silenceText(Duration silence)
{
    const auto whole = std::chrono::floor<std::chrono::seconds>(silence);
    const bool isShort = whole < std::chrono::minutes(1);
    return LoopsModel::tr("silent for %1").arg(isShort ? Format::interval(whole) : Format::duration(whole));
}

QString loopStateText(const Loop &loop)
{
    if (!loop.isRunning())
        return loop.fatalStall() ? LoopsModel::tr("ended stalled") : LoopsModel::tr("ended");
    const Duration silence = loop.process().silence();
    if (silence > Duration())
        return silenceText(silence);
    return loop.isMeasured() ? healthText(loop.health()) : LoopsModel::tr("not measured");
}

QString queueText(const Loop &loop)
{
    const auto depth = loop.queueDepth();
    if (!depth)
        return Format::none();
    const QString text = Format::count(*depth);
    return loop.knowsPostedDepth() ? text : QStringLiteral("≥ ") + text;
}

QString healthText(Health health)
{
    switch (health) {
    case Health::Good:
        return LoopsModel::tr("good");
    case Health::Busy:
        return LoopsModel::tr("busy");
    case Health::Unwell:
        return LoopsModel::tr("unwell");
    }
    return {};
}

QVariant columnAlignment(int column)
{
    const Qt::Alignment side = isNumber(column) ? Qt::AlignRight : Qt::AlignLeft;
    return QVariant::fromValue(Qt::Alignment(side | Qt::AlignVCenter));
}

QVariant processCell(Process &process, int column, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return column == LoopsModel::Name
                   ? LoopsModel::tr("%1  pid %2").arg(process.name()).arg(process.processId())
               : column == LoopsModel::State ? stateText(process)
                                             : QString();
    case SortRole:
        return process.name();
    case Qt::ToolTipRole:
        return processTip(process);
    case ProcessRole:
        return QVariant::fromValue(&process);
    case StateRole:
        return static_cast<int>(process.state());
    case EndedRole:
        return process.state() == Process::State::Ended;
    default:
        return {};
    }
}

QVariant loopCell(Loop &loop, int column, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return loopText(loop, column);
    case SortRole:
        return loopSortValue(loop, column);
    case Qt::ToolTipRole:
        return loopTip(loop);
    case ProcessRole:
        return QVariant::fromValue(&loop.process());
    case LoopRole:
        return QVariant::fromValue(&loop);
    case HealthRole:
        return static_cast<int>(loop.health());
    case SparkRole:
        return spark(loop);
    case StateRole:
        return static_cast<int>(loop.process().state());
    case EndedRole:
        return !loop.isRunning();
    default:
        return {};
    }
}

QVariant columnHeader(int column, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return LoopsModel::tr(Titles[column]);
    case Qt::ToolTipRole:
        return LoopsModel::tr(TitleTips[column]);
    case Qt::TextAlignmentRole:
        return columnAlignment(column);
    default:
        return {};
    }
}

} // namespace Flywheel::Monitor
