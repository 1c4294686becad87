// SPDX-License-Identifier: MIT
#include "dump.h"

#include "platform/unix/runtimedirectory.h"
#include "processnames.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <tuple>

namespace Flywheel::Preload {

namespace {

constexpr std::size_t LastPrinted = 50; ///< of each loop, unless all are asked for
constexpr std::size_t All = std::numeric_limits<std::size_t>::max();

/// The journals that a process has mapped, wherever they are: those of another user's process, for root, or
/// of one with another runtime directory. By the process's own root: it may be in a container.
std::vector<JournalFile> mappedBy(std::int64_t processId)
{
    std::vector<JournalFile> files;
    const std::string process = "/proc/" + std::to_string(processId);
    std::ifstream maps(process + "/maps");
    for (std::string line; std::getline(maps, line);) {
        const std::size_t path = line.find('/');
        const std::size_t slash = line.rfind('/');
        if (path == std::string::npos || (!files.empty() && files.back().path.ends_with(line.substr(path))))
            continue;
        if (JournalName name = JournalName::parse(line.substr(slash + 1)); name.processId != 0)
            files.push_back({std::move(name), process + "/root" + line.substr(path)});
    }
    return files;
}

RecordedProcess fileAlone(const std::string &path)
{
    const JournalName name = JournalName::parse(path.substr(path.rfind('/') + 1));
    RecordedProcess process = recordedProcessesOf({{name, path}}).front();
    if (name.processId == 0)
        process.name = path;
    return process;
}

bool isBetter(const RecordedProcess &a, const RecordedProcess &b)
{
    return std::tuple(a.lives, !a.loops.empty(), a.lastSign()) >
           std::tuple(b.lives, !b.loops.empty(), b.lastSign());
}

std::string listOfAll()
{
    const std::vector<RecordedProcess> all = recordedProcesses();
    const std::string where = runtimeDirectory();
    return all.empty() ? "There are no journals in " + where + ".\n"
                       : "Processes with journals (flywheel-run --dump PROCESS):\n" + listOf(all);
}

/// Says why there may be none.
std::string noneOf(const std::string &wanted)
{
    const std::int64_t processId = toProcessId(wanted).value_or(0);
    const bool lives = processId > 0 && processExists(processId);
    std::string text = "flywheel-run: no journal of process " + wanted + ". ";
    text += lives ? "It runs, but not on Flywheel, or has not run a loop yet; or it belongs to another user, "
                    "metrics are off "
                    "(FLYWHEEL_METRICS=0), or journals are (FLYWHEEL_JOURNAL=0, Options::recentHandlers).\n"
                  : "It has ended cleanly, which removes its journals, or did not run on Flywheel with "
                    "metrics; or it has "
                    "died, and others since: only the last ones are kept (docs/metrics.md).\n";
    return text + listOfAll();
}

int write(const std::string &text, const std::string &file)
{
    if (file.empty() || file == "-")
        return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? EXIT_SUCCESS
                                                                                 : EXIT_FAILURE;
    std::FILE *const out = std::fopen(file.c_str(), "we");
    bool isWritten = out && std::fwrite(text.data(), 1, text.size(), out) == text.size();
    isWritten = out && std::fclose(out) == 0 && isWritten;
    if (!isWritten)
        std::fprintf(stderr, "flywheel-run: cannot write %s: %s\n", file.c_str(), std::strerror(errno));
    return isWritten ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

std::optional<RecordedProcess> findProcess(const std::string &wanted)
{
    if (wanted.find('/') != std::string::npos || wanted.ends_with(".journal"))
        return fileAlone(wanted);
    if (const std::optional<std::int64_t> processId = toProcessId(wanted)) {
        for (RecordedProcess &process : recordedProcessesOf(mappedBy(*processId))) {
            if (!process.loops.empty())
                return std::move(process);
        }
    }
    std::optional<RecordedProcess> best;
    for (RecordedProcess &process : recordedProcesses()) {
        const bool isIt = process.name == wanted || process.name.substr(0, process.name.find('.')) == wanted;
        if (isIt && (!best || isBetter(process, *best)))
            best = std::move(process);
    }
    return best;
}

int dump(const std::string &process, const std::string &file)
{
    if (process.empty())
        return write(listOfAll(), {});
    const std::optional<RecordedProcess> found = findProcess(process);
    if (!found) {
        std::fputs(noneOf(process).c_str(), stderr);
        return EXIT_FAILURE;
    }
    const std::string text =
        file.ends_with(".json") ? traceOf(*found) : textOf(*found, file.empty() ? LastPrinted : All);
    const int result = write(text, file);
    return found->loops.empty() ? EXIT_FAILURE : result;
}

} // namespace Flywheel::Preload
