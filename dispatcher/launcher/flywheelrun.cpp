// SPDX-License-Identifier: MIT
// flywheel-run: starts a program with the shim preloaded.
#include "attach.h"
#include "commandline.h"
#include "dump.h"
#include "journal/journalfiles.h"
#include "names.h"
#include "preloadlist.h"
#include "relay.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

using namespace Flywheel::Preload;
namespace fs = std::filesystem;

namespace {

constexpr int wrongUse = 2;

[[noreturn]] void refuse(const std::string &line)
{
    std::fprintf(stderr, "flywheel-run: %s\n", line.c_str());
    std::exit(wrongUse);
}

/// The launcher's libraries are in the library directory beside it: the build tree's, or the one it was
/// configured to install to.
fs::path findLibrary(const char *name)
{
    std::error_code error;
    const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
    if (error)
        refuse("cannot read /proc/self/exe (" + error.message() + "); mount /proc");
    for (const char *directory : {FLYWHEEL_LIBDIR_FROM_BINDIR, "../lib"}) {
        fs::path library = (here / directory / name).lexically_normal();
        if (fs::exists(library, error))
            return library;
    }
    refuse("cannot find " + std::string(name) + " in the library directory beside " + here.string() +
           "; build or install Flywheel completely");
}

std::string preloadList(const fs::path &shim)
{
    if (shim.native().find_first_of(preloadSeparators) != std::string::npos)
        refuse("cannot preload '" + shim.string() +
               "': LD_PRELOAD takes no path with a space or a colon; move Flywheel");
    const char *inherited = std::getenv(preloadVariable);
    std::string others = inherited ? inherited : "";
    removeFromPreloadList(others.data(), shimFile);
    others.resize(std::strlen(others.c_str()));
    return others.empty() ? shim.string() : shim.string() + ':' + others;
}

/// The file that execvp() would run for \a program.
std::optional<fs::path> findInPath(const std::string &program)
{
    const char *variable = std::getenv("PATH");
    std::string_view rest = variable ? variable : "/bin:/usr/bin";
    for (bool last = false; !last;) {
        const std::size_t end = rest.find(':');
        last = end == std::string_view::npos;
        const std::string_view directory = rest.substr(0, end);
        const fs::path file = fs::path(directory.empty() ? "." : directory) / program;
        if (access(file.c_str(), X_OK) == 0 && !fs::is_directory(file))
            return file;
        rest.remove_prefix(last ? rest.size() : end + 1);
    }
    return {};
}

/// The linker ignores LD_PRELOAD where the program gets other rights than its caller's (ld.so(8)).
void warnIfPrivileged(const fs::path &program)
{
    struct stat status;
    if (stat(program.c_str(), &status) != 0)
        return;
    const bool setsUser = (status.st_mode & S_ISUID) && status.st_uid != getuid();
    const bool setsGroup = (status.st_mode & S_ISGID) && status.st_gid != getgid();
    if (setsUser || setsGroup) {
        std::fprintf(
            stderr,
            "flywheel-run: '%s' is a set-user-ID or set-group-ID program: the system ignores LD_PRELOAD "
            "for it, so it runs without Flywheel\n",
            program.c_str());
    }
}

fs::path findProgram(const std::string &program)
{
    if (program.find('/') != std::string::npos)
        return program;
    const std::optional<fs::path> file = findInPath(program);
    if (!file)
        refuse("cannot find the program '" + program + "' in PATH; check the name, or give its path");
    return *file;
}

void set(const char *variable, const std::string &value)
{
    if (setenv(variable, value.c_str(), 1) != 0)
        refuse(std::string("cannot set ") + variable + ": " + std::strerror(errno));
}

[[noreturn]] void run(const CommandLine &commandLine)
{
    const fs::path program = findProgram(*commandLine.program);
    warnIfPrivileged(program);
    for (const std::string &directory : Flywheel::journalDirectories())
        Flywheel::removeOldJournals(directory);
    set(preloadVariable, preloadList(findLibrary(shimFile)));
    if (!commandLine.poller.empty())
        set(pollerVariable, commandLine.poller);
    const auto setIf = [](bool wanted, const char *variable) {
        if (wanted)
            set(variable, "1");
    };
    setIf(commandLine.glib, glibVariable);
    setIf(commandLine.observe, observeVariable);
    setIf(commandLine.stats, statsVariable);
    if (commandLine.noMetrics)
        set(metricsVariable, "0");
    setIf(commandLine.children, childrenVariable);
    setIf(!std::getenv(telemetryVariable), telemetryVariable);
    execvp(program.c_str(), commandLine.program);
    refuse("cannot run '" + program.string() + "': " + std::strerror(errno) +
           "; give the path of an executable program");
}

} // namespace

int main(int, char **argv)
{
    const CommandLine commandLine = parseCommandLine(argv);
    switch (commandLine.request) {
    case CommandLine::Request::Run:
        run(commandLine);
    case CommandLine::Request::Dump:
        return dump(commandLine.dumpProcess, commandLine.dumpFile);
    case CommandLine::Request::Attach:
        return attach(Attachment::Attach, commandLine.process, findLibrary(attachmentFile));
    case CommandLine::Request::Detach:
        return attach(Attachment::Detach, commandLine.process, findLibrary(attachmentFile));
    case CommandLine::Request::Relay:
        return relay(commandLine.process);
    case CommandLine::Request::Help:
        std::fputs(helpText, stdout);
        return EXIT_SUCCESS;
    case CommandLine::Request::Version:
        std::puts("flywheel-run " FLYWHEEL_VERSION);
        return EXIT_SUCCESS;
    case CommandLine::Request::Invalid:
        break;
    }
    refuse(commandLine.error);
}
