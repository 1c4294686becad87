// SPDX-License-Identifier: MIT
#include "attach.h"

#include "attachscript.h"
#include "platform/uniquefd.h"
#include "processnames.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Flywheel::Preload {

namespace {

struct Answer
{
    bool isDone = false;
    std::string text; ///< how long the program stood still, in milliseconds; or why it cannot be done
};

std::string ofProcess(std::int64_t processId, const char *what)
{
    return "/proc/" + std::to_string(processId) + '/' + what;
}

/// What the system allows nobody, or not us: gdb's own words would not help.
std::string whyNotToBeTraced(std::int64_t processId)
{
    struct stat owner = {};
    if (::stat(ofProcess(processId, "").c_str(), &owner) == 0 && ::geteuid() != 0 &&
        owner.st_uid != ::geteuid())
        return "it belongs to user " + std::to_string(owner.st_uid) + "; do this as that user, or as root";
    std::ifstream status(ofProcess(processId, "status"));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("TracerPid:") && toProcessId(line.substr(line.find_last_of(" \t") + 1)))
            return "process" + line.substr(line.find_last_of(" \t")).replace(0, 1, " ") +
                   " debugs it already";
        if (line.starts_with("State:") && line.find('Z') != std::string::npos)
            return "it has ended";
        if (line.starts_with("State:") && line.find('T') != std::string::npos)
            return "it is stopped; let it go on first (kill -CONT " + std::to_string(processId) + ')';
    }
    const std::string scope = firstLineOf("/proc/sys/kernel/yama/ptrace_scope");
    if (scope == "3")
        return "the system allows no debugger (kernel.yama.ptrace_scope is 3)";
    if ((scope == "1" || scope == "2") && ::geteuid() != 0)
        return "the system lets only root debug a program that runs (kernel.yama.ptrace_scope is " + scope +
               "); do this by sudo, or start the program by flywheel-run --observe";
    return {};
}

bool hasMapped(std::int64_t processId, const std::string &library)
{
    std::ifstream maps(ofProcess(processId, "maps"));
    for (std::string line; std::getline(maps, line);) {
        if (line.find(library) != std::string::npos)
            return true;
    }
    return false;
}

std::string whyNoQt6(std::int64_t processId)
{
    if (hasMapped(processId, "/libQt6Core.so"))
        return {};
    return hasMapped(processId, "/libQt5Core.so")
               ? "it uses Qt 5; Flywheel observes Qt 6"
               : "it has not loaded libQt6Core: it does not use Qt 6, or has it linked in (a static Qt)";
}

// In gdb:
constexpr int ScriptDescriptor = 8;
constexpr int CancelDescriptor = 9;

/// gdb gives up when this end of a pipe is closed; also by our end, whatever it is.
volatile std::sig_atomic_t s_cancel = -1;

extern "C" void closeCancel(int)
{
    if (s_cancel >= 0)
        ::close(s_cancel);
    s_cancel = -1;
}

/// While it exists, a signal that would end us lets gdb give up instead: a call that is cut off in the middle
/// would break the program.
class Cancelling
{
public:
    explicit Cancelling(UniqueFd &&end)
    {
        s_cancel = end.get();
        end.release();
        struct sigaction action = {};
        action.sa_handler = closeCancel;
        for (std::size_t i = 0; i < Signals.size(); ++i)
            ::sigaction(Signals[i], &action, &m_before[i]);
    }
    ~Cancelling()
    {
        for (std::size_t i = 0; i < Signals.size(); ++i)
            ::sigaction(Signals[i], &m_before[i], nullptr);
        closeCancel(0);
    }
    Cancelling(const Cancelling &) = delete;

private:
    static constexpr std::array<int, 4> Signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    std::array<struct sigaction, Signals.size()> m_before{};
};

struct Pipe
{
    UniqueFd in;
    UniqueFd out;

    bool open()
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            return false;
        in = UniqueFd(ends[0]);
        out = UniqueFd(ends[1]);
        return true;
    }
};

/// Starts gdb in a session of its own, where no Ctrl+C reaches it. 0: it cannot be started.
pid_t startGdb(int script, int cancel, int output)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, script, ScriptDescriptor);
    ::posix_spawn_file_actions_adddup2(&actions, cancel, CancelDescriptor);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    const std::string run =
        "python import os; exec(os.fdopen(" + std::to_string(ScriptDescriptor) + ").read())";
    const std::array<const char *, 13> words = {"gdb",  "-nx",
                                                "-nh",  "-batch",
                                                "-iex", "set debuginfod enabled off",
                                                "-iex", "set auto-solib-add off",
                                                "-iex", "set print thread-events off",
                                                "-ex",  run.c_str(),
                                                nullptr};
    pid_t child = 0;
    const int error =
        ::posix_spawnp(&child, "gdb", &actions, &attributes, const_cast<char **>(words.data()), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? child : 0;
}

