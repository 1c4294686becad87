// SPDX-License-Identifier: MIT
#include "loopsmodel.h"

#include "format.h"

#include <algorithm>

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

QVariant alignment(int column)
{
    const Qt::Alignment side = isNumber(column) ? Qt::AlignRight : Qt::AlignLeft;
    return QVariant::fromValue(Qt::Alignment(side | Qt::AlignVCenter));
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

LoopsModel::LoopsModel(Session &session, QObject *parent) : QAbstractItemModel(parent)
{
    for (const auto &process : session.processes())
        m_nodes.push_back(nodeOf(process.get()));
    connect(&session, &Session::processAdded, this, &LoopsModel::addProcess);
    connect(&session, &Session::processAboutToBeRemoved, this, &LoopsModel::removeProcess);
    connect(&session, &Session::loopAdded, this, &LoopsModel::addLoop);
    connect(&session, &Session::stateChanged, this, &LoopsModel::processChanged);
}

std::unique_ptr<LoopsModel::Node> LoopsModel::nodeOf(Process *process)
{
    auto node = std::make_unique<Node>(Node{process, {}});
    for (const auto &loop : process->loops())
        node->loops.push_back(loop.get());
    return node;
}

int LoopsModel::rowOf(const Process *process) const
{
    const auto found = std::find_if(m_nodes.begin(), m_nodes.end(),
                                    [process](const auto &node) { return node->process == process; });
    return found == m_nodes.end() ? -1 : static_cast<int>(found - m_nodes.begin());
}

void LoopsModel::addProcess(Process *process)
{
    const auto row = static_cast<int>(m_nodes.size());
    beginInsertRows({}, row, row);
    m_nodes.push_back(nodeOf(process));
    endInsertRows();
}

void LoopsModel::removeProcess(Process *process)
{
    const int row = rowOf(process);
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_nodes.erase(m_nodes.begin() + row);
    endRemoveRows();
}

void LoopsModel::addLoop(Loop *loop)
{
    const QModelIndex parent = indexOf(&loop->process());
    if (!parent.isValid())
        return;
    auto &loops = m_nodes[static_cast<std::size_t>(parent.row())]->loops;
    const auto row = static_cast<int>(loops.size());
    beginInsertRows(parent, row, row);
    loops.push_back(loop);
    endInsertRows();
}

void LoopsModel::processChanged(Process *process)
{
    const int row = rowOf(process);
    if (row >= 0)
        rowChanged(row);
}

void LoopsModel::rowChanged(int row)
{
    const QModelIndex process = index(row, 0);
    Q_EMIT dataChanged(process, index(row, ColumnCount - 1));
    if (const int loops = rowCount(process))
        Q_EMIT dataChanged(index(0, 0, process), index(loops - 1, ColumnCount - 1, process));
}

void LoopsModel::refresh()
{
    for (int row = 0; row < rowCount(); ++row)
        rowChanged(row);
}

QModelIndex LoopsModel::indexOf(const Process *process) const
{
    const int row = rowOf(process);
    return row < 0 ? QModelIndex() : index(row, 0);
}

QModelIndex LoopsModel::indexOf(const Loop *loop) const
{
    const QModelIndex parent = indexOf(&loop->process());
    if (!parent.isValid())
        return {};
    const auto &loops = m_nodes[static_cast<std::size_t>(parent.row())]->loops;
    const auto found = std::find(loops.begin(), loops.end(), loop);
    return found == loops.end() ? QModelIndex() : index(static_cast<int>(found - loops.begin()), 0, parent);
}

QModelIndex LoopsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column);
    return createIndex(row, column, m_nodes[static_cast<std::size_t>(parent.row())].get());
}

QModelIndex LoopsModel::parent(const QModelIndex &child) const
{
    const auto *const node = static_cast<const Node *>(child.constInternalPointer());
    return node ? indexOf(node->process) : QModelIndex();
}

int LoopsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_nodes.size());
    if (parent.internalPointer() || parent.column() != 0)
        return 0;
    return static_cast<int>(m_nodes[static_cast<std::size_t>(parent.row())]->loops.size());
}

int LoopsModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant LoopsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column());
    const auto row = static_cast<std::size_t>(index.row());
    if (const auto *const node = static_cast<const Node *>(index.constInternalPointer()))
        return loopData(*node->loops[row], index.column(), role);
    return processData(*m_nodes[row]->process, index.column(), role);
}

QVariant LoopsModel::processData(Process &process, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return column == Name    ? tr("%1  pid %2").arg(process.name()).arg(process.processId())
               : column == State ? stateText(process.state())
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

QVariant LoopsModel::loopData(Loop &loop, int column, int role) const
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

QVariant LoopsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return tr(Titles[section]);
    case Qt::ToolTipRole:
        return tr(TitleTips[section]);
    case Qt::TextAlignmentRole:
        return alignment(section);
    default:
        return {};
    }
}

} // namespace Flywheel::Monitor
