// SPDX-License-Identifier: MIT
#include "platform/unix/runtimedirectory.h"

#include "platform/unix/syscalls.h"

#include <cstdlib>
#include <filesystem>
#include <limits>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Flywheel {

namespace {

constexpr mode_t Others = S_IRWXG | S_IRWXO;
constexpr mode_t OthersWrite = S_IWGRP | S_IWOTH;

std::string failed(const char *what, const std::string &path, const std::error_code &error)
{
    return std::string("cannot ") + what + ' ' + path + ": " + error.message();
}

std::string ofAnother(const std::string &path, uid_t user)
{
    return path + " belongs to another user (" + std::to_string(user) + ')';
}

/// Who can write to the directory above can rename what is in it; unless it is sticky, as /tmp is.
std::string insecurityOfParent(const std::string &path)
{
    const std::string parent = std::filesystem::path(path).parent_path().string();
    struct stat status
    {
    };
    if (::stat(parent.c_str(), &status) != 0)
        return failed("look at", parent, lastError());
    if (status.st_uid != 0 && status.st_uid != ::geteuid())
        return ofAnother(parent, status.st_uid);
    if ((status.st_mode & OthersWrite) && !(status.st_mode & S_ISVTX))
        return "others may rename what is in " + parent;
    return {};
}

std::string insecurityOf(const std::string &path, const struct stat &status)
{
    if (!S_ISDIR(status.st_mode))
        return path + " is not a directory";
    if (status.st_uid != ::geteuid())
        return ofAnother(path, status.st_uid);
    if (status.st_mode & Others)
        return "others may enter " + path + "; run chmod 700 on it";
    return {};
}

} // namespace

std::string runtimeDirectory()
{
    const char *const runtime = std::getenv("XDG_RUNTIME_DIR");
    if (!runtime || *runtime != '/')
        return fallbackRuntimeDirectory();
    return std::filesystem::path(runtime + std::string("/flywheel")).lexically_normal().string();
}

std::string fallbackRuntimeDirectory()
{
    return "/tmp/flywheel-" + std::to_string(::geteuid());
}

std::string insecurityOfDirectory(const std::string &path)
{
    if (std::string reason = insecurityOfParent(path); !reason.empty())
        return reason;
    struct stat status
    {
    };
    if (::lstat(path.c_str(), &status) != 0)
        return errno == ENOENT ? std::string() : failed("look at", path, lastError());
    return insecurityOf(path, status);
}

std::string secureDirectory(const std::string &path)
{
    if (std::string reason = insecurityOfDirectory(path); !reason.empty())
        return reason;
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        return failed("make", path, lastError());
    return insecurityOfDirectory(path); // somebody may have been faster
}

bool processExists(std::int64_t processId)
{
    const bool fits = processId > 0 && processId <= std::numeric_limits<pid_t>::max();
    return !fits || ::kill(static_cast<pid_t>(processId), 0) == 0 || errno != ESRCH;
}

} // namespace Flywheel
