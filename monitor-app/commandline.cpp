// SPDX-License-Identifier: MIT
#include "commandline.h"

#include "model/dataexport.h"
#include "model/relay.h"
#include "model/replay.h"
#include "widgets/actions.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qurl.h>

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
    QCommandLineOption crashed{
        QStringLiteral("crashed"),
        tr("Show what a program did last that has died: the one that is named, or the last one.")};
    QCommandLineOption screenshot{QStringLiteral("screenshot"),
                                  tr("Write a picture of the window to <file> and end."),
                                  QStringLiteral("file")};
    QCommandLineOption exportFile{
        QStringLiteral("export"),
        tr("Write a recording's stacks of stalls (.folded, .speedscope.json) or figures (.csv, .stalls.csv, "
           ".timers.csv, .receivers.csv) to <file> and end."),
        QStringLiteral("file")};
    QCommandLineOption theme{QStringLiteral("theme"), tr("dark or light."), QStringLiteral("name")};
    QCommandLineOption size{QStringLiteral("size"), tr("Size of the window, for example 1280x720."),
                            QStringLiteral("WxH")};
    QCommandLineOption window{QStringLiteral("window"),
                              tr("How much time the charts show: 10, 60 or 600 seconds."),
                              QStringLiteral("seconds")};
    QCommandLineOption socket{QStringLiteral("socket"),
                              tr("Watch the program behind <path>, a socket that was forwarded from another "
                                 "machine."),
                              QStringLiteral("path")};
    QCommandLineOption via{QStringLiteral("via"),
                           tr("Watch the program that <command> reaches, such as \"docker exec -i box "
                              "flywheel-run --relay app\"."),
                           QStringLiteral("command")};
    QCommandLineOption record{QStringLiteral("record"),
                              tr("Without a window: record to <file> until the program ends, or as long as "
                                 "--for says."),
                              QStringLiteral("file")};
    QCommandLineOption duration{QStringLiteral("for"),
                                tr("Without a window: watch for <seconds> from the first figures on, print "
                                   "the figures of that time, and end. Of a recording: its last <seconds>."),
                                QStringLiteral("seconds")};
    QCommandLineOption limit{QStringLiteral("fail-if"),
                             tr("Without a window: end with exit code 3 if a loop breaks <limit>, such as "
                                "p99>16ms, main:stalls>0 or busy>80%. May be given several times."),
                             QStringLiteral("limit")};
    QCommandLineOption json{QStringLiteral("json"), tr("Without a window: print the figures as JSON.")};
};

/// How far back figures go for certain (LoopHistory).
constexpr std::chrono::minutes LongestWatch{90};
/// Where nobody says how long.
constexpr std::chrono::seconds UsualWatch{5};

using Complaint = QString; ///< empty: none

std::optional<std::chrono::milliseconds> toSeconds(const QString &value)
{
    bool valid = false;
    const double seconds = value.toDouble(&valid);
    if (!valid || !(seconds >= 0) || seconds > 1e6)
        return std::nullopt;
    return std::chrono::milliseconds(std::llround(seconds * 1000));
}

Complaint takeAfter(const QString &value, CommandLine &line)
{
    line.after = toSeconds(value);
    return line.after ? QString() : tr("--after needs a number of seconds, not “%1”").arg(value);
}

Complaint takeDuration(const QString &value, CommandLine &line)
{
    line.duration = toSeconds(value);
    const bool isRight = line.duration && *line.duration > std::chrono::milliseconds(0);
    if (!isRight || *line.duration > LongestWatch)
        return tr("--for needs a number of seconds, at most 5400, not “%1”").arg(value);
    return {};
}

