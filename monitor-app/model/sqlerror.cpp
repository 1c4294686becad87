// SPDX-License-Identifier: MIT
#include "sqlerror.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/quuid.h>
#include <QtSql/qsqlerror.h>

namespace Flywheel::Monitor {

namespace {

/// SQLite's primary result codes: https://www.sqlite.org/rescode.html
enum ResultCode {
    Busy = 5,
    ReadOnly = 8,
    InputOutput = 10,
    Corrupt = 11,
    Full = 13,
    CannotOpen = 14,
    NoDatabase = 26
};

QString tr(const char *text)
{
    return QCoreApplication::translate("Recording", text);
}

} // namespace

QString explainSqlError(const QSqlError &error, const QString &path)
{
    switch (error.nativeErrorCode().toInt() & 0xff) {
    case Full:
        return tr("The disk that holds %1 is full. Free some space, or record to another disk.").arg(path);
    case InputOutput:
        return tr("%1 cannot be written: the disk is full or fails. Free some space, or record to another "
                  "disk.")
            .arg(path);
    case ReadOnly:
    case CannotOpen:
        return tr("%1 cannot be opened. Choose a folder that exists and that you may write to.").arg(path);
    case Busy:
        return tr("%1 is in use by another program. Close it there, or choose another name.").arg(path);
    case Corrupt:
    case NoDatabase:
        return tr("%1 is damaged, or no recording. Choose a file that the monitor has recorded.").arg(path);
    default:
        return tr("%1: %2").arg(path, error.text());
    }
}

QString uniqueConnectionName()
{
    return QStringLiteral("flywheel-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace Flywheel::Monitor
