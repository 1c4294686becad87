// SPDX-License-Identifier: MIT
#pragma once

#include "model/stacktext.h"

#include <QtWidgets/qplaintextedit.h>

#include <optional>

namespace Flywheel::Monitor {

/// The stacks of one stall, as text that can be copied. Hidden while there is nothing to show.
class StackView : public QPlainTextEdit
{
    Q_OBJECT

public:
    StackView(CodeNames &names, QWidget *parent);

    /// Shows \a stall; nothing: none is selected.
    void setStall(const std::optional<Stall> &stall);

Q_SIGNALS:
    /// A double click, Enter, or the menu asked for the source of a line.
    void sourceRequested(const QString &file, int line);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void showText();
    const CodePlace *placeAt(const QTextCursor &cursor) const;
    bool open(const QTextCursor &cursor);

    CodeNames &m_names;
    std::optional<Stall> m_stall;
    std::map<int, CodePlace> m_places; ///< by line
};

} // namespace Flywheel::Monitor
