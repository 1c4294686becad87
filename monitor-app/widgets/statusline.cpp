// SPDX-License-Identifier: MIT
#include "statusline.h"

#include "model/format.h"
#include "model/loopsmodel.h"

namespace Flywheel::Monitor {

StatusLine::StatusLine(QWidget *parent) : QStatusBar(parent), m_text(new QLabel(this))
{
    m_text->setContentsMargins(6, 0, 6, 0);
    m_text->setTextFormat(Qt::PlainText);
    addPermanentWidget(m_text);
}

void StatusLine::show(const Session &session, const Process *process, bool paused)
{
    QStringList parts;
    if (paused)
        parts << (session.replay() ? tr("view paused") : tr("view paused, still collecting"));
    if (process)
        parts << stateText(process->state());
    if (process && process->isAttached())
        parts << Format::framesPerSecond(process->framesPerSecond())
              << tr("%1 lost").arg(Format::count(process->lostFrames()))
              << tr("costs the program %1 of a core").arg(Format::percent(process->publishingShare()));
    if (const Recorder *recorder = session.recorder())
        parts << tr("recording %1, %2")
                     .arg(Format::elapsed(recorder->elapsed()), Format::bytes(quint64(recorder->bytes())));
    m_text->setText(parts.isEmpty() ? tr("not attached") : parts.join(QStringLiteral(" · ")));
}

} // namespace Flywheel::Monitor
