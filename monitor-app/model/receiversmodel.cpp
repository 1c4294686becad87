// SPDX-License-Identifier: MIT
#include "receiversmodel.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Class", "Loop", "Kind", "Runs", "Total", "Maximum", "Share of loop"};

/// With the time that each figure is of; short, since the columns are.
constexpr const char *LiveTitles[] = {"Class",      "Loop",     "Kind",       "Rate, 10 s",
                                      "Total, all", "Max, all", "Share, 10 s"};
static_assert(TableHistory::Recent == std::chrono::seconds(10));

/// The kind of a row that sums up what others had to make room for means nothing.
bool hasKind(const ReceiverRow &receiver)
{
    return receiver.className != QLatin1String("(others)");
}

} // namespace

ReceiversModel::ReceiversModel(QObject *parent) : LoopTableModel(Titles, parent)
{
    static_assert(std::size(Titles) == ColumnCount);
}

bool ReceiversModel::sameRow(const Row &a, const Row &b)
{
    return a.loop == b.loop && a.receiver.kind == b.receiver.kind &&
           a.receiver.className == b.receiver.className;
}

void ReceiversModel::refresh()
{
    std::vector<Row> next;
    for (Loop *loop : loops()) {
        for (ReceiverRow &receiver : loop->tables().receivers(span()))
            next.push_back({loop, nameOf(*loop), std::move(receiver)});
    }
    replaceRows(m_rows, std::move(next), sameRow);
}

int ReceiversModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString ReceiversModel::text(std::size_t row, int column) const
{
    const ReceiverRow &receiver = m_rows[row].receiver;
    const RowKnowledge &known = receiver.known;
    switch (column) {
    case ClassName:
        return receiver.className;
    case LoopName:
        return m_rows[row].loopName;
    case Kind:
        return hasKind(receiver) ? Format::handlerKind(receiver.kind) : Format::none();
    case RunsPerSecond:
        return known.rate ? Format::atLeast(Format::rate(receiver.perSecond), known.rateIsLeast)
                          : Format::none();
    case Total:
        return Format::atLeast(Format::duration(receiver.total),
                               span() ? known.rateIsLeast : known.totalIsLeast);
    case Max:
        return receiver.maxIsBound
                   ? Format::longest(receiver.max, true)
                   : Format::atLeast(Format::duration(receiver.max), !span() && known.totalIsLeast);
    case Share:
        return known.rate ? Format::atLeast(Format::percent(receiver.share), known.rateIsLeast)
                          : Format::none();
    default:
        return {};
    }
}

QVariant ReceiversModel::sortValue(std::size_t row, int column) const
{
    const ReceiverRow &receiver = m_rows[row].receiver;
    switch (column) {
    case RunsPerSecond:
        return receiver.known.rate ? receiver.perSecond : -1;
    case Total:
        return static_cast<qint64>(receiver.total.count());
    case Max:
        return static_cast<qint64>(receiver.max.count());
    case Share:
        return receiver.known.rate ? receiver.share : -1;
    default:
        return text(row, column);
    }
}

bool ReceiversModel::isNumber(int column) const
{
    return column >= RunsPerSecond;
}

QString ReceiversModel::title(int column) const
{
    return span() ? LoopTableModel::title(column) : tr(LiveTitles[column]);
}

QString ReceiversModel::titleTip(int column) const
{
    if (!isNumber(column))
        return {};
    if (span())
        return tr("%1 in the selected span").arg(tr(Titles[column]));
    const bool isRecent = column == RunsPerSecond || column == Share;
    return isRecent ? tr("%1: mean of the last 10 s").arg(tr(Titles[column]))
                    : tr("%1 since the loop was made").arg(tr(Titles[column]));
}

QVariant ReceiversModel::detail(std::size_t row, int role) const
{
    if (role != Qt::ToolTipRole)
        return {};
    const ReceiverRow &receiver = m_rows[row].receiver;
    const bool isLeast = span() ? receiver.known.rateIsLeast : receiver.known.totalIsLeast;
    return tr("%1 handlers run").arg(Format::atLeast(Format::count(receiver.count), isLeast)) +
           knowledgeTip(receiver.known);
}

} // namespace Flywheel::Monitor
