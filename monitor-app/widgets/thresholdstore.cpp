// SPDX-License-Identifier: MIT
#include "thresholdstore.h"

#include "model/process.h"

#include <QtCore/qsettings.h>
#include <QtCore/qurl.h>

namespace Flywheel::Monitor {

namespace {

const QString AllLoops = QStringLiteral("thresholds/all");
const QString Command = QStringLiteral("thresholds/command");

QString keyOf(const Loop &loop)
{
    // Names may hold slashes, which would nest groups.
    const auto encoded = [](const QString &name) {
        return QString::fromLatin1(QUrl::toPercentEncoding(name));
    };
    return QStringLiteral("thresholds/loops/%1/%2").arg(encoded(loop.process().name()), encoded(loop.name()));
}

void write(const QString &key, const Thresholds &thresholds)
{
    const QVariantList values{thresholds.busyUtilisation, thresholds.unwellUtilisation,
                              qlonglong(thresholds.busyP99.count()), qlonglong(thresholds.unwellP99.count())};
    QSettings().setValue(key, values);
}

/// What is not four numbers was not written by us and does not count.
Thresholds read(const QString &key, const Thresholds &otherwise)
{
    const QVariantList values = QSettings().value(key).toList();
    if (values.size() != 4)
        return otherwise;
    return {values[0].toDouble(), values[1].toDouble(), Duration(values[2].toLongLong()),
            Duration(values[3].toLongLong())};
}

} // namespace

Thresholds ThresholdStore::of(const Loop &loop)
{
    return read(keyOf(loop), read(AllLoops, Thresholds()));
}

void ThresholdStore::set(const Loop &loop, const Thresholds &thresholds)
{
    write(keyOf(loop), thresholds);
}

void ThresholdStore::setForAll(const Thresholds &thresholds)
{
    QSettings().remove(QStringLiteral("thresholds/loops"));
    write(AllLoops, thresholds);
}

QString ThresholdStore::command()
{
    return QSettings().value(Command).toString();
}

void ThresholdStore::setCommand(const QString &command)
{
    QSettings().setValue(Command, command);
}

} // namespace Flywheel::Monitor
