// SPDX-License-Identifier: MIT
#include "format.h"

#include "base/plaintext.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qmetaobject.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace Flywheel::Monitor::Format {

using namespace std::chrono_literals;

namespace {

struct Unit
{
    double size;
    const char *symbol;
};

constexpr std::array DurationUnits{Unit{1, "ns"}, Unit{1e3, "µs"}, Unit{1e6, "ms"}, Unit{1e9, "s"}};
constexpr std::array RateUnits{Unit{1, "/s"}, Unit{1e3, "k/s"}, Unit{1e6, "M/s"}, Unit{1e9, "G/s"}};
constexpr std::array CountUnits{Unit{1, ""}, Unit{1e3, "k"}, Unit{1e6, "M"}, Unit{1e9, "G"}, Unit{1e12, "T"}};
constexpr std::array ByteUnits{Unit{1, "B"}, Unit{1e3, "KB"}, Unit{1e6, "MB"}, Unit{1e9, "GB"},
                               Unit{1e12, "TB"}};

QString withSymbol(const QString &number, const char *symbol)
{
    return *symbol ? number + QLatin1Char(' ') + QString::fromUtf8(symbol) : number;
}

/// Decimals that make three significant digits of \a value, which is at least 0; as it will be rounded.
int decimalsFor(double value)
{
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

/// The largest unit in which \a value is at least 1, once rounded.
const Unit &unitFor(double value, std::span<const Unit> units)
{
    std::size_t index = 0;
    while (index + 1 < units.size() && value / units[index].size >= 999.5)
        ++index;
    return units[index];
}

enum class Smallest { Whole, Divisible };

QString scaled(double value, std::span<const Unit> units, Smallest smallest)
{
    const double size = std::abs(value);
    const Unit &unit = unitFor(size, units);
    const bool whole = smallest == Smallest::Whole && &unit == units.data();
    const int decimals = whole || size == 0 ? 0 : decimalsFor(size / unit.size);
    return withSymbol(QString::number(value / unit.size, 'f', decimals), unit.symbol);
}

QString pair(qint64 large, const char *largeSymbol, qint64 small, const char *smallSymbol)
{
    return withSymbol(QString::number(large), largeSymbol) + QLatin1Char(' ') +
           withSymbol(QString::number(small), smallSymbol);
}

QDateTime local(WallTime time)
{
    using std::chrono::milliseconds;
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<milliseconds>(time.time_since_epoch()).count());
}

/// As QEvent::Type names it.
QString eventName(std::int64_t type)
{
    static const QMetaEnum names = QMetaEnum::fromType<QEvent::Type>();
    const bool isUsers = type < 0 || type >= QEvent::User;
    const char *const name = isUsers ? nullptr : names.valueToKey(static_cast<int>(type));
    return name ? QStringLiteral("%1 event").arg(QLatin1String(name))
                : QStringLiteral("event type %1").arg(type);
}

QString withoutTrailingZeros(QString number)
{
    while (number.endsWith(QLatin1Char('0')))
        number.chop(1);
    if (number.endsWith(QLatin1Char('.')))
        number.chop(1);
    return number;
}

} // namespace

