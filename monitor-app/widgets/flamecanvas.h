// SPDX-License-Identifier: MIT
#pragma once

#include "model/flamegraph.h"

#include <QtCore/qhash.h>
#include <QtWidgets/qabstractscrollarea.h>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// A flame graph, drawn: the outermost calls at the bottom, what they called above them, each as wide as its
/// time. One call can be zoomed to; one is the current one, which the keyboard moves.
class FlameCanvas : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit FlameCanvas(QWidget *parent);

    /// What is zoomed to and what is current stays, as far as it still exists.
    void setGraph(FlameGraph graph);
    const FlameGraph &graph() const { return m_graph; }
    /// What to say in place of a graph.
    void setEmptyText(const QString &text);
    QString emptyText() const { return m_graph.isEmpty() ? m_emptyText : QString(); }
    /// Marks the calls that contain \a text.
    void setFilter(const QString &text);
    const FlameGraph::Match &match() const { return m_match; }

    int zoomed() const { return m_zoomed; }
    void zoomTo(int node);
    bool canGoBack() const { return !m_history.empty(); }
    /// Undoes the last zoomTo().
    void goBack();
    /// Goes back to the whole.
    void showAll();
    /// The call under the mouse, or else the one of the keyboard.
    int current() const { return m_hovered.value_or(m_current); }

    /// Where a call is drawn in the viewport; empty if it is not within the one that is zoomed to.
    QRectF rectOf(int node) const;
    /// The call at a place of the viewport; nothing if there is none.
    std::optional<int> nodeAt(const QPointF &position) const;
    QColor colorOf(const FlameNode &node) const;

Q_SIGNALS:
    void currentChanged();
    void menuRequested(const QPoint &globalPosition);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool event(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    int rowHeight() const;
    int contentHeight() const;
    double top(int depth) const;
    bool leadsToZoomed(int node) const;
    double widthOf(int child, double parentWidth) const;
    void paintCall(QPainter &painter, int node, double left, double width) const;
    void paintChildren(QPainter &painter, int node, double left, double width) const;
    void paintRest(QPainter &painter, int depth, double left, double width, bool isMatch) const;
    void paintBox(QPainter &painter, int node, const QRectF &box) const;
    void setCurrent(int node);
    void moveCurrent(int key);
    void setHovered(std::optional<int> node);
    void setUpScrollBar();
    void placeScrollBar();
    void reveal(int node);
    void noteModules();
    void noteMatches();

    FlameGraph m_graph;
    QString m_emptyText;
    QString m_filter;
    FlameGraph::Match m_match;
    std::vector<bool> m_isMatchWithin; ///< by node: it or a call in it matches
    int m_zoomed = 0;
    int m_current = 0;
    std::optional<int> m_hovered;
    std::vector<int> m_history;   ///< what was zoomed to before
    int m_placed = 0;             ///< where the scroll bar was put; elsewhere: by hand
    QHash<QString, int> m_colors; ///< by module, in the order in which they came
};

} // namespace Flywheel::Monitor
