// SPDX-License-Identifier: MIT
#include "stackview.h"

#include "editor.h"
#include "model/codenames.h"

#include <QtGui/qevent.h>
#include <QtGui/qfontdatabase.h>
#include <QtWidgets/qmenu.h>
#include <QtWidgets/qscrollbar.h>

namespace Flywheel::Monitor {

StackView::StackView(CodeNames &names, QWidget *parent) : QPlainTextEdit(parent), m_names(names)
{
    setReadOnly(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setAccessibleName(tr("Stack"));
    setToolTip(tr("Where the thread was during the stall, the innermost call first. A double click, or "
                  "Enter, opens the source."));
    // With a cursor for the keyboard.
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
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
    StackText stacks = m_stall ? stackText(*m_stall, m_names) : StackText();
    m_places = std::move(stacks.places);
    const QString text = stacks.text();
    setVisible(!text.isEmpty());
    if (text == toPlainText())
        return;
    const int before = verticalScrollBar()->value();
    setPlainText(text);
    verticalScrollBar()->setValue(before);
}

/// Null if nothing is known of the source of that line.
const CodePlace *StackView::placeAt(const QTextCursor &cursor) const
{
    const auto found = m_places.find(cursor.blockNumber());
    return found != m_places.end() && found->second.line > 0 ? &found->second : nullptr;
}

bool StackView::open(const QTextCursor &cursor)
{
    const CodePlace *const place = placeAt(cursor);
    if (place)
        Q_EMIT sourceRequested(QString::fromStdString(place->file), place->line);
    return place;
}

void StackView::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!isEnter || !open(textCursor()))
        QPlainTextEdit::keyPressEvent(event);
}

void StackView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !open(cursorForPosition(event->pos())))
        QPlainTextEdit::mouseDoubleClickEvent(event);
}

void StackView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QTextCursor cursor = byKey ? textCursor() : cursorForPosition(event->pos());
    QMenu *menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const CodePlace *const place = placeAt(cursor)) {
        menu->addSeparator();
        menu->addAction(openSourceText(QString::fromStdString(place->file), place->line), this,
                        [this, cursor] { open(cursor); });
    }
    menu->popup(event->globalPos());
}

} // namespace Flywheel::Monitor