/// All that gdb printed; nothing if it cannot be started.
std::optional<std::string> outputOfGdb(int script)
{
    Pipe output;
    Pipe cancel;
    if (!output.open() || !cancel.open())
        return std::nullopt;
    // Before gdb runs: nobody must be ended between its start and then.
    const Cancelling cancelling(std::move(cancel.out));
    const pid_t child = startGdb(script, cancel.in.get(), output.out.get());
    output.out = UniqueFd();
    if (child == 0)
        return std::nullopt;
    std::string text;
    std::array<char, 4096> part;
    for (ssize_t length = 0; (length = ::read(output.in.get(), part.data(), part.size())) != 0;) {
        if (length > 0)
            text.append(part.data(), static_cast<std::size_t>(length));
        else if (errno != EINTR)
            break;
    }
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR)
        continue;
    return text;
}

Answer answerIn(const std::string &output)
{
    const std::size_t mark = output.rfind(answerMark);
    if (mark == std::string::npos) {
        const bool lacksPython = output.find("Python") != std::string::npos;
        return {false, lacksPython ? "this gdb has no Python; install the package gdb, not gdb-minimal"
                                   : "gdb ended without a word of ours; it said: " + output};
    }
    std::string line = output.substr(mark + std::strlen(answerMark));
    line = line.substr(0, line.find('\n'));
    const std::size_t space = line.find(' ');
    return {line.starts_with("done"), line.substr(space + 1)};
}

Answer askGdb(Attachment action, std::int64_t processId, const std::string &module)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> script(std::tmpfile(), std::fclose);
    if (!script || std::fputs(attachScript, script.get()) < 0 || std::fflush(script.get()) != 0)
        return {false, std::string("a file for gdb cannot be written: ") + std::strerror(errno)};
    std::rewind(script.get());
    ::setenv(attachProcessVariable, std::to_string(processId).c_str(), 1);
    ::setenv(attachModuleVariable, module.c_str(), 1);
    ::setenv(attachFunctionVariable, action == Attachment::Attach ? "flywheelAttach" : "flywheelDetach", 1);
    ::setenv(attachCancelVariable, std::to_string(CancelDescriptor).c_str(), 1);
    const std::optional<std::string> output = outputOfGdb(::fileno(script.get()));
    if (!output)
        return {false, "gdb is needed for this and cannot be started; install the package gdb"};
    return answerIn(*output);
}

std::string problemOf(Attachment action, std::int64_t processId, const std::string &module)
{
    if (std::string problem = whyNotToBeTraced(processId); !problem.empty())
        return problem;
    if (action == Attachment::Detach && !hasMapped(processId, module.substr(module.rfind('/'))))
        return "it never was, by --attach";
    return whyNoQt6(processId);
}

/// Returns the exit code.
int tell(Attachment action, const std::string &id, const Answer &answer)
{
    const bool attaches = action == Attachment::Attach;
    if (answer.isDone && attaches) {
        std::printf("Process %s is observed; it stood still for %s ms. Watch it by: flywheel-monitor %s\n"
                    "End that by: flywheel-run --detach %s\n",
                    id.c_str(), answer.text.c_str(), id.c_str(), id.c_str());
    } else if (answer.isDone) {
        std::printf("Process %s is not observed any more; it stood still for %s ms.\n", id.c_str(),
                    answer.text.c_str());
    } else if (answer.text == "cancelled") {
        std::fprintf(stderr, "flywheel-run: cancelled; process %s goes on as before\n", id.c_str());
    } else {
        std::fprintf(stderr, "flywheel-run: process %s cannot be %s: %s\n", id.c_str(),
                     attaches ? "observed" : "let go", answer.text.c_str());
    }
    return answer.isDone ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int attach(Attachment action, const std::string &wanted, const std::string &module)
{
    std::string problem;
    const std::int64_t processId = findRunningProcess(wanted, problem);
    if (!problem.empty()) {
        std::fprintf(stderr, "flywheel-run: %s\n", problem.c_str());
        return EXIT_FAILURE;
    }
    problem = problemOf(action, processId, module);
    const Answer answer = problem.empty() ? askGdb(action, processId, module) : Answer{false, problem};
    return tell(action, std::to_string(processId), answer);
}

} // namespace Flywheel::Preload
