// SPDX-License-Identifier: MIT
#include "culprits.h"

#include "format.h"

#include <map>
#include <tuple>

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Who", "Loop", "Kind", "Stalls", "Total", "Worst", "Last"};

void add(Culprit &culprit, const Stall &stall, bool ongoing)
{
    ++culprit.count;
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
        if (span && !span->overlaps({stall.beganMonotonic, stall.beganMonotonic + stall.duration}))
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
    for (auto &[key, culprit] : found)
        result.push_back(std::move(culprit));
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
        next.push_back({culprit.loop, name, std::move(culprit)});
    }
    replaceRows(m_rows, std::move(next), sameRow);
}

int CulpritsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
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
    case FindingSubjectRole:
        return QString::fromStdString(culprit.last.className);
    default:
        return {};
    }
}

} // namespace Flywheel::Monitor
