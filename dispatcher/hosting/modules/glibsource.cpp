// SPDX-License-Identifier: MIT
// Two sources, as Qt's own dispatcher has them: what descriptors bring comes with GLib's default priority,
// timers come when idle, so that a zero timer leaves room for GLib's idle sources.
#include "hosting/hostmodule.h"
#include "poller/poll/pollcall.h"

#include <QtCore/qcompilerdetection.h>

#include <glib.h>

#include <algorithm>
#include <utility>

namespace Flywheel {

namespace {

/// GLib counts milliseconds in an int; a source that is asked too early is asked again.
constexpr std::chrono::milliseconds Longest = std::chrono::hours(24);

int toTimeout(Nanoseconds duration)
{
    if (duration == Nanoseconds::max())
        return -1;
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(duration);
    return static_cast<int>(std::clamp(ms, Longest.zero(), Longest).count());
}

class Sources;

struct Source
{
    GSource base;
    Sources *sources;
};

class Sources final : public GlibSource
{
public:
    explicit Sources(HostClient &client);
    ~Sources() override;

    void watch(int descriptor) override;
    int enterHost() override { return std::exchange(m_hostDepth, g_main_depth()); }
    void leaveHost(int former) override { m_hostDepth = former; }

private:
    static Sources &of(GSource *source) { return *reinterpret_cast<Source *>(source)->sources; }
    static gboolean prepareWork(GSource *source, gint *timeout);
    static gboolean checkWork(GSource *source);
    static gboolean dispatchWork(GSource *source, GSourceFunc, gpointer);
    static gboolean prepareTimers(GSource *source, gint *timeout);
    static gboolean checkTimers(GSource *source);
    static gboolean dispatchTimers(GSource *source, GSourceFunc, gpointer);

    void takePollFunction();
    void returnPollFunction();
    static gint poll(GPollFD *descriptors, guint count, gint timeout);

    GSource *attach(GSourceFuncs &functions, int priority, const char *name);
    /// Whether the context is run by our own pass: then nothing else is being dispatched above the depth that
    /// it had there.
    bool isOurPass(int depth) const { return depth == m_hostDepth; }
    /// For GLib's questions, not its dispatches.
    bool hasStarvedTimers() const { return !isOurPass(g_main_depth()) && m_client.hasStarvedTimers(); }
    bool isReadable() const
    {
        return m_watched && (g_source_query_unix_fd(m_work, m_watched) & (G_IO_IN | G_IO_HUP | G_IO_ERR));
    }

    static GSourceFuncs s_workFunctions;
    static GSourceFuncs s_timerFunctions;
    /// Those of the thread, for poll(), which GLib tells nothing.
    static thread_local Sources *s_ofThread;

