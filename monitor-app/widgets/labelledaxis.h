// SPDX-License-Identifier: MIT
#pragma once

#include "ticks.h"

#include <QtCharts/qcategoryaxis.h>

namespace Flywheel::Monitor {

/// A vertical axis with ticks and labels of our own choice: Qt Charts' own print bare numbers without units,
/// and powers on the logarithmic one.
class LabelledAxis : public QCategoryAxis
{
    Q_OBJECT
public:
    explicit LabelledAxis(QObject *parent = nullptr);

    /// The axis reaches from the first to the last; ascending. Cheap if nothing changed.
    void setTicks(const std::vector<Tick> &ticks);
    /// The labels from below, those of unlabelled ticks left out.
    QStringList labels() const;

private:
    std::vector<Tick> m_ticks;
};

} // namespace Flywheel::Monitor
