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
    "Queued tasks and, where they can be counted, posted events: the most in the last 5 s",
    "Stalls since the loop was made",
    "Utilisation of the last minute",
};

bool isNumber(int column)
{
    return column >= LoopsModel::Utilisation && column <= LoopsModel::Stalls;
}

std::uint64_t queueOf(const SpanFigures &figures)
{
    return std::uint64_t(figures.taskDepthMax) + figures.postedDepthMax.value_or(0);
}

QVariant spark(const Loop &loop)
{
    const auto values = loop.history().recentUtilisation(LoopsModel::TrendSeconds);
    return QVariant::fromValue(QList<qreal>(values.begin(), values.end()));
}

QString loopState(const Loop &loop)
{
    if (!loop.isRunning())
        return LoopsModel::tr("ended");
    return loop.isMeasured() ? healthText(loop.health()) : LoopsModel::tr("not measured");
}

QString loopText(const Loop &loop, int column)
{
    const SpanFigures &recent = loop.recentFigures();
    switch (column) {
    case LoopsModel::Name:
        return loop.name();
    case LoopsModel::State:
        return loopState(loop);
    case LoopsModel::Utilisation:
        return Format::percent(recent.utilisation());
    case LoopsModel::HandlerP99:
        return recent.of(SeriesKind::Handler).count ? Format::duration(recent.of(SeriesKind::Handler).p99)
                                                    : Format::none();
    case LoopsModel::Queue:
        return Format::count(queueOf(recent));
    case LoopsModel::Stalls:
        return Format::count(loop.stallCount());
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
        return static_cast<qulonglong>(queueOf(recent));
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
    return tip;
}

QString processTip(const Process &process)
{
    const QString path = QString::fromStdString(process.info().executable);
    const QString tip = path.isEmpty() ? process.name() : path;
    return process.reason().isEmpty() ? tip : tip + QLatin1Char('\n') + process.reason();
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
               : column == LoopsModel::State ? stateText(process.state())
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
