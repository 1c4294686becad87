// SPDX-License-Identifier: MIT
#include "metrics/stalllist.h"

#include <algorithm>

namespace Flywheel {

Stall StallList::toStall(const Record &record)
{
    Stall stall;
    stall.number = record.number;
    stall.began = std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(Nanoseconds(record.beganWall)));
    stall.beganMonotonic = Nanoseconds(record.began);
    stall.duration = Nanoseconds(record.duration);
    stall.wholePass = record.wholePass != 0;
    stall.kind = static_cast<HandlerKind>(record.kind);
    stall.className = record.className.toString();
    stall.objectName = record.objectName.toString();
    stall.id = record.id;
    return stall;
}

std::vector<Stall> StallList::snapshot() const
{
    std::vector<Stall> result;
    for (const SeqSlot<Record> &slot : m_records) {
        if (const std::optional<Record> record = slot.load())
            result.push_back(toStall(*record));
    }
    std::sort(result.begin(), result.end(),
              [](const Stall &a, const Stall &b) { return a.number < b.number; });
    return result;
}

} // namespace Flywheel