QString duration(std::chrono::nanoseconds value)
{
    if (std::chrono::abs(value) < 59'950ms)
        return scaled(static_cast<double>(value.count()), DurationUnits, Smallest::Whole);
    const auto seconds = std::chrono::round<std::chrono::seconds>(value).count();
    if (std::abs(seconds) < 3600)
        return pair(seconds / 60, "min", std::abs(seconds % 60), "s");
    return pair(seconds / 3600, "h", std::abs(seconds / 60 % 60), "min");
}

QString longest(std::chrono::nanoseconds value, bool isBound)
{
    return isBound ? QStringLiteral("≤ ") + duration(value) : duration(value);
}

QString atLeast(const QString &figure, bool isLeast)
{
    return isLeast ? QStringLiteral("≥ ") + figure : figure;
}

QString rate(double perSecond)
{
    return scaled(perSecond, RateUnits, Smallest::Divisible);
}

QString percent(double share)
{
    const double value = share * 100;
    if (value > 0 && value < 0.05)
        return QStringLiteral("< 0.1 %");
    const int decimals = value != 0 && std::abs(value) < 9.95 ? 1 : 0;
    return withSymbol(QString::number(value, 'f', decimals), "%");
}

QString count(std::uint64_t value)
{
    if (value < 10'000)
        return QString::number(value);
    return scaled(static_cast<double>(value), CountUnits, Smallest::Whole);
}

QString mean(double value)
{
    return scaled(value, CountUnits, Smallest::Divisible);
}

QString bytes(std::uint64_t value)
{
    return scaled(static_cast<double>(value), ByteUnits, Smallest::Whole);
}

QString clockTime(WallTime time)
{
    return local(time).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString clockTime(std::chrono::nanoseconds sinceEpoch, int decimals)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(sinceEpoch);
    QString text = QDateTime::fromSecsSinceEpoch(seconds.count()).toString(QStringLiteral("HH:mm:ss"));
    if (decimals <= 0)
        return text;
    const auto fraction = static_cast<qint64>((sinceEpoch - seconds).count());
    return text + QLatin1Char('.') +
           QStringLiteral("%1").arg(fraction, 9, 10, QLatin1Char('0')).left(decimals);
}

QString dateTime(WallTime time)
{
    return local(time).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
}

QString elapsed(std::chrono::nanoseconds value)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(value).count();
    const auto two = [](qint64 number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); };
    return two(seconds / 3600) + QLatin1Char(':') + two(seconds / 60 % 60) + QLatin1Char(':') +
           two(seconds % 60);
}

QString interval(std::chrono::nanoseconds value)
{
    if (value == 0ns)
        return QStringLiteral("0 ms");
    const double size = static_cast<double>(value.count());
    if (value >= 60s)
        return withSymbol(withoutTrailingZeros(QString::number(size / 60e9, 'f', 2)), "min");
    const Unit &unit = unitFor(size, DurationUnits);
    return withSymbol(withoutTrailingZeros(QString::number(size / unit.size, 'f', 3)), unit.symbol);
}

QString framesPerSecond(double value)
{
    return QString::number(value, 'f', 1) + QStringLiteral(" frames/s");
}

QString speed(double factor)
{
    return QChar(0x00d7) + QString::number(factor, 'g', 3);
}

QString handlerKind(HandlerKind kind)
{
    switch (kind) {
    case HandlerKind::Timer:
        return QStringLiteral("timer");
    case HandlerKind::Notifier:
        return QStringLiteral("notifier");
    case HandlerKind::PostedBatch:
        return QStringLiteral("posted events");
    case HandlerKind::Task:
        return QStringLiteral("task");
    case HandlerKind::PostedEvent:
        return QStringLiteral("posted event");
    case HandlerKind::WindowEvent:
        return QStringLiteral("window event");
    }
    return {};
}

QString timerType(Qt::TimerType type)
{
    switch (type) {
    case Qt::PreciseTimer:
        return QStringLiteral("precise");
    case Qt::CoarseTimer:
        return QStringLiteral("coarse");
    case Qt::VeryCoarseTimer:
        return QStringLiteral("very coarse");
    }
    return {};
}

QString handlerId(HandlerKind kind, std::int64_t id)
{
    if (id == 0 && kind != HandlerKind::Notifier)
        return {};
    switch (kind) {
    case HandlerKind::Timer:
        return id < 0 ? QStringLiteral("timeout %1").arg(-id) : QStringLiteral("timer %1").arg(id);
    case HandlerKind::Notifier:
        return QStringLiteral("descriptor %1").arg(id);
    case HandlerKind::PostedEvent:
    case HandlerKind::WindowEvent:
        return eventName(id);
    case HandlerKind::PostedBatch:
    case HandlerKind::Task:
        break;
    }
    return {};
}

std::string plain(std::string_view utf8)
{
    return plainText(utf8, "\uFFFD");
}

QString plain(const QString &name)
{
    return QString::fromStdString(plain(std::string_view(name.toStdString())));
}

QString literally(const QString &text)
{
    // Qt::mightBeRichText() takes nothing else for HTML.
    if (!text.contains(QLatin1Char('<')) && !text.contains(QLatin1String("&lt;")))
        return text;
    return QStringLiteral("<qt>%1</qt>")
        .arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
}

QString none()
{
    return QStringLiteral("–");
}

} // namespace Flywheel::Monitor::Format
