// SPDX-License-Identifier: MIT
#include "culprits.h"

#include "format.h"
#include "stallspan.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Who", "Loop", "Kind", "Stalls", "Total", "Worst", "Last"};

constexpr quintptr OfCulprit = 0; ///< the internal id of a culprit's index; that of a stall is Row::serial

void add(Culprit &culprit, const Stall &stall, bool ongoing)
{
    ++culprit.count;
    culprit.stalls.push_back(&stall);
    culprit.total = saturatedSum(culprit.total, stall.duration);
    if (culprit.count == 1 || stall.duration > culprit.worst.duration)
        culprit.worst = stall;
    if (culprit.count == 1 || stall.beganMonotonic >= culprit.last.beganMonotonic) {
        culprit.last = stall;
        culprit.ongoing = ongoing;
    }
}

void addLoop(std::vector<Culprit> &result, Loop &loop, const std::optional<TimeSpan> &span)
{
    std::map<std::tuple<QString, HandlerKind>, Culprit> found;
    const auto take = [&](const Stall &stall, bool ongoing) {
        if (span && !span->overlaps(spanOf(stall)))
            return;
        const QString who = stallBlame(stall);
        Culprit &culprit = found[{who, stall.kind}];
        culprit.loop = &loop;
        culprit.who = who;
        culprit.kind = stall.kind;
        add(culprit, stall, ongoing);
    };
    for (const Stall &stall : loop.stalls())
        take(stall, false);
    if (loop.ongoingStall())
        take(*loop.ongoingStall(), true);
    for (auto &[key, culprit] : found) {
        std::reverse(culprit.stalls.begin(), culprit.stalls.end());
        result.push_back(std::move(culprit));
    }
}

} // namespace

std::vector<Culprit> culpritsOf(const QList<Loop *> &loops, const std::optional<TimeSpan> &span)
{
    std::vector<Culprit> result;
    for (Loop *loop : loops)
        addLoop(result, *loop, span);
    std::stable_sort(result.begin(), result.end(),
                     [](const Culprit &a, const Culprit &b) { return a.total > b.total; });
    return result;
}

CulpritsModel::CulpritsModel(QObject *parent) : LoopTableModel(Titles, parent)
{
    static_assert(std::size(Titles) == ColumnCount);
}

bool CulpritsModel::sameRow(const Row &a, const Row &b)
{
    return a.loop == b.loop && a.culprit.kind == b.culprit.kind && a.culprit.who == b.culprit.who;
}

void CulpritsModel::refresh()
{
    std::vector<Row> next;
    for (Culprit &culprit : culpritsOf(loops(), span())) {
        const QString name = nameOf(*culprit.loop);
        next.push_back({++m_lastSerial, culprit.loop, name, std::move(culprit), {}});
    }
    replaceRows(m_rows, std::move(next), sameRow, [](Row &row, Row &&fresh) {
        row.loopName = std::move(fresh.loopName);
        row.culprit = std::move(fresh.culprit);
    });
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        renewStalls(m_rows[i], index(int(i), 0));
}

/// Both sequences are sorted. A stall that has ended does not change any more, and has stacks: it is copied
/// once.
void CulpritsModel::renewStalls(Row &row, const QModelIndex &parent)
{
    std::size_t at = 0;
    for (const Stall *const stall : std::exchange(row.culprit.stalls, {})) {
        const bool ongoing = row.culprit.ongoing && stall->number == row.culprit.last.number;
        while (at < row.stalls.size() && row.stalls[at].stall.number > stall->number)
            removeStall(row, at, parent);
        if (at == row.stalls.size() || row.stalls[at].stall.number < stall->number) {
            beginInsertRows(parent, int(at), int(at));
            row.stalls.insert(row.stalls.begin() + std::ptrdiff_t(at), {*stall, ongoing});
            endInsertRows();
        } else if (row.stalls[at].ongoing || row.stalls[at].stall.beganMonotonic != stall->beganMonotonic) {
            row.stalls[at] = {*stall, ongoing};
            Q_EMIT dataChanged(index(int(at), 0, parent), index(int(at), ColumnCount - 1, parent));
        }
        ++at;
    }
    while (at < row.stalls.size())
        removeStall(row, at, parent);
}

void CulpritsModel::removeStall(Row &row, std::size_t at, const QModelIndex &parent)
{
    beginRemoveRows(parent, int(at), int(at));
    row.stalls.erase(row.stalls.begin() + std::ptrdiff_t(at));
    endRemoveRows();
}

const CulpritsModel::Row *CulpritsModel::rowOf(const QModelIndex &stall) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const Row &row) { return row.serial == stall.internalId(); });
    return found == m_rows.end() ? nullptr : &*found;
}

