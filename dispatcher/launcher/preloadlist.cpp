// SPDX-License-Identifier: MIT
#include "preloadlist.h"

#include <cstring>

namespace Flywheel::Preload {

static bool hasFileName(const char *entry, std::size_t length, const char *fileName)
{
    const std::size_t nameLength = std::strlen(fileName);
    if (length < nameLength || std::memcmp(entry + length - nameLength, fileName, nameLength) != 0)
        return false;
    return length == nameLength || entry[length - nameLength - 1] == '/';
}

void removeFromPreloadList(char *list, const char *fileName)
{
    char *end = list;
    char separator = '\0';
    for (const char *entry = list;;) {
        const std::size_t length = std::strcspn(entry, preloadSeparators);
        const char next = entry[length];
        if (!hasFileName(entry, length, fileName)) {
            if (separator)
                *end++ = separator;
            std::memmove(end, entry, length);
            end += length;
            separator = next;
        }
        if (!next)
            break;
        entry += length + 1;
    }
    *end = '\0';
}

} // namespace Flywheel::Preload
