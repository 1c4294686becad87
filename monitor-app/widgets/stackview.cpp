// SPDX-License-Identifier: MIT
#include "stackview.h"

#include "model/codenames.h"

#include <QtGui/qfontdatabase.h>
#include <QtWidgets/qscrollbar.h>

namespace Flywheel::Monitor {

StackView::StackView(CodeNames &names, QWidget *parent) : QPlainTextEdit(parent), m_names(names)
{
    setReadOnly(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setAccessibleName(tr("Stack"));
    setToolTip(tr("Where the thread was during the stall, the innermost call first"));
    setFrameShape(QFrame::NoFrame);
    connect(&names, &CodeNames::named, this, &StackView::showText);
    hide();
}

void StackView::setStall(const std::optional<Stall> &stall)
{
    m_stall = stall;
    showText();
}

/// What is the same stays as it is: somebody may be reading, or selecting a part of it.
void StackView::showText()
{
    const QString text = m_stall ? stackText(*m_stall, m_names).text() : QString();
    setVisible(!text.isEmpty());
    if (text == toPlainText())
        return;
    const int before = verticalScrollBar()->value();
    setPlainText(text);
    verticalScrollBar()->setValue(before);
}

} // namespace Flywheel::Monitor
