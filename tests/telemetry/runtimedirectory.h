// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qdir.h>
#include <QtCore/qtemporarydir.h>

namespace Flywheel::Telemetry::Test {

/// A runtime directory of its own while it exists, so that tests neither see nor disturb other publishers.
class RuntimeDirectory
{
public:
    RuntimeDirectory() : m_before(qgetenv("XDG_RUNTIME_DIR"))
    {
        qputenv("XDG_RUNTIME_DIR", m_directory.path().toLocal8Bit());
    }
    ~RuntimeDirectory() { qputenv("XDG_RUNTIME_DIR", m_before); }

    QString path() const { return m_directory.path(); }
    QString sockets() const { return path() + QStringLiteral("/flywheel"); }
    /// Of names in sockets(), those of journals (journal/journalfiles.h) left out.
    QStringList list() const
    {
        QStringList names = QDir(sockets()).entryList(QDir::System | QDir::Files, QDir::Name);
        names.removeIf([](const QString &name) { return name.endsWith(QLatin1String(".journal")); });
        return names;
    }
    QStringList journals() const
    {
        return QDir(sockets()).entryList({QStringLiteral("*.journal")}, QDir::Files, QDir::Name);
    }

private:
    const QByteArray m_before;
    const QTemporaryDir m_directory;
};

} // namespace Flywheel::Telemetry::Test
