// SPDX-License-Identifier: MIT
#include "system.h"

#include "platform/windows/windows.h"

#include <QtCore/qsettings.h>
#include <QtCore/qsysinfo.h>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

QString cpuModel()
{
    const QSettings processor(u"HKEY_LOCAL_MACHINE\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0"_s,
                              QSettings::NativeFormat);
    return processor.value(u"ProcessorNameString"_s).toString().trimmed();
}

QString kernel()
{
    const QString windows = u"%1 %2"_s.arg(QSysInfo::kernelType(), QSysInfo::kernelVersion());
    using Version = const char *(*)();
    const auto wineVersion = systemFunction<Version>(L"ntdll.dll", "wine_get_version");
    return wineVersion ? u"%1 (Wine %2)"_s.arg(windows, QLatin1StringView(wineVersion())) : windows;
}

std::optional<double> loadAverage()
{
    return std::nullopt;
}

} // namespace Flywheel::Bench
