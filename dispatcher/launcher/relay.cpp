// SPDX-License-Identifier: MIT
#include "relay.h"

#include "platform/uniquefd.h"
#include "platform/unix/runtimedirectory.h"
#include "processnames.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Flywheel::Preload {

namespace {

bool writeAll(int to, const char *bytes, std::size_t count)
{
    while (count > 0) {
        const ssize_t written = ::write(to, bytes, count);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            count -= static_cast<std::size_t>(written);
        }
    }
    return true;
}

/// Returns false at the end of \a from, or if \a to takes no more.
bool copy(int from, int to)
{
    std::array<char, 65536> bytes;
    const ssize_t count = ::read(from, bytes.data(), bytes.size());
    if (count < 0)
        return errno == EINTR || errno == EAGAIN;
    return count > 0 && writeAll(to, bytes.data(), static_cast<std::size_t>(count));
}

void copyBothWays(int socket)
{
    std::array<pollfd, 2> ends = {{{STDIN_FILENO, POLLIN, 0}, {socket, POLLIN, 0}}};
    for (;;) {
        if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR)
            return;
        if (ends[0].revents != 0 && !copy(STDIN_FILENO, socket))
            return;
        if (ends[1].revents != 0 && !copy(socket, STDOUT_FILENO))
            return;
    }
}

/// Where processes put their sockets; the runtime directory of a login over the network may be another one.
UniqueFd connectTo(std::int64_t processId)
{
    for (const std::string &directory : {runtimeDirectory(), fallbackRuntimeDirectory()}) {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        const std::string path = directory + '/' + std::to_string(processId);
        if (path.size() >= sizeof address.sun_path || !insecurityOfDirectory(directory).empty())
            continue;
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (socket && ::connect(socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address) == 0)
            return socket;
    }
    return {};
}

} // namespace

int relay(const std::string &wanted)
{
    std::string problem;
    const std::int64_t processId = findRunningProcess(wanted, problem);
    UniqueFd socket;
    if (problem.empty()) {
        socket = connectTo(processId);
        if (!socket)
            problem =
                "process " + std::to_string(processId) +
                " does not publish its loops here; start it by flywheel-run, or call flywheel-run --attach";
    }
    if (!problem.empty()) {
        std::fprintf(stderr, "flywheel-run: %s\n", problem.c_str());
        return EXIT_FAILURE;
    }
    std::signal(SIGPIPE, SIG_IGN);
    copyBothWays(socket.get());
    return EXIT_SUCCESS;
}

} // namespace Flywheel::Preload
