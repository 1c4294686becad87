// SPDX-License-Identifier: MIT
#include "sorttitle.h"

namespace Flywheel::Monitor {

QString besideSortArrow(const QString &title, const QVariant &alignment)
{
    if (!(alignment.value<Qt::Alignment>() & Qt::AlignRight))
        return title;
    // The zero-width space keeps the others from being trimmed as trailing ones.
    return title + QString(4, QLatin1Char(' ')) + QChar(0x200b);
}

} // namespace Flywheel::Monitor
