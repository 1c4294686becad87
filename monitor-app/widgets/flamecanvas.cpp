// SPDX-License-Identifier: MIT
#include "flamecanvas.h"

#include "theme.h"

#include <QtGui/qpainter.h>
#include <QtWidgets/qscrollbar.h>

#include <algorithm>
#include <array>

namespace Flywheel::Monitor {

namespace {

constexpr double NarrowestCall = 2;  ///< pixels; all that are narrower are drawn as one
constexpr double NarrowestText = 24; ///< pixels; with less, nobody reads it
constexpr double TextMargin = 4;     ///< pixels
constexpr double ColorShare = 0.42;  ///< of a module's colour: text stays readable
constexpr double HatchShare = 0.8;

std::array<QColor, 8> moduleColors()
{
    const Theme &theme = Theme::current();
    return {theme.skyBlue, theme.orange,      theme.green,       theme.purple,
            theme.yellow,  theme.compared[2], theme.compared[5], theme.compared[6]};
}

} // namespace

FlameCanvas::FlameCanvas(QWidget *parent) : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Flame graph of the stalls"));
    viewport()->setMouseTracking(true);
}

void FlameCanvas::setGraph(FlameGraph graph)
{
    const bool isFirst = m_graph.isEmpty();
    const QStringList zoomed = m_graph.pathOf(m_zoomed);
    const QStringList current = m_graph.pathOf(m_current);
    QList<QStringList> history;
    for (const int node : m_history)
        history << m_graph.pathOf(node);
    m_graph = std::move(graph);
    m_zoomed = m_graph.find(zoomed);
    m_current = m_graph.find(current);
    for (int &node : m_history)
        node = m_graph.find(history.takeFirst());
    m_hovered.reset();
    noteModules();
    noteMatches();
    const bool isByHand = !isFirst && verticalScrollBar()->value() != m_placed;
    setUpScrollBar();
    if (!isByHand)
        placeScrollBar();
    viewport()->update();
}

void FlameCanvas::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void FlameCanvas::setFilter(const QString &text)
{
    m_filter = text;
    noteMatches();
    viewport()->update();
}

void FlameCanvas::noteMatches()
{
    m_match = m_graph.match(m_filter);
    m_isMatchWithin = m_match.nodes;
    for (std::size_t node = m_isMatchWithin.size(); node-- > 1;) {
        if (m_isMatchWithin[node])
            m_isMatchWithin[std::size_t(m_graph.at(int(node)).parent)] = true;
    }
}

/// The modules that take the most time come first, and keep their colours.
void FlameCanvas::noteModules()
{
    QHash<QString, Duration> times;
    for (const FlameNode &node : m_graph.nodes()) {
        if (node.kind == FlameNode::Kind::Call)
            times[node.module] += node.time;
    }
    QStringList fresh;
    for (auto time = times.cbegin(); time != times.cend(); ++time) {
        if (!m_colors.contains(time.key()))
            fresh << time.key();
    }
    std::sort(fresh.begin(), fresh.end(), [&](const QString &a, const QString &b) {
        return std::pair(times[b], a) < std::pair(times[a], b);
    });
    for (const QString &module : fresh)
        m_colors.insert(module, int(m_colors.size()));
}

QColor FlameCanvas::colorOf(const FlameNode &node) const
{
    static constexpr auto count = std::tuple_size_v<decltype(moduleColors())>;
    const Theme &theme = Theme::current();
    const bool isCall = node.kind == FlameNode::Kind::Call;
    return isCall ? moduleColors()[std::size_t(m_colors.value(node.module)) % count] : theme.quiet;
}

int FlameCanvas::rowHeight() const
{
    return fontMetrics().height() + 4;
}

int FlameCanvas::contentHeight() const
{
    return std::max(viewport()->height(), (m_graph.depth() + 1) * rowHeight());
}

double FlameCanvas::top(int depth) const
{
    return contentHeight() - (depth + 1) * rowHeight() - verticalScrollBar()->value();
}

bool FlameCanvas::leadsToZoomed(int node) const
{
    int at = m_zoomed;
    while (at > node)
        at = m_graph.at(at).parent;
    return at == node;
}

double FlameCanvas::widthOf(int child, double parentWidth) const
{
    const FlameNode &node = m_graph.at(child);
    const Duration whole = m_graph.at(node.parent).time;
    return parentWidth * double(node.time.count()) / double(std::max<qint64>(whole.count(), 1));
}

QRectF FlameCanvas::rectOf(int node) const
{
    const FlameNode &at = m_graph.at(node);
    if (leadsToZoomed(node))
        return QRectF(0, top(at.depth), viewport()->width(), rowHeight());
    const QRectF parent = rectOf(at.parent);
    if (parent.isEmpty() || (at.parent != m_zoomed && leadsToZoomed(at.parent)))
        return {};
    double left = parent.left();
    for (const int sibling : m_graph.at(at.parent).children) {
        if (sibling == node)
            break;
        left += widthOf(sibling, parent.width());
    }
    return {left, top(at.depth), widthOf(node, parent.width()), double(rowHeight())};
}

