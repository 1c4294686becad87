// SPDX-License-Identifier: MIT
#include "poller/backends.h"
#include "poller/refusal.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlogging.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace Flywheel {

namespace {

std::vector<Poller> kindsOf(std::span<const Backend> all)
{
    std::vector<Poller> kinds(all.size());
    std::transform(all.begin(), all.end(), kinds.begin(),
                   [](const Backend &backend) { return backend.kind; });
    return kinds;
}

QByteArray availableNames()
{
    QByteArray names;
    for (const Poller poller : availablePollers()) {
        if (!names.isEmpty())
            names += ", ";
        names += pollerName(poller);
    }
    return names;
}

std::optional<Poller> pollerByName(const char *name)
{
    for (const Poller poller : availablePollers()) {
        if (std::strcmp(pollerName(poller), name) == 0)
            return poller;
    }
    return std::nullopt;
}

Poller pollerOfEnvironment()
{
    const Poller standard = availablePollers().front();
    const QByteArray name = qgetenv("FLYWHEEL_POLLER");
    if (name.isEmpty() || name == "auto")
        return standard;
    if (const std::optional<Poller> poller = pollerByName(name.constData()))
        return *poller;
    qWarning("Flywheel: FLYWHEEL_POLLER names the unknown poller \"%s\"; available are: %s. Using %s.",
             name.constData(), availableNames().constData(), pollerName(standard));
    return standard;
}

Poller resolved(Poller wanted)
{
    if (wanted == Poller::Auto)
        return pollerOfEnvironment();
    const std::span<const Poller> available = availablePollers();
    if (std::find(available.begin(), available.end(), wanted) != available.end())
        return wanted;
    qWarning("Flywheel: the poller %s is not available here; available are: %s. Using %s.",
             pollerName(wanted), availableNames().constData(), pollerName(available.front()));
    return available.front();
}

} // namespace

std::span<const Poller> availablePollers()
{
    static const std::vector<Poller> s_kinds = kindsOf(backends());
    return s_kinds;
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
    case Poller::Iocp:
        return "iocp";
    }
    return "unknown";
}

PollerOrError createPoller(Poller kind, ClockFunction clock)
{
    for (const Backend &backend : backends()) {
        if (backend.kind == kind)
            return backend.create(clock);
    }
    return {nullptr, std::make_error_code(std::errc::function_not_supported)};
}

std::unique_ptr<AbstractPoller> choosePoller(Poller wanted, ClockFunction clock)
{
    const Poller kind = resolved(wanted);
    PollerOrError result = createPoller(kind, clock);
    if (result.poller)
        return std::move(result.poller);
    const Backend &last = backends().back();
    qWarning("Flywheel: cannot open the %s poller: %s. Using %s. Advice: %s", pollerName(kind),
             result.error.message().c_str(), pollerName(last.kind), adviceFor(result.error));
    return last.create(clock).poller;
}

} // namespace Flywheel