Complaint takeLimits(const QStringList &values, CommandLine &line)
{
    for (const QString &value : values) {
        QString complaint;
        const std::optional<Limit> limit = Limit::parse(value, complaint);
        if (!limit)
            return tr("--fail-if: %1").arg(complaint);
        line.limits.push_back(*limit);
    }
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

Complaint takeSocket(const QString &value, CommandLine &line)
{
    line.socket = QFileInfo(value).absoluteFilePath();
    line.place = QFileInfo(value).fileName();
    if (value.isEmpty())
        return tr("--socket needs a path");
    return QFileInfo::exists(value) ? QString() : tr("there is no socket “%1”").arg(value);
}

Complaint takeVia(const QString &value, CommandLine &line)
{
    line.relay = QProcess::splitCommand(value);
    line.place = line.relay.isEmpty() ? QString() : QFileInfo(line.relay.front()).fileName();
    return line.relay.isEmpty() ? tr("--via needs a command") : QString();
}

Complaint takeTarget(const QStringList &arguments, CommandLine &line)
{
    const int targets = int(arguments.size()) + !line.socket.isEmpty() + !line.relay.isEmpty();
    if (targets > 1 && arguments.size() < 2)
        return tr("--socket, --via and a program exclude each other");
    if (arguments.size() > 1)
        return tr("give only one process, name or recording, not “%1”").arg(arguments.join(QLatin1Char(' ')));
    if (arguments.isEmpty())
        return {};
    const QString &target = arguments.front();
    if (target.startsWith(QLatin1String("ssh://"))) {
        Complaint complaint;
        line.relay = Relay::sshCommand(target, complaint);
        line.place = QUrl(target).host();
        return complaint;
    }
    const bool isPath = target.contains(QLatin1Char('/')) || target.contains(QDir::separator()) ||
                        target.endsWith(QLatin1String(".flywheel"));
    if (isPath && !QFileInfo(target).isFile())
        return tr("there is no recording “%1”; check the path").arg(target);
    (isPath || isRecording(target) ? line.recording : line.target) = target;
    return {};
}

/// What is meant for a window does not go with what does without.
Complaint checkWatch(const QCommandLineParser &parser, const Options &options, CommandLine &line)
{
    if (!line.isWatch())
        return {};
    for (const QCommandLineOption *const option :
         {&options.text, &options.all, &options.after, &options.screenshot, &options.theme, &options.size,
          &options.window}) {
        if (parser.isSet(*option))
            return tr("--%1 does not go with --record, --for, --fail-if and --json")
                .arg(option->names().front());
    }
    if (!line.record.isEmpty() && !line.recording.isEmpty())
        return tr("--record records live programs, not a recording");
    if (!line.duration && line.record.isEmpty() && line.recording.isEmpty())
        line.duration = UsualWatch;
    return {};
}

Complaint checkExport(const QCommandLineParser &parser, const Options &options, const CommandLine &line)
{
    if (!parser.isSet(options.exportFile))
        return {};
    if (!isDataFile(line.exportFile))
        return tr("--export needs a file whose name ends in .folded, .speedscope.json or .csv, not “%1”")
            .arg(line.exportFile);
    if (line.recording.isEmpty())
        return tr("--export needs a recording");
    for (const QCommandLineOption *const option :
         {&options.text, &options.all, &options.after, &options.screenshot, &options.theme, &options.size,
          &options.window, &options.record, &options.limit, &options.json}) {
        if (parser.isSet(*option))
            return tr("--%1 does not go with --export").arg(option->names().front());
    }
    return {};
}

Complaint takeAll(const QCommandLineParser &parser, const Options &options, CommandLine &line)
{
    line.text = parser.isSet(options.text);
    line.crashed = parser.isSet(options.crashed);
    line.all = parser.isSet(options.all);
    line.screenshot = parser.value(options.screenshot);
    line.exportFile = parser.value(options.exportFile);
    line.record = parser.value(options.record);
    line.json = parser.isSet(options.json);
    if (parser.isSet(options.record) && line.record.isEmpty())
        return tr("--record needs a file");
    if (Complaint complaint = takeLimits(parser.values(options.limit), line); !complaint.isEmpty())
        return complaint;
    if (line.text && parser.isSet(options.screenshot))
        return tr("give either --text or --screenshot");
    if (line.all && !line.text)
        return tr("--all works with --text only");
    using Taker = Complaint (*)(const QString &, CommandLine &);
    const std::pair<const QCommandLineOption &, Taker> takers[] = {
        {options.after, takeAfter},   {options.theme, takeTheme},       {options.size, takeSize},
        {options.window, takeWindow}, {options.duration, takeDuration}, {options.socket, takeSocket},
        {options.via, takeVia}};
    for (const auto &[option, take] : takers)
        if (parser.isSet(option))
            if (Complaint complaint = take(parser.value(option), line); !complaint.isEmpty())
                return complaint;
    if (line.after && !line.text && line.screenshot.isEmpty() && !line.isWatch())
        return tr("--after works with --text or --screenshot only");
    if (Complaint complaint = takeTarget(parser.positionalArguments(), line); !complaint.isEmpty())
        return complaint;
    if (line.crashed && (line.text || line.isWatch()))
        return tr("--crashed needs the window; flywheel-run --dump prints the same in a terminal");
    if (line.crashed && (!line.recording.isEmpty() || !line.socket.isEmpty() || !line.relay.isEmpty()))
        return tr("--crashed works for programs of this machine; give a process id, a name, or nothing");
    if (Complaint complaint = checkExport(parser, options, line); !complaint.isEmpty())
        return complaint;
    return checkWatch(parser, options, line);
}

} // namespace

TimeSpan CommandLine::partOf(const Replay &replay) const
{
    const TimeSpan whole = replay.span();
    const Duration length = std::min<Duration>(duration ? Duration(*duration) : Replay::Lead, Replay::Lead);
    return {std::max(whole.begin, whole.end - length), whole.end};
}

std::optional<CommandLine::Exit> CommandLine::parse(const QStringList &arguments, CommandLine &commandLine)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Shows the event loops of running programs, live."));
    parser.addPositionalArgument(QStringLiteral("program"),
                                 tr("A process id, a program's name, a recording, or the address of a "
                                    "program on another machine: ssh://user@device/app."),
                                 QStringLiteral("[pid | name | recording | address]"));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    parser.addOptions({options.text, options.all, options.crashed, options.after, options.screenshot,
                       options.theme, options.size, options.window, options.socket, options.via,
                       options.record, options.duration, options.limit, options.json, options.exportFile});

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
