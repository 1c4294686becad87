// SPDX-License-Identifier: MIT
#include "machine.h"

#include "buildinfo.h"
#include "system.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qsysinfo.h>
#include <QtCore/qthread.h>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

QJsonObject machineContext()
{
    const auto load = loadAverage();
    return {{u"date"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODate)},
            {u"commit"_s, QLatin1StringView(buildCommit)},
            {u"buildType"_s, QLatin1StringView(buildType)},
            {u"compiler"_s, QLatin1StringView(buildCompiler)},
            {u"qtVersion"_s, QLatin1StringView(qVersion())},
            {u"qtVersionOfBuild"_s, QLatin1StringView(QT_VERSION_STR)},
            {u"cpu"_s, cpuModel()},
            {u"cpus"_s, QThread::idealThreadCount()},
            {u"architecture"_s, QSysInfo::currentCpuArchitecture()},
            {u"kernel"_s, kernel()},
            {u"system"_s, QSysInfo::prettyProductName()},
            {u"loadAverage"_s, load ? QJsonValue(*load) : QJsonValue()}};
}

} // namespace Flywheel::Bench
