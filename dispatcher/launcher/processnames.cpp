// SPDX-License-Identifier: MIT
#include "processnames.h"

#include "platform/unix/runtimedirectory.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <vector>

#include <unistd.h>

namespace Flywheel::Preload {

namespace fs = std::filesystem;

namespace {

std::vector<std::int64_t> processesCalled(const std::string &name)
{
    std::vector<std::int64_t> found;
    std::error_code error;
    for (const fs::directory_entry &entry : fs::directory_iterator("/proc", error)) {
        const std::optional<std::int64_t> id = toProcessId(entry.path().filename().native());
        if (id && *id != ::getpid() && isCalled(*id, name))
            found.push_back(*id);
    }
    std::ranges::sort(found);
    return found;
}

} // namespace

std::string firstLineOf(const std::string &file)
{
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

std::optional<std::int64_t> toProcessId(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = error == std::errc() && end == text.data() + text.size() && number > 0;
    return isNumber ? std::optional(number) : std::nullopt;
}

bool isCalled(std::int64_t processId, const std::string &name)
{
    const std::string process = "/proc/" + std::to_string(processId);
    std::error_code error;
    const fs::path file = fs::read_symlink(process + "/exe", error);
    return (!error && file.filename() == name) || firstLineOf(process + "/comm") == name;
}

std::int64_t findRunningProcess(const std::string &wanted, std::string &problem)
{
    if (const std::optional<std::int64_t> id = toProcessId(wanted)) {
        if (!processExists(*id))
            problem = "there is no process " + wanted;
        return *id;
    }
    const std::vector<std::int64_t> found = processesCalled(wanted);
    if (found.size() == 1)
        return found.front();
    if (found.empty()) {
        problem = "no process is called '" + wanted + "'; give its process id";
        return 0;
    }
    problem = "several processes are called '" + wanted + "'; give the id of one:";
    for (const std::int64_t id : found)
        problem += ' ' + std::to_string(id);
    return 0;
}

} // namespace Flywheel::Preload
