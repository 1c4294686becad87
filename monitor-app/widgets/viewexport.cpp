// SPDX-License-Identifier: MIT
#include "viewexport.h"

#include "model/wholefile.h"

#include <QtCore/qbuffer.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtGui/qpainter.h>
#include <QtSvg/qsvggenerator.h>
#include <QtWidgets/qfiledialog.h>

namespace Flywheel::Monitor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Export", text);
}

QByteArray pngOf(QWidget &widget)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    widget.grab().save(&buffer, "PNG");
    return bytes;
}

QByteArray svgOf(QWidget &widget)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(widget.size());
    generator.setViewBox(widget.rect());
    generator.setTitle(widget.window()->windowTitle());
    // As fine as the screen, or else fonts grow by the difference.
    generator.setResolution(widget.logicalDpiX());
    QPainter painter(&generator);
    widget.render(&painter);
    painter.end();
    return bytes;
}

QStringList filters()
{
    return {tr("PNG picture (*.png)"),
            tr("SVG drawing (*.svg)"),
            tr("Samples of the charts (*.csv)"),
            tr("Stalls (*.stalls.csv)"),
            tr("Timers (*.timers.csv)"),
            tr("Receivers (*.receivers.csv)"),
            tr("Stacks of the stalls, folded (*.folded)"),
            tr("Stacks of the stalls for speedscope (*.speedscope.json)")};
}

/// ".png"
QString endingOf(const QString &filter)
{
    return filter.section(QStringLiteral("(*"), -1).chopped(1);
}

} // namespace

QString exportPicture(QWidget &widget, const QString &path)
{
    const bool vectors = path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive);
    return writeWhole(path, vectors ? svgOf(widget) : pngOf(widget));
}

QString askWhereToExport(QWidget *window, const QString &base)
{
    QFileDialog dialog(window, tr("Export to"), QFileInfo(base).path());
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setNameFilters(filters());
    QString ending = endingOf(dialog.selectedNameFilter());
    dialog.selectFile(base + ending);
    QObject::connect(&dialog, &QFileDialog::filterSelected, &dialog, [&](const QString &filter) {
        QString path = dialog.selectedFiles().value(0, base);
        path.chop(path.endsWith(ending) ? ending.size() : 0);
        ending = endingOf(filter);
        dialog.selectFile(path + ending);
    });
    return dialog.exec() == QDialog::Accepted ? dialog.selectedFiles().value(0) : QString();
}

} // namespace Flywheel::Monitor
