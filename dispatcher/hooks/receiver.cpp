// SPDX-License-Identifier: MIT
#include "hooks/receiver.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>

namespace Flywheel {

namespace {

const QObject &ownerOf(const QObject &object, const QMetaObject *type)
{
    const bool isTool = type == &QTimer::staticMetaObject || type == &QSocketNotifier::staticMetaObject;
    return isTool && object.parent() ? *object.parent() : object;
}

} // namespace

Receiver::Receiver(const QObject &object, std::int64_t id)
{
    const QMetaObject *type = object.metaObject();
    const QObject &owner = ownerOf(object, type);
    m_name = object.objectName();
    if (&owner != &object) {
        type = owner.metaObject();
        if (m_name.isEmpty())
            m_name = owner.objectName();
    }
    m_subject.className = type->className();
    m_subject.objectName = {reinterpret_cast<const char16_t *>(m_name.constData()),
                            static_cast<std::size_t>(m_name.size())};
    m_subject.id = id;
    m_subject.identity = &object;
}

} // namespace Flywheel
