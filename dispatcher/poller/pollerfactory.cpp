// SPDX-License-Identifier: MIT
#include "poller/poller.h"
#include "poller/poller_poll.h"
#if defined(FLYWHEEL_EPOLL)
#    include "poller/poller_epoll.h"
#elif defined(FLYWHEEL_KQUEUE)
#    include "poller/poller_kqueue.h"
#endif

#include <QtCore/qbytearray.h>
#include <QtCore/qlogging.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace Flywheel {

namespace {

constexpr std::array Available
{
#if defined(FLYWHEEL_EPOLL)
    Poller::Epoll,
#elif defined(FLYWHEEL_KQUEUE)
    Poller::Kqueue,
#endif
        Poller::Poll,
};

QByteArray availableNames()
{
    QByteArray names;
    for (const Poller poller : Available) {
        if (!names.isEmpty())
            names += ", ";
        names += pollerName(poller);
    }
    return names;
}

std::optional<Poller> pollerByName(const char *name)
{
    const auto found = std::find_if(Available.begin(), Available.end(), [name](Poller poller) {
        return std::strcmp(pollerName(poller), name) == 0;
    });
    return found == Available.end() ? std::nullopt : std::optional(*found);
}

Poller pollerOfEnvironment()
{
    const QByteArray name = qgetenv("FLYWHEEL_POLLER");
    if (name.isEmpty() || name == "auto")
        return Available.front();
    if (const std::optional<Poller> poller = pollerByName(name.constData()))
        return *poller;
    qWarning("Flywheel: FLYWHEEL_POLLER names the unknown poller \"%s\"; available are: %s. Using %s.",
             name.constData(), availableNames().constData(), pollerName(Available.front()));
    return Available.front();
}

Poller resolved(Poller wanted)
{
    if (wanted == Poller::Auto)
        return pollerOfEnvironment();
    if (std::find(Available.begin(), Available.end(), wanted) != Available.end())
        return wanted;
    qWarning("Flywheel: the poller %s is not available here; available are: %s. Using %s.",
             pollerName(wanted), availableNames().constData(), pollerName(Available.front()));
    return Available.front();
}

} // namespace

std::span<const Poller> availablePollers()
{
    return Available;
}

const char *pollerName(Poller poller)
{
    switch (poller) {
    case Poller::Auto:
        return "auto";
    case Poller::Epoll:
        return "epoll";
    case Poller::Kqueue:
        return "kqueue";
    case Poller::Poll:
        return "poll";
    }
    return "unknown";
}

PollerOrError createPoller(Poller kind, ClockFunction clock)
{
#if defined(FLYWHEEL_EPOLL)
    if (kind == Poller::Epoll)
        return EpollPoller::create(clock);
#elif defined(FLYWHEEL_KQUEUE)
    if (kind == Poller::Kqueue)
        return KqueuePoller::create(clock);
#endif
    if (kind == Poller::Poll)
        return {std::make_unique<PollPoller>(clock), {}};
    return {nullptr, std::make_error_code(std::errc::function_not_supported)};
}

std::unique_ptr<AbstractPoller> choosePoller(Poller wanted, ClockFunction clock)
{
    const Poller kind = resolved(wanted);
    PollerOrError result = createPoller(kind, clock);
    if (result.poller)
        return std::move(result.poller);
    qWarning("Flywheel: cannot open the %s poller: %s (is `ulimit -n` too low?). Using poll.",
             pollerName(kind), result.error.message().c_str());
    return std::make_unique<PollPoller>(clock);
}

} // namespace Flywheel
