// SPDX-License-Identifier: MIT
#include "loopsmodel.h"

#include "loopcells.h"

#include <algorithm>

namespace Flywheel::Monitor {

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
    const auto row = loop->isMain() ? 0 : static_cast<int>(loops.size());
    beginInsertRows(parent, row, row);
    loops.insert(loops.begin() + row, loop);
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
        return columnAlignment(index.column());
    const auto row = static_cast<std::size_t>(index.row());
    if (const auto *const node = static_cast<const Node *>(index.constInternalPointer()))
        return loopCell(*node->loops[row], index.column(), role);
    return processCell(*m_nodes[row]->process, index.column(), role);
}

QVariant LoopsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    return columnHeader(section, role);
}

} // namespace Flywheel::Monitor
