// SPDX-License-Identifier: MIT
#pragma once

#include "model/codenames.h"
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
class QAbstractItemView;
class QHeaderView;
class QLineEdit;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

class FlameView;
class StackView;
class TableProxy;
class TableView;
class TreeView;

/// The tables of the selected loops and span, and the flame graph of their stalls, as tabs, with one filter
/// for all.
class TablesView : public QTabWidget
{
    Q_OBJECT
public:
    enum Table { Stalls, Timers, Receivers, Findings, Culprits, Flames };

    explicit TablesView(QWidget *parent = nullptr);

    void setLoops(const QList<Loop *> &loops);
    const QList<Loop *> &loops() const { return m_loops; }
    void setSpan(const std::optional<TimeSpan> &span);
    void refresh();
    /// Brings a table to the front and gives it the keyboard.
    void showTable(Table table);
    void showTable(Table table, const QString &filter);
    /// Selects the stall that began nearest to \a time, and tells of it as a click does.
    void selectStallAt(Time time);
    /// Selects the stall of \a loop that began nearest to \a time, so that its stack is shown, and no more.
    void selectStall(const Loop *loop, Time time);
    void focusFilter();
    /// Of a table without a tree: not Culprits, not Flames.
    TableView *view(Table table) const { return m_tables[table]; }
    TreeView *culprits() const { return m_culpritsView; }
    FlameView *flames() const { return m_flames; }
    CodeNames &names() { return m_names; }
    QLineEdit *filter() const { return m_filter; }
    /// Beside the table of stalls.
    StackView *stack() const { return m_stack; }
    /// Beside the culprits.
    StackView *culpritStack() const { return m_culpritStack; }
    /// What the keyboard's copy takes: the selected rows, or nothing.
    QString selectedText() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

Q_SIGNALS:
    void stallSelected(Flywheel::Monitor::Loop *loop, const Flywheel::Monitor::TimeSpan &span);
    void findingActivated(Flywheel::Monitor::Finding::View view, const QString &subject,
                          Flywheel::Monitor::Loop *loop);
    void sourceRequested(const QString &file, int line);
    /// How many there are now.
    void findingsCounted(int count);

private:
    /// By column.
    using ShortTitles = std::initializer_list<std::pair<int, QString>>;

    void addTable(Table table, const QString &name, const QString &toolTip, const QString &empty,
                  const ShortTitles &shortTitles = {});
    void addCulprits();
    void addFilter();
    void connectViews();
    TableProxy *addProxy(Table table);
    QWidget *besideStack(QWidget *rows, QWidget *stack);
    void showStacks();
    QModelIndexList selectedRows(Table table) const;
    QHeaderView *header(Table table) const;
    /// \a loop: null for any.
    QModelIndex showStall(const Loop *loop, Time time);
    void tellStall(const QModelIndex &index);
    void tellFinding(const QModelIndex &index);
    void showCounts();
    void fitFilter();

    static constexpr std::size_t TableCount = Flames;

    QList<Loop *> m_loops;
    CodeNames m_names;
    StallsModel m_stalls;
    TimersModel m_timers;
    ReceiversModel m_receivers;
    FindingsModel m_findings;
    CulpritsModel m_culprits;
    std::array<LoopTableModel *, TableCount> m_models;
    std::array<TableProxy *, TableCount> m_proxies{};
    std::array<TableView *, TableCount> m_tables{}; ///< null for Culprits
    TreeView *m_culpritsView = nullptr;
    FlameView *m_flames;
    QLineEdit *m_filter;
    StackView *m_stack;
    StackView *m_culpritStack;
    std::optional<bool> m_isNarrow;
};

} // namespace Flywheel::Monitor
