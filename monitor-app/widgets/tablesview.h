// SPDX-License-Identifier: MIT
#pragma once

#include "model/culprits.h"
#include "model/findings.h"
#include "model/findingsmodel.h"
#include "model/receiversmodel.h"
#include "model/stallsmodel.h"
#include "model/timersmodel.h"

#include <QtCore/qlist.h>
#include <QtWidgets/qtabwidget.h>

#include <array>
#include <initializer_list>
#include <optional>
#include <utility>

QT_BEGIN_NAMESPACE
class QLineEdit;
class QSortFilterProxyModel;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

class StackView;
class TableView;

/// The tables of the selected loops and span, as tabs, with one filter for all.
class TablesView : public QTabWidget
{
    Q_OBJECT
public:
    enum Table { Stalls, Timers, Receivers, Findings, Culprits, TableCount };

    explicit TablesView(QWidget *parent = nullptr);

    void setLoops(const QList<Loop *> &loops);
    const QList<Loop *> &loops() const { return m_loops; }
    void setSpan(const std::optional<TimeSpan> &span);
    void refresh();
    /// Brings a table to the front and gives it the keyboard.
    void showTable(Table table);
    void showTable(Table table, const QString &filter);
    /// Selects the stall that began nearest to \a time.
    void selectStallAt(Time time);
    void focusFilter();
    TableView *view(Table table) const { return m_views[table]; }
    QLineEdit *filter() const { return m_filter; }
    StackView *stack() const { return m_stack; }
    /// What the keyboard's copy takes: the selected rows, or nothing.
    QString selectedText() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

Q_SIGNALS:
    void stallSelected(Flywheel::Monitor::Loop *loop, const Flywheel::Monitor::TimeSpan &span);
    void findingActivated(Flywheel::Monitor::Finding::View view, const QString &subject,
                          Flywheel::Monitor::Loop *loop);
    /// How many there are now.
    void findingsCounted(int count);

private:
    /// By column.
    using ShortTitles = std::initializer_list<std::pair<int, QString>>;

    void addTable(Table table, const QString &name, const QString &toolTip, const QString &empty,
                  const ShortTitles &shortTitles = {});
    QWidget *besideStack(QWidget *stalls);
    void showStack();
    void tellStall(const QModelIndex &index);
    void tellFinding(const QModelIndex &index);
    /// The single stalls of one culprit.
    void unfoldCulprit(const QModelIndex &index);
    void showCounts();
    void fitFilter();
    LoopTableModel *model(Table table) const { return m_models[table]; }

    QList<Loop *> m_loops;
    StallsModel m_stalls;
    TimersModel m_timers;
    ReceiversModel m_receivers;
    FindingsModel m_findings;
    CulpritsModel m_culprits;
    std::array<LoopTableModel *, TableCount> m_models;
    std::array<TableView *, TableCount> m_views{};
    std::array<QSortFilterProxyModel *, TableCount> m_proxies{};
    QLineEdit *m_filter;
    StackView *m_stack;
    std::optional<bool> m_isNarrow;
};

} // namespace Flywheel::Monitor
