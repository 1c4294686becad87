// SPDX-License-Identifier: MIT
#include "attach.h"

#include "attachscript.h"
#include "platform/uniquefd.h"
#include "processnames.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Flywheel::Preload {

namespace {

namespace fs = std::filesystem;

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
    }
    const std::string scope = firstLineOf("/proc/sys/kernel/yama/ptrace_scope");
    if (scope == "3")
        return "the system allows no debugger (kernel.yama.ptrace_scope is 3)";
    if ((scope == "1" || scope == "2") && ::geteuid() != 0)
        return "the system lets only root debug a program that runs (kernel.yama.ptrace_scope is " + scope +
               "); do this by sudo, or start the program by flywheel-run --observe";
    return {};
}

std::string whyNoQt6(std::int64_t processId)
{
    std::ifstream maps(ofProcess(processId, "maps"));
    bool hasQt5 = false;
    for (std::string line; std::getline(maps, line);) {
        if (line.find("/libQt6Core.so") != std::string::npos)
            return {};
        hasQt5 = hasQt5 || line.find("/libQt5Core.so") != std::string::npos;
    }
    return hasQt5 ? "it uses Qt 5; Flywheel observes Qt 6"
                  : "it has not loaded libQt6Core: it does not use Qt 6, or has it linked in (a static Qt)";
}

/// A file that goes away with this object.
class ScriptFile
{
public:
    ScriptFile()
    {
        const UniqueFd file(::mkostemps(m_path.data(), 3, O_CLOEXEC));
        const std::size_t length = std::strlen(attachScript);
        m_isWritten = file && ::write(file.get(), attachScript, length) == static_cast<ssize_t>(length);
        m_exists = bool(file);
    }
    ~ScriptFile()
    {
        if (m_exists)
            ::unlink(m_path.c_str());
    }
    ScriptFile(const ScriptFile &) = delete;

    bool isWritten() const { return m_isWritten; }
    const char *path() const { return m_path.c_str(); }

private:
    std::string m_path = fs::temp_directory_path() / "flywheel-attach-XXXXXX.py";
    bool m_exists = false;
    bool m_isWritten = false;
};

/// All that gdb printed; nothing if it cannot be started.
std::optional<std::string> outputOfGdb(const char *script)
{
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        return std::nullopt;
    UniqueFd in(pipe[0]);
    UniqueFd out(pipe[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    const std::array<const char *, 13> words = {"gdb",  "-nx",
                                                "-nh",  "-batch",
                                                "-iex", "set debuginfod enabled off",
                                                "-iex", "set auto-solib-add off",
                                                "-iex", "set print thread-events off",
                                                "-x",   script,
                                                nullptr};
    pid_t child = 0;
    const int error =
        ::posix_spawnp(&child, "gdb", &actions, nullptr, const_cast<char **>(words.data()), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    out = UniqueFd();
    if (error != 0)
        return std::nullopt;
    std::string output;
    std::array<char, 4096> part;
    for (ssize_t length = 0; (length = ::read(in.get(), part.data(), part.size())) != 0;) {
        if (length > 0)
            output.append(part.data(), static_cast<std::size_t>(length));
        else if (errno != EINTR)
            break;
    }
    ::waitpid(child, nullptr, 0);
    return output;
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
    const ScriptFile script;
    if (!script.isWritten())
        return {false, std::string("a file for gdb cannot be written: ") + std::strerror(errno)};
    ::setenv(attachProcessVariable, std::to_string(processId).c_str(), 1);
    ::setenv(attachModuleVariable, module.c_str(), 1);
    ::setenv(attachFunctionVariable, action == Attachment::Attach ? "flywheelAttach" : "flywheelDetach", 1);
    const std::optional<std::string> output = outputOfGdb(script.path());
    if (!output)
        return {false, "gdb is needed for this and cannot be started; install the package gdb"};
    return answerIn(*output);
}

std::string problemOf(std::int64_t processId)
{
    std::string problem = whyNotToBeTraced(processId);
    return problem.empty() ? whyNoQt6(processId) : problem;
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
    problem = problemOf(processId);
    const Answer answer = problem.empty() ? askGdb(action, processId, module) : Answer{false, problem};
    const std::string id = std::to_string(processId);
    if (!answer.isDone) {
        std::fprintf(stderr, "flywheel-run: process %s cannot be observed: %s\n", id.c_str(),
                     answer.text.c_str());
        return EXIT_FAILURE;
    }
    if (action == Attachment::Attach)
        std::printf("Process %s is observed; it stood still for %s ms. Watch it by: flywheel-monitor %s\n"
                    "End that by: flywheel-run --detach %s\n",
                    id.c_str(), answer.text.c_str(), id.c_str(), id.c_str());
    else
        std::printf("Process %s is not observed any more; it stood still for %s ms.\n", id.c_str(),
                    answer.text.c_str());
    return EXIT_SUCCESS;
}

} // namespace Flywheel::Preload
