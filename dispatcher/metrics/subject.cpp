// SPDX-License-Identifier: MIT
#include "metrics/subject.h"

#include <QtCore/qstring.h>

namespace Flywheel {

std::string ObjectName::toString() const
{
    return QStringView(text.data(), static_cast<qsizetype>(length)).toUtf8().toStdString();
}

} // namespace Flywheel
