// SPDX-License-Identifier: MIT
#include "telemetry/protocol/publishers.h"

#include "journal/journalfiles.h"
#include "telemetry/protocol/socketdirectory.h"

#include <QtCore/qfileinfo.h>

#include <algorithm>
#include <tuple>

namespace Flywheel::Telemetry {

std::vector<Publisher> publishers()
{
    const QString directory = socketDirectory();
    if (!insecurity(directory).isEmpty())
        return {};
    std::vector<Publisher> found;
    for (const QString &path : socketsIn(directory)) {
        const qint64 processId = processIdOf(QFileInfo(path).fileName());
        if (seemsAlive(path))
            found.push_back({processId, path, programNameOf(processId)});
    }
    std::sort(found.begin(), found.end(), [](const Publisher &a, const Publisher &b) {
        return std::tie(a.processId, a.socketPath) < std::tie(b.processId, b.socketPath);
    });
    return found;
}

void removeLeftovers()
{
    for (const std::string &directory : journalDirectories())
        removeOldJournals(directory);
}

} // namespace Flywheel::Telemetry
