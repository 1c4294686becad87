// SPDX-License-Identifier: MIT
#include "editordialog.h"

#include "model/editorcommand.h"

#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qdialogbuttonbox.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qplaintextedit.h>
#include <QtWidgets/qpushbutton.h>

namespace Flywheel::Monitor {

EditorDialog::EditorDialog(const EditorSettings &settings, QWidget *parent)
    : QDialog(parent)
    , m_command(new QLineEdit(settings.pattern, this))
    , m_folders(new QPlainTextEdit(settings.mappings.join(QLatin1Char('\n')), this))
    , m_problem(new QLabel(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this))
{
    setWindowTitle(tr("Editor"));
    const QString usual = EditorSettings::usualPattern();
    m_command->setPlaceholderText(usual.isEmpty() ? tr("none was found") : usual);
    m_command->setAccessibleName(tr("Command of the editor"));
    m_folders->setPlaceholderText(QStringLiteral("/builds/project=/home/me/project"));
    m_folders->setAccessibleName(tr("Folders of sources"));
    m_folders->setTabChangesFocus(true);
    m_folders->setFixedHeight(6 * fontMetrics().lineSpacing());
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->addWidget(
        new QLabel(tr("Command that opens a source file; %f is the file, %l the line. Empty: the "
                      "usual one."),
                   this));
    column->addWidget(m_command);
    column->addWidget(new QLabel(tr("Where the sources are, if the program was built elsewhere: one "
                                    "“folder there=folder here” a line."),
                                 this));
    column->addWidget(m_folders);
    column->addWidget(m_problem);
    column->addWidget(m_buttons);
    connect(m_folders, &QPlainTextEdit::textChanged, this, &EditorDialog::check);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    check();
}

EditorSettings EditorDialog::settings() const
{
    QStringList mappings;
    const QStringList lines = m_folders->toPlainText().split(QLatin1Char('\n'));
    for (const QString &line : lines) {
        if (!line.trimmed().isEmpty())
            mappings << line.trimmed();
    }
    return {m_command->text().trimmed(), mappings};
}

QString EditorDialog::problem() const
{
    const QString wrong = wrongMapping(settings().mappings);
    return wrong.isEmpty() ? QString() : tr("“%1” is not of the form folder=folder.").arg(wrong);
}

void EditorDialog::check()
{
    m_problem->setText(problem());
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(problem().isEmpty());
}

} // namespace Flywheel::Monitor
