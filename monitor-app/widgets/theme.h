// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <QtGui/qcolor.h>
#include <QtGui/qpalette.h>

#include <array>

QT_BEGIN_NAMESPACE
class QApplication;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// The colours of the window. Data colours are those of Okabe and Ito, which colour-blind people tell apart;
/// a few are lightened on the dark ground so that each has a contrast of at least 3 to 1.
struct Theme
{
    enum class Kind { Dark, Light };

    Kind kind;
    QColor window, base, raised, text, quiet, grid, accent;
    QColor orange, skyBlue, green, yellow, blue, vermillion, purple;
    /// Of loops that are compared with the one that a chart shows: none of them is near a colour of its own
    /// curves and limits.
    std::array<QColor, 8> compared;

    /// Of a kind of handlers, wherever it is drawn. Posted events have one colour, single ones and batches.
    const QColor &of(HandlerKind kind) const;

    static const Theme &of(Kind kind);
    /// The theme of the running application; Dark before apply().
    static const Theme &current();
    /// The desktop's choice, as its palette tells.
    static Kind ofDesktop();

    QPalette palette() const;
    /// Style, palette and style sheet of all windows; current() from here on.
    static void apply(QApplication &app, Kind kind);
};

/// Between \a a and \a b; \a share 0 is \a a.
QColor mixed(const QColor &a, const QColor &b, double share);

} // namespace Flywheel::Monitor
