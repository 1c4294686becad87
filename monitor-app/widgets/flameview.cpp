// SPDX-License-Identifier: MIT
#include "flameview.h"

#include "editor.h"
#include "elidedline.h"
#include "flamecanvas.h"
#include "model/codenames.h"
#include "model/flametext.h"

#include <QtCore/qhashfunctions.h>
#include <QtGui/qclipboard.h>
#include <QtGui/qguiapplication.h>
#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qmenu.h>

namespace Flywheel::Monitor {

namespace {

std::size_t hashOf(const StackTimes &times, quint64 generation)
{
    std::size_t hash = qHashMulti(0, generation, times.stalls, times.unseenTime.count(), times.problem);
    for (const TimedStack &stack : times.stacks)
        hash = qHashMulti(hash, quintptr(stack.loop), stack.stall->number, stack.sample->takenAt.count(),
                          stack.time.count(), stack.sample->frames.size());
    return hash;
}

} // namespace

FlameView::FlameView(CodeNames &names, QWidget *parent)
    : QWidget(parent)
    , m_names(names)
    , m_summaryLine(new ElidedLine(this))
    , m_canvas(new FlameCanvas(this))
    , m_detailsLine(new ElidedLine(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_summaryLine);
    column->addWidget(m_canvas, 1);
    column->addWidget(m_detailsLine);
    m_canvas->setMinimumHeight(m_summaryLine->sizeHint().height()); // so that the window fits 800 x 600
    setFocusProxy(m_canvas);
    connect(&names, &CodeNames::named, this, &FlameView::refresh);
    connect(m_canvas, &FlameCanvas::currentChanged, this, &FlameView::showTexts);
    connect(m_canvas, &FlameCanvas::menuRequested, this, &FlameView::showMenu);
}

void FlameView::setLoops(const QList<Loop *> &loops)
{
    m_loops.clear();
    for (Loop *loop : loops)
        m_loops.push_back(loop);
    refresh();
}

void FlameView::setSpan(const std::optional<TimeSpan> &span)
{
    m_span = span;
    refresh();
}

void FlameView::setFilterText(const QString &text)
{
    m_filter = text;
    m_canvas->setFilter(text);
    showTexts();
}

void FlameView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void FlameView::refresh()
{
    if (!isVisible())
        return;
    QList<Loop *> loops;
    for (const QPointer<Loop> &loop : m_loops) {
        if (loop)
            loops.push_back(loop);
    }
    const StackTimes times = stackTimesOf(loops, m_span);
    const std::size_t hash = hashOf(times, m_names.generation());
    if (hash == m_shown)
        return;
    m_shown = hash;
    m_summary = times.stacks.empty() ? QString() : flameSummary(times);
    m_canvas->setEmptyText(whyNoFlames(times, m_span.has_value()));
    m_canvas->setGraph(flameGraphOf(times, loops, m_names));
    showTexts();
}

QString FlameView::summary() const
{
    return m_summaryLine->text();
}

QString FlameView::currentText() const
{
    const FlameGraph &graph = m_canvas->graph();
    return graph.isEmpty() ? QString() : flameDetails(graph, m_canvas->current(), m_canvas->zoomed());
}

void FlameView::showTexts()
{
    const FlameGraph &graph = m_canvas->graph();
    const bool isSearch = !m_filter.isEmpty() && !graph.isEmpty();
    const QString match =
        isSearch ? flameMatchText(graph, m_canvas->match(), m_filter) + QLatin1Char(' ') : QString();
    m_summaryLine->setText(match + m_summary);
    m_detailsLine->setText(graph.isEmpty() ? QString()
                                           : flameLine(graph, m_canvas->current(), m_canvas->zoomed()));
}

void FlameView::showMenu(const QPoint &globalPosition)
{
    if (m_canvas->graph().isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const int node = m_canvas->current();
    QAction *back = menu->addAction(tr("Back\tEsc"), m_canvas, &FlameCanvas::goBack);
    back->setEnabled(m_canvas->canGoBack());
    menu->addAction(tr("Show all"), m_canvas, &FlameCanvas::showAll)->setEnabled(m_canvas->canGoBack());
    menu->addAction(tr("Zoom to this call\tEnter"), m_canvas, [this, node] { m_canvas->zoomTo(node); });
    if (const std::vector<FlameLine> &lines = m_canvas->graph().at(node).lines; !lines.empty()) {
        const FlameLine &line = lines.front();
        menu->addAction(
            openSourceText(line.file, line.line), this,
            [this, file = line.file, number = line.line] { Q_EMIT sourceRequested(file, number); });
    }
    menu->addSeparator();
    menu->addAction(tr("Copy as text"), this,
                    [text = currentText()] { QGuiApplication::clipboard()->setText(text); });
    menu->popup(globalPosition);
}

} // namespace Flywheel::Monitor