    HostClient &m_client;
    GMainContext *const m_context;
    GSource *const m_work;
    GSource *const m_timers;
    gpointer m_watched = nullptr; ///< GLib's tag of the descriptor
    int m_descriptor = -1;
    int m_hostDepth = -1; ///< -1: our pass is not in the host
};

GSourceFuncs Sources::s_workFunctions = {prepareWork, checkWork, dispatchWork, nullptr, nullptr, nullptr};
GSourceFuncs Sources::s_timerFunctions = {prepareTimers, checkTimers, dispatchTimers,
                                          nullptr,       nullptr,     nullptr};

thread_local Sources *Sources::s_ofThread = nullptr;

Sources::Sources(HostClient &client)
    : m_client(client)
    , m_context(g_main_context_ref_thread_default())
    , m_work(attach(s_workFunctions, G_PRIORITY_DEFAULT, "Flywheel"))
    , m_timers(attach(s_timerFunctions, G_PRIORITY_DEFAULT_IDLE, "Flywheel timers"))
{
    takePollFunction();
}

Sources::~Sources()
{
    returnPollFunction();
    for (GSource *const source : {m_work, m_timers}) {
        g_source_destroy(source);
        g_source_unref(source);
    }
    g_main_context_unref(m_context);
}

/// Somebody who has put a function of their own there may rely on it; then waits are rounded as ever.
void Sources::takePollFunction()
{
    if (g_main_context_get_poll_func(m_context) != g_poll)
        return;
    s_ofThread = this;
    g_main_context_set_poll_func(m_context, poll);
}

void Sources::returnPollFunction()
{
    if (s_ofThread == this)
        s_ofThread = nullptr;
    if (g_main_context_get_poll_func(m_context) == poll)
        g_main_context_set_poll_func(m_context, nullptr);
}

/// GLib counts in milliseconds, here the wait may end to the nanosecond. Another thread may run the context,
/// and this thread another one: then the wait is GLib's, or a little short.
gint Sources::poll(GPollFD *descriptors, guint count, gint timeout)
{
    const Nanoseconds left =
        s_ofThread && timeout != 0 ? s_ofThread->m_client.untilFineTimer() : Nanoseconds::max();
    const std::chrono::milliseconds asked(timeout);
    if (left == Nanoseconds::max() || (timeout > 0 && asked <= left))
        return g_poll(descriptors, count, timeout);
    static_assert(sizeof(GPollFD) == sizeof(pollfd)); // GLib's documentation: it is one
    return pollFor({reinterpret_cast<pollfd *>(descriptors), count}, left);
}

GSource *Sources::attach(GSourceFuncs &functions, int priority, const char *name)
{
    GSource *const source = g_source_new(&functions, sizeof(Source));
    reinterpret_cast<Source *>(source)->sources = this;
    g_source_set_name(source, name);
    g_source_set_priority(source, priority);
    g_source_set_can_recurse(source, TRUE); // a handler may run another foreign loop
    g_source_attach(source, m_context);
    return source;
}

void Sources::watch(int descriptor)
{
    if (descriptor == m_descriptor)
        return;
    if (m_watched)
        g_source_remove_unix_fd(m_work, m_watched);
    m_descriptor = descriptor;
    m_watched = descriptor < 0 ? nullptr : g_source_add_unix_fd(m_work, descriptor, G_IO_IN);
}

gboolean Sources::prepareWork(GSource *source, gint *timeout)
{
    Sources &sources = of(source);
    *timeout = toTimeout(sources.m_client.untilLook());
    return sources.m_client.hasWork() || sources.hasStarvedTimers();
}

gboolean Sources::checkWork(GSource *source)
{
    Sources &sources = of(source);
    if (sources.isOurPass(g_main_depth()))
        sources.m_client.waitEnded();
    return sources.isReadable() || sources.m_client.untilLook() == Nanoseconds::zero() ||
           sources.m_client.hasWork() || sources.hasStarvedTimers();
}

gboolean Sources::dispatchWork(GSource *source, GSourceFunc, gpointer)
{
    Sources &sources = of(source);
    if (sources.isOurPass(g_main_depth() - 1))
        sources.m_client.workIsReady(sources.isReadable());
    else
        sources.m_client.serveWork();
    return G_SOURCE_CONTINUE;
}

gboolean Sources::prepareTimers(GSource *source, gint *timeout)
{
    const Nanoseconds left = of(source).m_client.untilTimer();
    *timeout = toTimeout(left);
    return left == Nanoseconds::zero();
}

gboolean Sources::checkTimers(GSource *source)
{
    return of(source).m_client.untilTimer() == Nanoseconds::zero();
}

gboolean Sources::dispatchTimers(GSource *source, GSourceFunc, gpointer)
{
    Sources &sources = of(source);
    if (!sources.isOurPass(g_main_depth() - 1))
        sources.m_client.serveTimers();
    return G_SOURCE_CONTINUE;
}

} // namespace

} // namespace Flywheel

extern "C" Q_DECL_EXPORT Flywheel::GlibSource *FLYWHEEL_GLIB_SOURCE_FUNCTION(Flywheel::HostClient *client)
{
    return new Flywheel::Sources(*client);
}
