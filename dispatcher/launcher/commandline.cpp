// SPDX-License-Identifier: MIT
#include "commandline.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace Flywheel::Preload {

using Request = CommandLine::Request;

const char helpText[] =
    "Usage: flywheel-run [options] [--] program [arguments]\n"
    "       flywheel-run --dump [process [file]]\n"
    "       flywheel-run --attach|--detach|--relay process\n"
    "\n"
    "Runs an unmodified Qt 6 program with Flywheel as the event dispatcher of its\n"
    "main thread and of its QThreads. Programs without Qt 6, and threads that have a\n"
    "dispatcher of their own, run as they do without Flywheel.\n"
    "\n"
    "Options:\n"
    "  --poller NAME  how loops wait in the kernel: epoll or poll\n"
    "  --glib         serve GLib's event sources in console programs and threads\n"
    "  --observe      leave Qt's dispatchers in place and only record their loops\n"
    "  --stats        print a summary of all loops on stderr when the program exits, with\n"
    "                 the stacks of the longest stalls\n"
    "  --no-metrics   record nothing: no figures, and the least cost\n"
    "  --children     let the program's child processes run on Flywheel too\n"
    "  --dump         list the processes whose last handlers are known\n"
    "  --dump PROCESS [FILE]\n"
    "                 print the last handlers of a process (by its id) that runs, hangs or\n"
    "                 has crashed: what it runs now, the slowest ones, the last 50 of each\n"
    "                 loop. With FILE: all of them go there; - is the standard output;\n"
    "                 FILE.json is a trace for ui.perfetto.dev\n"
    "  --attach PROCESS\n"
    "                 observe the loops of a program that runs already, given by its id or\n"
    "                 name, without a restart; needs gdb\n"
    "  --detach PROCESS\n"
    "                 end that\n"
    "  --relay PROCESS\n"
    "                 copy its telemetry to the standard output: what flywheel-monitor\n"
    "                 ssh://device/app starts on the device\n"
    "  --help         print this text\n"
    "  --version      print the version\n"
    "\n"
    "Environment:\n"
    "  FLYWHEEL_POLLER=NAME  as --poller NAME\n"
    "  FLYWHEEL_GLIB=1       as --glib\n"
    "  FLYWHEEL_OBSERVE=1    as --observe\n"
    "  FLYWHEEL_STATS=1      as --stats\n"
    "  FLYWHEEL_METRICS=0    as --no-metrics; 1: record, whatever the program says\n"
    "  FLYWHEEL_CHILDREN=1   as --children\n"
    "  FLYWHEEL_JOURNAL=0    keep no file of the last handlers for --dump\n"
    "  FLYWHEEL_STACKS=0     do not look at the stacks of stalled threads\n"
    "  FLYWHEEL_TELEMETRY=0  do not let flywheel-monitor watch the program\n"
    "  FLYWHEEL_VERBOSE=1    print a line on stderr for each thread that gets Flywheel\n"
    "\n"
    "The exit code is the program's own; 2 means that it could not be started.\n"
    "With --dump it is 0, or 1 if the process has no journal. With --attach, --detach\n"
    "and --relay it is 0, or 1 if the program cannot be reached.\n";

static CommandLine invalid(std::string error)
{
    CommandLine result;
    result.error = std::move(error);
    return result;
}

static CommandLine informative(Request request)
{
    CommandLine result;
    result.request = request;
    return result;
}

static bool isPoller(std::string_view name)
{
    constexpr std::array<std::string_view, 2> names = {"epoll", "poll"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// "--poller NAME" or "--poller=NAME"; \a word is left at the last word that belongs to it.
static const char *pollerArgument(char **&word)
{
    constexpr std::string_view assigned = "--poller=";
    if (std::string_view(*word).starts_with(assigned))
        return *word + assigned.size();
    return word[1] ? *++word : nullptr;
}

static bool *flagOf(CommandLine &line, std::string_view option)
{
    struct Flag
    {
        std::string_view option;
        bool CommandLine::*member;
    };
    static constexpr Flag flags[] = {{"--glib", &CommandLine::glib},
                                     {"--observe", &CommandLine::observe},
                                     {"--stats", &CommandLine::stats},
                                     {"--no-metrics", &CommandLine::noMetrics},
                                     {"--children", &CommandLine::children}};
    const auto found = std::ranges::find(flags, option, &Flag::option);
    return found == std::end(flags) ? nullptr : &(line.*found->member);
}

static CommandLine runProgram(CommandLine result, char **program)
{
    if (!*program)
        return invalid("no program given; use: flywheel-run [options] [--] program [arguments]");
    if (result.observe && (result.glib || !result.poller.empty()))
        return invalid("--observe leaves Qt's dispatchers in place; leave out --poller and --glib");
    if (result.noMetrics && (result.observe || result.stats))
        return invalid("--no-metrics leaves nothing to show; leave out --observe and --stats");
    result.request = Request::Run;
    result.program = program;
    return result;
}

/// \a words: those after --dump.
static CommandLine dumpProcess(char **words)
{
    CommandLine result = informative(Request::Dump);
    if (!words[0])
        return result;
    result.dumpProcess = words[0];
    if (!words[1])
        return result;
    result.dumpFile = words[1];
    return words[2] ? invalid("--dump takes a process and a file, not more") : result;
}

/// \a words: those after \a option.
static CommandLine aboutProcess(Request request, const std::string &option, char **words)
{
    if (!words[0] || words[1])
        return invalid(option + " takes one process: its id or its name");
    CommandLine result = informative(request);
    result.process = words[0];
    return result;
}

/// What is about a process that runs already, and stands alone.
static std::optional<Request> requestOf(std::string_view option)
{
    if (option == "--attach")
        return Request::Attach;
    if (option == "--detach")
        return Request::Detach;
    return option == "--relay" ? std::optional(Request::Relay) : std::nullopt;
}

CommandLine parseCommandLine(char **argv)
{
    CommandLine result;
    char **word = argv + 1;
    const std::string_view first = *word ? *word : "";
    if (first == "--dump")
        return dumpProcess(word + 1);
    if (const std::optional<Request> request = requestOf(first))
        return aboutProcess(*request, *word, word + 1);
    for (; *word && **word == '-'; ++word) {
        const std::string_view option = *word;
        if (option == "--")
            return runProgram(result, word + 1);
        if (option == "--help")
            return informative(Request::Help);
        if (option == "--dump")
            return invalid("--dump runs no program; use: flywheel-run --dump [process [file]]");
        if (requestOf(option))
            return invalid(std::string(option) + " runs no program and takes no other option");
        if (option == "--version")
            return informative(Request::Version);
        if (bool *const flag = flagOf(result, option)) {
            *flag = true;
        } else if (option == "--poller" || option.starts_with("--poller=")) {
            const char *name = pollerArgument(word);
            if (!name || !isPoller(name))
                return invalid(name ? "unknown poller '" + std::string(name) + "'; choose epoll or poll"
                                    : "--poller needs a name: epoll or poll");
            result.poller = name;
        } else {
            return invalid("unknown option '" + std::string(option) +
                           "'; 'flywheel-run --help' lists the options");
        }
    }
    return runProgram(result, word);
}

} // namespace Flywheel::Preload
