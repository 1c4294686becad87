// SPDX-License-Identifier: MIT
#pragma once

#include "model/stacktimes.h"

#include <QtCore/qpointer.h>
#include <QtWidgets/qwidget.h>

namespace Flywheel::Monitor {

class CodeNames;
class ElidedLine;
class FlameCanvas;

/// The flame graph of the stalls of the selected loops and span: a line that says what its width means, the
/// graph, and a line about the current call.
class FlameView : public QWidget
{
    Q_OBJECT
public:
    FlameView(CodeNames &names, QWidget *parent);

    /// Sets the loops or the span, and refreshes.
    void setLoops(const QList<Loop *> &loops);
    void setSpan(const std::optional<TimeSpan> &span);
    /// Does nothing while the view is hidden.
    void refresh();
    /// Marks the calls that contain \a text.
    void setFilterText(const QString &text);

    FlameCanvas *canvas() const { return m_canvas; }
    /// What the line above the graph says.
    QString summary() const;
    /// What is known of the current call; empty if there is none.
    QString currentText() const;

Q_SIGNALS:
    /// The menu asked for the source of a call.
    void sourceRequested(const QString &file, int line);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void showTexts();
    void showMenu(const QPoint &globalPosition);

    CodeNames &m_names;
    QList<QPointer<Loop>> m_loops;
    std::optional<TimeSpan> m_span;
    QString m_filter;
    QString m_summary;
    std::size_t m_shown = 0; ///< a hash of what the graph was made of
    ElidedLine *m_summaryLine;
    FlameCanvas *m_canvas;
    ElidedLine *m_detailsLine;
};

} // namespace Flywheel::Monitor
