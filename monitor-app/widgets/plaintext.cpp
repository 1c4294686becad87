// SPDX-License-Identifier: MIT
#include "plaintext.h"

#include <QtGui/qtextdocument.h>

namespace Flywheel::Monitor {

QString plainToolTip(const QString &text)
{
    return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal) : text;
}

} // namespace Flywheel::Monitor
