// SPDX-License-Identifier: MIT
#include <flywheel/metrics.h>

#include <QtCore/qcoreevent.h>
#include <QtCore/qmetaobject.h>

#include <limits>

namespace Flywheel {

std::string eventTypeName(std::int64_t type)
{
    if (type < 0 || type > std::numeric_limits<int>::max())
        return {};
    const char *const name = QMetaEnum::fromType<QEvent::Type>().valueToKey(static_cast<int>(type));
    if (name)
        return name;
    const bool isUsers = type > QEvent::User && type < QEvent::MaxUser;
    return isUsers ? "User + " + std::to_string(type - QEvent::User) : std::string();
}

} // namespace Flywheel
