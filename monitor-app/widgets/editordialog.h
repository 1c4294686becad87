// SPDX-License-Identifier: MIT
#pragma once

#include "editor.h"

#include <QtWidgets/qdialog.h>

QT_BEGIN_NAMESPACE
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// Asks for the editor that opens source files, and where the sources are.
class EditorDialog : public QDialog
{
    Q_OBJECT
public:
    EditorDialog(const EditorSettings &settings, QWidget *parent);

    /// What was entered.
    EditorSettings settings() const;
    QLineEdit *command() const { return m_command; }
    QPlainTextEdit *folders() const { return m_folders; }
    /// What is wrong with it; empty: nothing.
    QString problem() const;

private:
    void check();

    QLineEdit *m_command;
    QPlainTextEdit *m_folders;
    QLabel *m_problem;
    QDialogButtonBox *m_buttons;
};

} // namespace Flywheel::Monitor
