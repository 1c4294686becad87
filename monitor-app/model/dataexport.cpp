// SPDX-License-Identifier: MIT
#include "dataexport.h"

#include "csvtable.h"
#include "flametext.h"
#include "stackexport.h"
#include "wholefile.h"

#include <QtCore/qcoreapplication.h>

#include <array>

namespace Flywheel::Monitor {

namespace {

struct Table
{
    const char *ending;
    QByteArray (*write)(const QList<Loop *> &loops, TimeSpan span);
};
struct Stacks
{
    const char *ending;
    QByteArray (*write)(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names);
};

/// The last one fits all that the others do not.
constexpr std::array Tables{Table{".stalls.csv", stallsCsv}, Table{".timers.csv", timersCsv},
                            Table{".receivers.csv", receiversCsv}, Table{".csv", samplesCsv}};
constexpr std::array StackFiles{Stacks{".folded", foldedStacks}, Stacks{".speedscope.json", speedscopeFile}};

/// The first of \a formats that \a path asks for; null: none.
template <typename Formats>
const typename Formats::value_type *formatOf(const QString &path, const Formats &formats)
{
    for (const auto &format : formats) {
        if (path.endsWith(QLatin1String(format.ending), Qt::CaseInsensitive))
            return &format;
    }
    return nullptr;
}

} // namespace

bool isDataFile(const QString &path)
{
    return formatOf(path, Tables) || formatOf(path, StackFiles);
}

QString exportData(const QList<Loop *> &loops, TimeSpan span, const QString &path, CodeNames &names)
{
    if (const Table *const table = formatOf(path, Tables))
        return writeWhole(path, table->write(loops, span));
    const StackTimes times = stackTimesOf(loops, span);
    if (times.stacks.empty())
        return QCoreApplication::translate("Flywheel::Monitor::Export", "Nothing to write to %1: %2")
            .arg(path, whyNoFlames(times, true));
    return writeWhole(path, formatOf(path, StackFiles)->write(times, loops, names));
}

} // namespace Flywheel::Monitor
