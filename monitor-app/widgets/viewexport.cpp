// SPDX-License-Identifier: MIT
#include "viewexport.h"

#include "model/process.h"

#include <QtCore/qbuffer.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qsavefile.h>
#include <QtGui/qpainter.h>
#include <QtSvg/qsvggenerator.h>
#include <QtWidgets/qwidget.h>

namespace Flywheel::Monitor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Export", text);
}

/// Unbuffered: what a full disk takes only in part goes unnoticed when a buffer is flushed. The next write
/// then tells why.
bool writeAll(QSaveFile &file, const QByteArray &bytes)
{
    qint64 done = 0;
    while (done < bytes.size()) {
        const qint64 written = file.write(bytes.constData() + done, bytes.size() - done);
        if (written <= 0)
            return false;
        done += written;
    }
    return true;
}

QString writeFile(const QString &path, const QByteArray &bytes)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isFile())
        return tr("Cannot write %1: it is no file. Choose another name.").arg(path);
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && writeAll(file, bytes) && file.commit())
        return {};
    return tr("Cannot write %1: %2. Choose another place.").arg(path, file.errorString());
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

constexpr auto CsvHeader = "process,pid,loop,time,interval_s,utilisation,handler_p50_ns,handler_p90_ns,"
                           "handler_p99_ns,handler_max_ns,"
                           "timer_lateness_p99_ns,task_wait_p99_ns,pass_p99_ns,timers_per_s,notifiers_per_s,"
                           "posted_batches_per_s,tasks_per_s,"
                           "window_events_per_s,task_depth,posted_depth,oldest_task_age_ns,stalls\n";

/// Quoted as RFC 4180 says. What a spreadsheet would take for a formula begins with an apostrophe.
QByteArray quoted(const QString &text)
{
    QString doubled = text;
    if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text.front()))
        doubled.prepend(QLatin1Char('\''));
    doubled.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return '"' + doubled.toUtf8() + '"';
}

QByteArray timeText(WallTime wall)
{
    const auto ms = std::chrono::time_point_cast<std::chrono::milliseconds>(wall).time_since_epoch().count();
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs).toUtf8();
}

QByteArray durationText(const SeriesSample &series, ShortDuration duration)
{
    return series.count > 0 ? QByteArray::number(double(duration.count()), 'f', 0) : QByteArray();
}

QByteArray lineOf(const QByteArray &loop, const Sample &sample)
{
    const auto number = [](double value) { return QByteArray::number(value, 'g', 6); };
    const SeriesSample &handler = sample.of(SeriesKind::Handler);
    QByteArrayList cells{loop,
                         timeText(sample.wall),
                         number(std::chrono::duration<double>(sample.span.length()).count()),
                         number(sample.utilisation()),
                         durationText(handler, handler.p50),
                         durationText(handler, handler.p90),
                         durationText(handler, handler.p99),
                         durationText(handler, handler.max)};
    for (const SeriesKind kind : {SeriesKind::TimerLateness, SeriesKind::TaskWait, SeriesKind::Pass})
        cells << durationText(sample.of(kind), sample.of(kind).p99);
    for (const HandlerKind kind : {HandlerKind::Timer, HandlerKind::Notifier, HandlerKind::PostedBatch,
                                   HandlerKind::Task, HandlerKind::WindowEvent})
        cells << number(sample.perSecond(sample.runs[static_cast<std::size_t>(kind)]));
    cells << QByteArray::number(sample.taskDepth)
          << (sample.postedDepth ? QByteArray::number(*sample.postedDepth) : QByteArray())
          << QByteArray::number(double(sample.oldestTaskAge.count()), 'f', 0)
          << QByteArray::number(sample.stalls);
    return cells.join(',') + '\n';
}

} // namespace

QString exportPicture(QWidget &widget, const QString &path)
{
    const bool vectors = path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive);
    return writeFile(path, vectors ? svgOf(widget) : pngOf(widget));
}

QString exportCsv(const QList<Loop *> &loops, TimeSpan span, const QString &path)
{
    QByteArray text(CsvHeader);
    for (const Loop *loop : loops) {
        const QByteArray name = quoted(loop->process().name()) + ',' +
                                QByteArray::number(loop->process().processId()) + ',' + quoted(loop->name());
        loop->history().forEach(span, [&](const Sample &sample) { text += lineOf(name, sample); });
    }
    return writeFile(path, text);
}

QString exportFilters()
{
    return tr("PNG picture (*.png);;SVG drawing (*.svg);;CSV table of the samples (*.csv)");
}

} // namespace Flywheel::Monitor
