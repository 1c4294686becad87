// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/subject.h"

#include <QtCore/qstring.h>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace Flywheel {

/// Under which names a receiver of events is recorded, read while it surely lives. A QTimer or
/// QSocketNotifier with a parent says little by itself: it counts under its parent.
class Receiver
{
public:
    Receiver(const QObject &object, std::int64_t id);

    /// Valid while this is.
    const Subject &subject() const { return m_subject; }

private:
    QString m_name;
    Subject m_subject;
};

} // namespace Flywheel
