// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/subject.h"

#include <QtCore/qstring.h>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace Flywheel {

/// The names under which a receiver of events is recorded, read before the handler runs, while the receiver
/// certainly exists. A QTimer or QSocketNotifier with a parent is recorded under its parent, because its own
/// class says little.
class Receiver
{
public:
    Receiver(const QObject &object, std::int64_t id);

    /// Valid as long as this object.
    const Subject &subject() const { return m_subject; }

private:
    QString m_name;
    Subject m_subject;
};

} // namespace Flywheel
