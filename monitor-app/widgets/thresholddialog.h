// SPDX-License-Identifier: MIT
#pragma once

#include "model/health.h"

#include <QtWidgets/qdialog.h>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// Where one loop stops being good, and what to run when it becomes unwell.
class ThresholdDialog : public QDialog
{
    Q_OBJECT
public:
    ThresholdDialog(const QString &loopName, const Thresholds &thresholds, const QString &command,
                    QWidget *parent = nullptr);

    Thresholds thresholds() const;
    /// A program; empty: none.
    QString command() const;
    bool forAllLoops() const;

private:
    QDoubleSpinBox *addNumber(QFormLayout &form, const QString &name, const QString &unit, double most);
    void fill(const Thresholds &thresholds);
    /// Unwell is never better than busy.
    void check();

    QDoubleSpinBox *m_busyShare;
    QDoubleSpinBox *m_unwellShare;
    QDoubleSpinBox *m_busyP99;
    QDoubleSpinBox *m_unwellP99;
    QLineEdit *m_command;
    QCheckBox *m_all;
    QLabel *m_complaint;
    QDialogButtonBox *m_buttons;
};

} // namespace Flywheel::Monitor
