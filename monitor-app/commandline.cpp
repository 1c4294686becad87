// SPDX-License-Identifier: MIT
#include "commandline.h"

#include "widgets/actions.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qregularexpression.h>

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

constexpr int WrongUse = 2;

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::CommandLine", text);
}

struct Options
{
    QCommandLineOption text{QStringLiteral("text"),
                            tr("Print a table in the terminal instead of opening a window.")};
    QCommandLineOption after{QStringLiteral("after"),
                             tr("Print or write once, <seconds> after the start, and end."),
                             QStringLiteral("seconds")};
    QCommandLineOption all{
        QStringLiteral("all"),
        tr("With --text: print all loops, stalls and findings, however many lines they take.")};
    QCommandLineOption screenshot{QStringLiteral("screenshot"),
                                  tr("Write a picture of the window to <file> and end."),
                                  QStringLiteral("file")};
    QCommandLineOption theme{QStringLiteral("theme"), tr("dark or light."), QStringLiteral("name")};
    QCommandLineOption size{QStringLiteral("size"), tr("Size of the window, for example 1280x720."),
                            QStringLiteral("WxH")};
    QCommandLineOption window{QStringLiteral("window"),
                              tr("How much time the charts show: 10, 60 or 600 seconds."),
                              QStringLiteral("seconds")};
};

using Complaint = QString; ///< empty: none

Complaint takeAfter(const QString &value, CommandLine &line)
{
    bool valid = false;
    const double seconds = value.toDouble(&valid);
    if (!valid || !(seconds >= 0) || seconds > 1e6)
        return tr("--after needs a number of seconds, not “%1”").arg(value);
    line.after = std::chrono::milliseconds(std::llround(seconds * 1000));
    return {};
}

Complaint takeTheme(const QString &value, CommandLine &line)
{
    if (value != QLatin1String("dark") && value != QLatin1String("light"))
        return tr("--theme needs dark or light, not “%1”").arg(value);
    line.theme = value == QLatin1String("dark") ? Theme::Kind::Dark : Theme::Kind::Light;
    return {};
}

Complaint takeSize(const QString &value, CommandLine &line)
{
    static const QRegularExpression form(QStringLiteral("^(\\d{3,5})x(\\d{3,5})$"));
    const QRegularExpressionMatch match = form.match(value);
    if (!match.hasMatch())
        return tr("--size needs a width and a height such as 1280x720, not “%1”").arg(value);
    line.size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    return {};
}

Complaint takeWindow(const QString &value, CommandLine &line)
{
    const std::chrono::seconds seconds(value.toInt());
    if (std::find(Actions::Windows.begin(), Actions::Windows.end(), seconds) == Actions::Windows.end())
        return tr("--window needs 10, 60 or 600, not “%1”").arg(value);
    line.window = seconds;
    return {};
}

/// A program's file of that name may lie in the working directory.
bool isRecording(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(16).startsWith("SQLite format 3");
}

Complaint takeTarget(const QStringList &arguments, CommandLine &line)
{
    if (arguments.size() > 1)
        return tr("give only one process, name or recording, not “%1”").arg(arguments.join(QLatin1Char(' ')));
    if (arguments.isEmpty())
        return {};
    const QString &target = arguments.front();
    const bool isPath = target.contains(QLatin1Char('/')) || target.contains(QDir::separator()) ||
                        target.endsWith(QLatin1String(".flywheel"));
    if (isPath && !QFileInfo(target).isFile())
        return tr("there is no recording “%1”; check the path").arg(target);
    (isPath || isRecording(target) ? line.recording : line.target) = target;
    return {};
}

Complaint takeAll(const QCommandLineParser &parser, const Options &options, CommandLine &line)
{
    line.text = parser.isSet(options.text);
    line.all = parser.isSet(options.all);
    line.screenshot = parser.value(options.screenshot);
    if (line.text && parser.isSet(options.screenshot))
        return tr("give either --text or --screenshot");
    if (line.all && !line.text)
        return tr("--all works with --text only");
    using Taker = Complaint (*)(const QString &, CommandLine &);
    const std::pair<const QCommandLineOption &, Taker> takers[] = {{options.after, takeAfter},
                                                                   {options.theme, takeTheme},
                                                                   {options.size, takeSize},
                                                                   {options.window, takeWindow}};
    for (const auto &[option, take] : takers)
        if (parser.isSet(option))
            if (Complaint complaint = take(parser.value(option), line); !complaint.isEmpty())
                return complaint;
    if (line.after && !line.text && line.screenshot.isEmpty())
        return tr("--after works with --text or --screenshot only");
    return takeTarget(parser.positionalArguments(), line);
}

} // namespace

std::optional<CommandLine::Exit> CommandLine::parse(const QStringList &arguments, CommandLine &commandLine)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Shows the event loops of running programs, live."));
    parser.addPositionalArgument(QStringLiteral("program"),
                                 tr("A process id, a program's name, or a recording."),
                                 QStringLiteral("[pid | name | recording]"));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    parser.addOptions({options.text, options.all, options.after, options.screenshot, options.theme,
                       options.size, options.window});

    const auto complain = [](const QString &text) {
        return Exit{WrongUse, QStringLiteral("flywheel-monitor: %1; --help lists the options\n").arg(text)};
    };
    if (!parser.parse(arguments)) {
        QString text = parser.errorText();
        text.chop(text.endsWith(QLatin1Char('.')) ? 1 : 0);
        return complain(text);
    }
    if (parser.isSet(help))
        return Exit{0, parser.helpText()};
    if (parser.isSet(version))
        return Exit{0, QStringLiteral("flywheel-monitor %1\n").arg(QCoreApplication::applicationVersion())};
    if (const Complaint complaint = takeAll(parser, options, commandLine); !complaint.isEmpty())
        return complain(complaint);
    return {};
}

} // namespace Flywheel::Monitor
