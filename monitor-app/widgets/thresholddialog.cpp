// SPDX-License-Identifier: MIT
#include "thresholddialog.h"

#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qcheckbox.h>
#include <QtWidgets/qdialogbuttonbox.h>
#include <QtWidgets/qformlayout.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qpushbutton.h>
#include <QtWidgets/qspinbox.h>

namespace Flywheel::Monitor {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

Duration fromMilliseconds(double value)
{
    return std::chrono::duration_cast<Duration>(Milliseconds(value));
}

} // namespace

ThresholdDialog::ThresholdDialog(const QString &loopName, const Thresholds &thresholds,
                                 const QString &command, QWidget *parent)
    : QDialog(parent)
    , m_command(new QLineEdit(command, this))
    , m_all(new QCheckBox(tr("For &all loops, not only this one"), this))
    , m_complaint(new QLabel(this))
    , m_buttons(new QDialogButtonBox(
          QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::RestoreDefaults, this))
{
    setWindowTitle(tr("Thresholds of %1").arg(loopName));
    auto *form = new QFormLayout;
    m_busyShare = addNumber(*form, tr("&Busy from a utilisation of"), QStringLiteral(" %"), 100);
    m_unwellShare = addNumber(*form, tr("&Unwell from a utilisation of"), QStringLiteral(" %"), 100);
    m_busyP99 = addNumber(*form, tr("Bus&y from a handler p99 of"), QStringLiteral(" ms"), 1e6);
    m_unwellP99 = addNumber(*form, tr("Unw&ell from a handler p99 of"), QStringLiteral(" ms"), 1e6);
    m_command->setPlaceholderText(tr("nothing"));
    m_command->setToolTip(
        tr("A program; it is given the loop's name and the reason, for example notify-send"));
    form->addRow(tr("&Run when it becomes unwell"), m_command);
    auto *note =
        new QLabel(tr("A state is entered at its limit at once, and left when all figures have been\n"
                      "below 60 % of their limits for 30 s."),
                   this);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_all);
    layout->addWidget(note);
    layout->addWidget(m_complaint);
    layout->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this,
            [this] { fill(Thresholds()); });
    QWidget::setTabOrder(m_unwellP99, m_command);
    QWidget::setTabOrder(m_command, m_all);
    QWidget::setTabOrder(m_all, m_buttons);
    m_busyShare->setFocus();
    fill(thresholds);
    for (QDoubleSpinBox *box : {m_busyShare, m_unwellShare, m_busyP99, m_unwellP99})
        connect(box, &QDoubleSpinBox::valueChanged, this, &ThresholdDialog::check);
}

QDoubleSpinBox *ThresholdDialog::addNumber(QFormLayout &form, const QString &name, const QString &unit,
                                           double most)
{
    auto *box = new QDoubleSpinBox(this);
    box->setDecimals(most > 100 ? 2 : 0);
    box->setRange(most > 100 ? 0.01 : 1, most);
    box->setSuffix(unit);
    form.addRow(name, box);
    return box;
}

void ThresholdDialog::fill(const Thresholds &thresholds)
{
    m_busyShare->setValue(100 * thresholds.busyUtilisation);
    m_unwellShare->setValue(100 * thresholds.unwellUtilisation);
    m_busyP99->setValue(Milliseconds(thresholds.busyP99).count());
    m_unwellP99->setValue(Milliseconds(thresholds.unwellP99).count());
    check();
}

void ThresholdDialog::check()
{
    const Thresholds limits = thresholds();
    const bool valid =
        limits.busyUtilisation <= limits.unwellUtilisation && limits.busyP99 <= limits.unwellP99;
    m_complaint->setText(valid ? QString() : tr("“Unwell” must not begin before “busy”."));
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(valid);
}

Thresholds ThresholdDialog::thresholds() const
{
    return {m_busyShare->value() / 100, m_unwellShare->value() / 100, fromMilliseconds(m_busyP99->value()),
            fromMilliseconds(m_unwellP99->value())};
}

QString ThresholdDialog::command() const
{
    return m_command->text().trimmed();
}

bool ThresholdDialog::forAllLoops() const
{
    return m_all->isChecked();
}

} // namespace Flywheel::Monitor
