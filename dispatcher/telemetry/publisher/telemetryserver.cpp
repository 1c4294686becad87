// SPDX-License-Identifier: MIT
#include "telemetry/publisher/telemetryserver.h"

#include "telemetry/protocol/socketdirectory.h"

#include <algorithm>
#include <utility>

namespace Flywheel::Telemetry {

namespace {

constexpr std::chrono::milliseconds LongestFarewell{500}; // of all watchers together

std::vector<LoopSnapshot> withoutOurs(std::vector<LoopSnapshot> loops)
{
    std::erase_if(loops, [](const LoopSnapshot &loop) { return loop.threadName == ThreadName; });
    return loops;
}

} // namespace

TelemetryServer::TelemetryServer(PublishingOptions options) : m_options(std::move(options))
{
    m_options.source = [source = std::move(m_options.source)](const SnapshotOptions &wanted) {
        const NoForkMeanwhile guard;
        return withoutOurs(source(wanted));
    };
    m_listener.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_listener, &QLocalServer::newConnection, this, &TelemetryServer::accept);
    connect(&m_listeningCheck, &QTimer::timeout, this, &TelemetryServer::ensureListening);
    m_listeningCheck.setTimerType(Qt::VeryCoarseTimer);
    // Not before the loop that it serves in runs: in a thread that ends at once, Qt leaks what it knows of
    // running timers that moved there.
    QMetaObject::invokeMethod(
        this, [this] { m_listeningCheck.start(m_options.listeningCheck); }, Qt::QueuedConnection);
}

TelemetryServer::~TelemetryServer()
{
    finish();
}

void TelemetryServer::finish()
{
    m_listeningCheck.stop();
    for (WatcherConnection *watcher : std::exchange(m_watchers, {})) {
        watcher->disconnect(this);
        watcher->close(Goodbye::Reason::ShuttingDown);
    }
    const auto all =
        findChildren<WatcherConnection *>(Qt::FindDirectChildrenOnly); // those that remove() let go, too
    const QDeadlineTimer deadline(LongestFarewell);
    for (WatcherConnection *watcher : all)
        watcher->finishClosing(deadline);
    qDeleteAll(all);
}

QString TelemetryServer::open()
{
    const QString directory = socketDirectory();
    if (QString reason = secureDirectory(directory); !reason.isEmpty())
        return reason;
    removeStaleSockets(directory);
    const QString name = freeSocketName(directory, static_cast<qint64>(m_options.process.processId));
    if (name.isEmpty())
        return QStringLiteral("all names for this process in %1 are in use").arg(directory);
    if (QString reason = lengthProblem(directory, name); !reason.isEmpty())
        return reason;
    if (QString reason = m_socket.open(Telemetry::socketPath(directory, name), m_listener); !reason.isEmpty())
        return QStringLiteral("cannot listen in %1: %2").arg(directory, reason);
    return {};
}

void TelemetryServer::begin()
{
    if (!m_socket.serve(m_listener))
        m_socket.close(); // the next check tries again
}

QString TelemetryServer::listen()
{
    QString reason = open();
    if (reason.isEmpty())
        begin();
    return reason;
}

void TelemetryServer::ensureListening()
{
    if (m_listener.isListening() && isPublished(socketPath()))
        return;
    m_listener.close();
    m_socket.close();
    listen(); // if it fails, the next check tries again
}

void TelemetryServer::accept()
{
    while (QLocalSocket *socket = m_listener.nextPendingConnection()) {
        auto *watcher = new WatcherConnection(socket, m_options, this);
        connect(watcher, &WatcherConnection::closed, this, [this, watcher] { remove(watcher); });
        m_watchers.push_back(watcher);
        if (std::cmp_greater(std::ranges::count_if(m_watchers, &WatcherConnection::isOpen),
                             m_options.maxWatchers))
            watcher->close(Goodbye::Reason::TooManyWatchers);
    }
}

void TelemetryServer::remove(WatcherConnection *watcher)
{
    if (std::erase(m_watchers, watcher) > 0)
        watcher->deleteLater();
}

} // namespace Flywheel::Telemetry
