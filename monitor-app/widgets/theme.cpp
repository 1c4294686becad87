// SPDX-License-Identifier: MIT
#include "theme.h"

#include <QtWidgets/qapplication.h>
#include <QtWidgets/qstylefactory.h>

#include <cmath>

namespace Flywheel::Monitor {

namespace {

Theme::Kind currentKind = Theme::Kind::Dark;

constexpr QRgb rgb(unsigned value)
{
    return 0xff000000u | value;
}

const Theme DarkTheme{Theme::Kind::Dark,
                      rgb(0x15181d),
                      rgb(0x1b1f26),
                      rgb(0x262c35),
                      rgb(0xe7eaee),
                      rgb(0x9aa4b1),
                      rgb(0x303742),
                      rgb(0x3d8fd1),
                      rgb(0xe69f00),
                      rgb(0x56b4e9),
                      rgb(0x19b487),
                      rgb(0xf0e442),
                      rgb(0x4592d6),
                      rgb(0xf0702a),
                      rgb(0xd68ab4),
                      {rgb(0xd68ab4), rgb(0xf0e442), rgb(0x9f8cf0), rgb(0xc8e06a), rgb(0xffb3a7),
                       rgb(0xc49a6c), rgb(0x7de3e0), rgb(0xe7eaee)}};

const Theme LightTheme{Theme::Kind::Light,
                       rgb(0xf1f3f5),
                       rgb(0xffffff),
                       rgb(0xe6eaee),
                       rgb(0x1a1f26),
                       rgb(0x5b6673),
                       rgb(0xdfe3e8),
                       rgb(0x0072b2),
                       rgb(0xcf8a00),
                       rgb(0x3a9bd5),
                       rgb(0x009e73),
                       rgb(0xb5a900),
                       rgb(0x0072b2),
                       rgb(0xd55e00),
                       rgb(0xb8619a),
                       {rgb(0xb8619a), rgb(0x8a7d00), rgb(0x5b3fbf), rgb(0x4f8a00), rgb(0xa03030),
                        rgb(0x7a4a1e), rgb(0x00526b), rgb(0x1a1f26)}};

QString styleSheetOf(const Theme &theme)
{
    return QStringLiteral(
               "QToolTip { color: %1; background: %2; border: 1px solid %3; padding: 3px; }"
               "QMainWindow::separator { background: %3; width: 1px; height: 1px; }"
               "QStatusBar::item { border: none; }"
               "QToolBar { border: none; border-bottom: 1px solid %3; spacing: 4px; padding: 3px; }"
               "QHeaderView::section { background: %2; color: %4; border: none;"
               " border-bottom: 1px solid %3; padding: 3px 6px; }"
               "QTreeView, QTableView { border: none; }")
        .arg(theme.text.name(), theme.raised.name(), theme.grid.name(), theme.quiet.name());
}

} // namespace

const Theme &Theme::of(Kind kind)
{
    return kind == Kind::Dark ? DarkTheme : LightTheme;
}

const QColor &Theme::of(HandlerKind kind) const
{
    switch (kind) {
    case HandlerKind::Timer:
        return blue;
    case HandlerKind::Notifier:
        return orange;
    case HandlerKind::PostedBatch:
    case HandlerKind::PostedEvent:
        return green;
    case HandlerKind::Task:
        return purple;
    case HandlerKind::WindowEvent:
        break;
    }
    return skyBlue;
}

const Theme &Theme::current()
{
    return of(currentKind);
}

Theme::Kind Theme::ofDesktop()
{
    const QPalette palette = QApplication::palette();
    const bool dark =
        palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
    return dark ? Kind::Dark : Kind::Light;
}

QPalette Theme::palette() const
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor &color) {
        palette.setColor(role, color);
    };
    set(QPalette::Window, window);
    set(QPalette::WindowText, text);
    set(QPalette::Base, base);
    set(QPalette::AlternateBase, window);
    set(QPalette::Text, text);
    set(QPalette::PlaceholderText, quiet);
    set(QPalette::Button, raised);
    set(QPalette::ButtonText, text);
    set(QPalette::BrightText, vermillion);
    set(QPalette::ToolTipBase, raised);
    set(QPalette::ToolTipText, text);
    set(QPalette::Highlight, accent);
    set(QPalette::HighlightedText, rgb(0xffffff));
    set(QPalette::Link, accent);
    set(QPalette::Light, raised.lighter(115));
    set(QPalette::Midlight, raised);
    set(QPalette::Mid, grid);
    set(QPalette::Dark, kind == Kind::Dark ? window.darker(130) : grid.darker(120));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, quiet);
    return palette;
}

void Theme::apply(QApplication &app, Kind kind)
{
    currentKind = kind;
    app.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    app.setPalette(of(kind).palette());
    app.setStyleSheet(styleSheetOf(of(kind)));
}

QColor mixed(const QColor &a, const QColor &b, double share)
{
    const auto mix = [share](int x, int y) { return int(std::lround(x + (y - x) * share)); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

} // namespace Flywheel::Monitor
