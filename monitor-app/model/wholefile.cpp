// SPDX-License-Identifier: MIT
#include "wholefile.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qsavefile.h>

namespace Flywheel::Monitor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Export", text);
}

/// Unbuffered: what a full disk takes only in part goes unnoticed when a buffer is flushed. The next write
/// then tells why.
bool writeAll(QSaveFile &file, const QByteArray &bytes)
{
    qint64 done = 0;
    while (done < bytes.size()) {
        const qint64 written = file.write(bytes.constData() + done, bytes.size() - done);
        if (written <= 0)
            return false;
        done += written;
    }
    return true;
}

} // namespace

QString writeWhole(const QString &path, const QByteArray &bytes)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isFile())
        return tr("Cannot write %1: it is no file. Choose another name.").arg(path);
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && writeAll(file, bytes) && file.commit())
        return {};
    return tr("Cannot write %1: %2. Choose another place.").arg(path, file.errorString());
}

} // namespace Flywheel::Monitor