std::optional<int> FlameCanvas::nodeAt(const QPointF &position) const
{
    if (m_graph.isEmpty())
        return {};
    const int depth = int((contentHeight() - verticalScrollBar()->value() - position.y()) / rowHeight());
    int node = 0;
    double left = 0;
    double width = viewport()->width();
    while (m_graph.at(node).depth < depth) {
        const std::vector<int> &children = m_graph.at(node).children;
        const bool isBelow = node != m_zoomed && leadsToZoomed(node);
        const auto next = std::find_if(children.begin(), children.end(), [&](int child) {
            if (isBelow)
                return leadsToZoomed(child);
            const double own = widthOf(child, width);
            if (position.x() < left + own)
                return true;
            left += own;
            return false;
        });
        if (next == children.end())
            return {};
        node = *next;
        width = isBelow ? width : widthOf(node, width);
        if (width < NarrowestCall)
            return {};
    }
    return node;
}

void FlameCanvas::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::current().base);
    if (!m_graph.isEmpty()) {
        paintCall(painter, 0, 0, viewport()->width());
    } else if (isEnabled()) {
        painter.setPen(Theme::current().quiet);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
}

void FlameCanvas::paintCall(QPainter &painter, int node, double left, double width) const
{
    const QRectF box(left, top(m_graph.at(node).depth), width, rowHeight());
    if (box.bottom() <= 0)
        return; // so is all that it called
    if (box.top() < viewport()->height())
        paintBox(painter, node, box);
    if (node == m_zoomed || !leadsToZoomed(node))
        return paintChildren(painter, node, left, width);
    for (const int child : m_graph.at(node).children) {
        if (leadsToZoomed(child))
            paintCall(painter, child, left, width);
    }
}

void FlameCanvas::paintChildren(QPainter &painter, int node, double left, double width) const
{
    const std::vector<int> &children = m_graph.at(node).children;
    double rest = 0;
    bool isMatch = false;
    for (const int child : children) { // the widest first
        const double own = widthOf(child, width);
        if (own >= NarrowestCall) {
            paintCall(painter, child, left, own);
            left += own;
            continue;
        }
        rest += own;
        isMatch = isMatch || m_isMatchWithin[std::size_t(child)];
    }
    paintRest(painter, m_graph.at(node).depth + 1, left, rest, isMatch);
}

/// Calls that are too narrow to be told apart.
void FlameCanvas::paintRest(QPainter &painter, int depth, double left, double width, bool isMatch) const
{
    if (width <= 0)
        return;
    const Theme &theme = Theme::current();
    painter.fillRect(QRectF(left, top(depth) + 1, std::max(width, 1.0), rowHeight() - 1),
                     isMatch ? theme.accent : theme.grid);
}

void FlameCanvas::paintBox(QPainter &painter, int node, const QRectF &box) const
{
    const FlameNode &at = m_graph.at(node);
    const Theme &theme = Theme::current();
    const bool isMatch = m_match.nodes[std::size_t(node)];
    const QRectF inner = box.adjusted(0, 1, box.width() > 4 ? -1 : 0, 0);
    const QColor fill = isMatch ? theme.accent : mixed(theme.base, colorOf(at), ColorShare);
    painter.fillRect(inner, fill);
    if (at.slept > Duration::zero()) {
        const double share = double(at.slept.count()) / double(std::max<qint64>(at.time.count(), 1));
        QRectF slept = inner;
        slept.setLeft(inner.right() - inner.width() * share);
        painter.fillRect(slept,
                         QBrush(isMatch ? fill.lighter(130) : mixed(theme.base, colorOf(at), HatchShare),
                                Qt::BDiagPattern));
    }
    const bool isMarked = node == m_hovered || (node == m_current && hasFocus());
    if (isMarked) {
        painter.setPen(QPen(theme.text, node == m_current ? 2 : 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(inner.adjusted(0.5, 0.5, -1, -1));
    }
    if (box.width() < NarrowestText)
        return;
    painter.setPen(isMatch ? Qt::white : theme.text);
    const QRectF room = inner.adjusted(TextMargin, 0, -TextMargin, 0);
    const QString name = at.kind == FlameNode::Kind::All ? tr("all stacks") : at.name;
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(name, Qt::ElideMiddle, int(room.width())));
}

void FlameCanvas::setUpScrollBar()
{
    verticalScrollBar()->setRange(0, contentHeight() - viewport()->height());
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(rowHeight());
}

/// The lowest row is the call that is zoomed to, or the last one that all stacks share: what lies below tells
/// nothing.
void FlameCanvas::placeScrollBar()
{
    const int lowest = m_graph.at(m_zoomed == 0 ? m_graph.trunk() : m_zoomed).depth;
    verticalScrollBar()->setValue(contentHeight() - lowest * rowHeight() - viewport()->height());
    m_placed = verticalScrollBar()->value();
}

void FlameCanvas::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    const bool isByHand = verticalScrollBar()->value() != m_placed;
    setUpScrollBar();
    if (!isByHand)
        placeScrollBar();
}

} // namespace Flywheel::Monitor
