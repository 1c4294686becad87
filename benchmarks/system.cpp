// SPDX-License-Identifier: MIT
#include "system.h"

#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>

#include <cstdlib>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

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

QString kernel()
{
    return u"%1 %2"_s.arg(QSysInfo::kernelType(), QSysInfo::kernelVersion());
}

std::optional<double> loadAverage()
{
    double average = 0;
    return getloadavg(&average, 1) == 1 ? std::optional(average) : std::nullopt;
}

} // namespace Flywheel::Bench