const Stall *CulpritsModel::stallAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const auto at = std::size_t(index.row());
    if (index.internalId() == OfCulprit)
        return at < m_rows.size() ? &m_rows[at].culprit.worst : nullptr;
    const Row *const row = rowOf(index);
    return row && at < row->stalls.size() ? &row->stalls[at].stall : nullptr;
}

QModelIndex CulpritsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? m_rows[std::size_t(parent.row())].serial : OfCulprit);
}

QModelIndex CulpritsModel::parent(const QModelIndex &index) const
{
    const Row *const row = index.isValid() && index.internalId() != OfCulprit ? rowOf(index) : nullptr;
    return row ? createIndex(int(row - m_rows.data()), 0, OfCulprit) : QModelIndex();
}

int CulpritsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_rows.size());
    const bool isCulprit = parent.internalId() == OfCulprit && parent.column() == 0;
    return isCulprit ? int(m_rows[std::size_t(parent.row())].stalls.size()) : 0;
}

QVariant CulpritsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.internalId() == OfCulprit || role == Qt::TextAlignmentRole)
        return LoopTableModel::data(index, role);
    const Row *const row = rowOf(index);
    const SingleStall &single = row->stalls[std::size_t(index.row())];
    if (role == Qt::DisplayRole)
        return stallText(*row, single, index.column());
    if (role != SortRole)
        return stallDetail(*row, single, role);
    const bool byLength = index.column() == Total || index.column() == Worst;
    return qint64((byLength ? single.stall.duration : single.stall.beganMonotonic).count());
}

QString CulpritsModel::stallText(const Row &row, const SingleStall &single, int column) const
{
    const Stall &stall = single.stall;
    const QString id = Format::handlerId(stall.kind, stall.id);
    switch (column) {
    case Who:
        return single.ongoing ? tr("%1, goes on").arg(Format::clockTime(stall.began))
                              : Format::clockTime(stall.began);
    case Kind:
        return id.isEmpty() ? Format::handlerKind(stall.kind) : id;
    case Total:
        return Format::atLeast(Format::duration(stall.duration),
                               single.ongoing || (row.loop && row.loop->isFatal(stall)));
    default:
        return {};
    }
}

QVariant CulpritsModel::stallDetail(const Row &row, const SingleStall &single, int role) const
{
    switch (role) {
    case TextRole:
        return row.loop ? stallReport(*row.loop, single.stall, single.ongoing) : stallCulprit(single.stall);
    case Qt::ToolTipRole:
        return Format::literally(stallDetail(row, single, TextRole).toString());
    case LoopRole:
        return QVariant::fromValue(row.loop.data());
    case BeginRole:
        return qint64(single.stall.beganMonotonic.count());
    case DurationRole:
        return qint64(single.stall.duration.count());
    case OngoingRole:
        return single.ongoing;
    default:
        return {};
    }
}

QString CulpritsModel::text(std::size_t row, int column) const
{
    const Culprit &culprit = m_rows[row].culprit;
    switch (column) {
    case Who:
        return culprit.who;
    case LoopName:
        return m_rows[row].loopName;
    case Kind:
        return Format::handlerKind(culprit.kind);
    case Count:
        return Format::count(culprit.count);
    case Total:
        return Format::duration(culprit.total);
    case Worst:
        return Format::duration(culprit.worst.duration);
    case Last:
        return culprit.ongoing ? tr("goes on") : Format::clockTime(culprit.last.began);
    default:
        return {};
    }
}

QVariant CulpritsModel::sortValue(std::size_t row, int column) const
{
    const Culprit &culprit = m_rows[row].culprit;
    switch (column) {
    case Count:
        return static_cast<qulonglong>(culprit.count);
    case Total:
        return static_cast<qint64>(culprit.total.count());
    case Worst:
        return static_cast<qint64>(culprit.worst.duration.count());
    case Last:
        return static_cast<qint64>(culprit.last.beganMonotonic.count());
    default:
        return text(row, column);
    }
}

bool CulpritsModel::isNumber(int column) const
{
    return column >= Count;
}

QVariant CulpritsModel::detail(std::size_t row, int role) const
{
    const Culprit &culprit = m_rows[row].culprit;
    switch (role) {
    case TextRole:
        return tr("%1: %2 stalls of %3, %4 in all, the worst %5")
            .arg(m_rows[row].loopName, Format::count(culprit.count), culprit.who,
                 Format::duration(culprit.total), Format::duration(culprit.worst.duration));
    case LoopRole:
        return QVariant::fromValue(m_rows[row].loop.data());
    case BeginRole:
        return static_cast<qint64>(culprit.worst.beganMonotonic.count());
    case DurationRole:
        return static_cast<qint64>(culprit.worst.duration.count());
    case OngoingRole:
        return culprit.ongoing;
    default:
        return {};
    }
}

} // namespace Flywheel::Monitor
