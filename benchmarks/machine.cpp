// SPDX-License-Identifier: MIT
#include "machine.h"

#include "buildinfo.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>
#include <QtCore/qthread.h>

#include <array>
#include <cstdlib>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

QString cpuModel()
{
    QFile file(u"/proc/cpuinfo"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    for (QByteArray line = file.readLine(); !line.isEmpty(); line = file.readLine()) {
        if (line.startsWith("model name"))
            return QString::fromLatin1(line.mid(line.indexOf(':') + 1)).trimmed();
    }
    return {};
}

double loadAverage()
{
    std::array<double, 1> average = {};
    return getloadavg(average.data(), int(average.size())) == 1 ? average[0] : -1;
}

} // namespace

QJsonObject machineContext()
{
    return {{u"date"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODate)},
            {u"commit"_s, QLatin1StringView(buildCommit)},
            {u"buildType"_s, QLatin1StringView(buildType)},
            {u"compiler"_s, QLatin1StringView(buildCompiler)},
            {u"qtVersion"_s, QLatin1StringView(qVersion())},
            {u"qtVersionOfBuild"_s, QLatin1StringView(QT_VERSION_STR)},
            {u"cpu"_s, cpuModel()},
            {u"cpus"_s, QThread::idealThreadCount()},
            {u"architecture"_s, QSysInfo::currentCpuArchitecture()},
            {u"kernel"_s, u"%1 %2"_s.arg(QSysInfo::kernelType(), QSysInfo::kernelVersion())},
            {u"system"_s, QSysInfo::prettyProductName()},
            {u"loadAverage"_s, loadAverage()}};
}

} // namespace Flywheel::Bench
