// SPDX-License-Identifier: MIT
#include "stallsmodel.h"

#include "format.h"
#include "process.h"
#include "stallspan.h"

#include <algorithm>
#include <tuple>

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Began", "Lasted", "Loop", "Kind", "Receiver", "Id"};

} // namespace

StallsModel::StallsModel(QObject *parent) : LoopTableModel(Titles, parent)
{
    static_assert(std::size(Titles) == ColumnCount);
}

/// Ongoing ones first, then the newest; the loop decides between those that began together.
bool StallsModel::isBefore(const Row &a, const Row &b)
{
    const auto order = [](const Row &row) {
        return std::tuple(!row.ongoing, -row.stall.beganMonotonic.count(), row.processId, row.loopId,
                          row.stall.number);
    };
    return order(a) < order(b);
}

std::vector<StallsModel::Row> StallsModel::currentRows() const
{
    std::vector<Row> rows;
    for (Loop *loop : loops()) {
        const Row common{loop, loop->process().processId(), loop->id(), nameOf(*loop), {}, false, false};
        const auto add = [&](const Stall &stall, bool ongoing) {
            if (span() && !span()->overlaps(spanOf(stall)))
                return;
            Row &row = rows.emplace_back(common);
            row.stall = stall;
            row.ongoing = ongoing;
            row.fatal = loop->isFatal(stall);
        };
        for (const Stall &stall : loop->stalls())
            add(stall, false);
        if (loop->ongoingStall())
            add(*loop->ongoingStall(), true);
    }
    std::sort(rows.begin(), rows.end(), isBefore);
    return rows;
}

bool StallsModel::isSame(const Row &a, const Row &b)
{
    return a.loop == b.loop && a.stall.number == b.stall.number;
}

/// A stall that has ended leaves the top, and stays selected.
void StallsModel::noteEnds(const std::vector<Row> &next)
{
    std::vector<Row> ended;
    for (const Row &row : m_rows) {
        if (!row.ongoing)
            continue;
        const auto found =
            std::find_if(next.begin(), next.end(), [&](const Row &other) { return isSame(row, other); });
        if (found != next.end() && !found->ongoing)
            ended.push_back(*found);
    }
    for (Row &row : ended) {
        const auto found =
            std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &other) { return isSame(row, other); });
        *found = std::move(row);
        moveRow(std::size_t(found - m_rows.begin()));
    }
}

/// To where it belongs, down from the top.
void StallsModel::moveRow(std::size_t from)
{
    std::size_t to = from + 1;
    while (to < m_rows.size() && isBefore(m_rows[to], m_rows[from]))
        ++to;
    if (to == from + 1)
        return;
    beginMoveRows({}, int(from), int(from), {}, int(to));
    const auto row = m_rows.begin() + std::ptrdiff_t(from);
    std::rotate(row, row + 1, m_rows.begin() + std::ptrdiff_t(to));
    endMoveRows();
}

/// Both sequences are sorted, so one walk through them finds what has gone and what has come.
void StallsModel::refresh()
{
    std::vector<Row> next = currentRows();
    noteEnds(next);
    std::size_t at = 0;
    for (Row &row : next) {
        while (at < m_rows.size() && isBefore(m_rows[at], row))
            removeRow(at);
        if (at < m_rows.size() && !isBefore(row, m_rows[at])) {
            m_rows[at] = std::move(row);
        } else {
            const auto place = static_cast<int>(at);
            beginInsertRows({}, place, place);
            m_rows.insert(m_rows.begin() + place, std::move(row));
            endInsertRows();
        }
        ++at;
    }
    while (at < m_rows.size())
        removeRow(at);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void StallsModel::removeRow(std::size_t row)
{
    const auto place = static_cast<int>(row);
    beginRemoveRows({}, place, place);
    m_rows.erase(m_rows.begin() + place);
    endRemoveRows();
}

const Stall *StallsModel::stallAt(const QModelIndex &index) const
{
    const auto row = static_cast<std::size_t>(index.row());
    return index.isValid() && row < m_rows.size() ? &m_rows[row].stall : nullptr;
}

int StallsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString StallsModel::text(std::size_t row, int column) const
{
    const Stall &stall = m_rows[row].stall;
    switch (column) {
    case Began:
        return Format::clockTime(stall.began);
    case Lasted:
        // The number alone: where it does not fit, words would be what is left of it. The tooltip has them.
        return m_rows[row].ongoing || m_rows[row].fatal
                   ? QStringLiteral("≥ ") + Format::duration(stall.duration)
                   : Format::duration(stall.duration);
    case LoopName:
        return m_rows[row].loopName;
    case Kind:
        return stall.wholePass ? tr("pass, mostly %1").arg(Format::handlerKind(stall.kind))
                               : Format::handlerKind(stall.kind);
    case Receiver:
        return stallReceiver(stall);
    case Id:
        return Format::handlerId(stall.kind, stall.id);
    default:
        return {};
    }
}

QVariant StallsModel::sortValue(std::size_t row, int column) const
{
    const Stall &stall = m_rows[row].stall;
    switch (column) {
    case Began:
        return static_cast<qint64>(stall.beganMonotonic.count());
    case Lasted:
        return static_cast<qint64>(stall.duration.count());
    case Id:
        return static_cast<qint64>(stall.id);
    default:
        return text(row, column);
    }
}

bool StallsModel::isNumber(int column) const
{
    return column == Began || column == Lasted;
}

QVariant StallsModel::detail(std::size_t row, int role) const
{
    const Row &at = m_rows[row];
    switch (role) {
    case TextRole:
        return at.loop ? stallReport(*at.loop, at.stall, at.ongoing) : stallCulprit(at.stall);
    case Qt::ToolTipRole:
        return Format::literally(detail(row, TextRole).toString());
    case LoopRole:
        return QVariant::fromValue(at.loop.data());
    case BeginRole:
        return static_cast<qint64>(at.stall.beganMonotonic.count());
    case DurationRole:
        return static_cast<qint64>(at.stall.duration.count());
    case OngoingRole:
        return at.ongoing;
    default:
        return {};
    }
}

} // namespace Flywheel::Monitor
