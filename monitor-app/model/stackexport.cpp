// SPDX-License-Identifier: MIT
#include "stackexport.h"

#include "codenames.h"
#include "flamegraph.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qhash.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

/// What names are not known of at first is asked for.
FlameGraph namedGraph(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names)
{
    FlameGraph graph = flameGraphOf(times, loops, names);
    const quint64 before = names.generation();
    names.finish();
    return names.generation() == before ? graph : flameGraphOf(times, loops, names);
}

/// From the outermost call to \a node, without what is no call.
std::vector<int> callsTo(const FlameGraph &graph, int node)
{
    std::vector<int> calls;
    for (; graph.at(node).depth > 1; node = graph.at(node).parent)
        calls.push_back(node);
    std::reverse(calls.begin(), calls.end());
    return calls;
}

/// ";" separates calls.
QByteArray foldedName(const FlameNode &node)
{
    return QString(node.name).replace(QLatin1Char(';'), QLatin1Char(':')).toUtf8();
}

qint64 microseconds(Duration time)
{
    return std::max<qint64>(std::chrono::round<std::chrono::microseconds>(time).count(), 1);
}

/// The frames that the profiles of a speedscope file share: one for each function.
class SharedFrames
{
public:
    explicit SharedFrames(const FlameGraph &graph) : m_graph(graph) {}

    int idOf(int node)
    {
        const FlameNode &at = m_graph.at(node);
        const auto known = m_ids.constFind({at.name, at.module});
        const int id = known == m_ids.constEnd() ? int(m_frames.size()) : *known;
        if (known == m_ids.constEnd()) {
            m_ids.insert({at.name, at.module}, id);
            m_frames.push_back({at.name, at.module, {}});
        }
        for (const FlameLine &line : at.lines)
            m_frames[std::size_t(id)].note(line);
        return id;
    }

    QJsonArray json() const
    {
        QJsonArray frames;
        for (const Frame &frame : m_frames)
            frames.append(frame.json());
        return frames;
    }

private:
    struct Frame
    {
        QString name;
        QString file; ///< of the source; where it is not known, of the module
        std::optional<int> line;
        bool hasSource = false;

        /// A function that was seen at several lines has none.
        void note(const FlameLine &seen)
        {
            line = !hasSource || line == seen.line ? std::optional(seen.line) : std::nullopt;
            file = seen.file;
            hasSource = true;
        }
        QJsonObject json() const
        {
            QJsonObject frame{{QStringLiteral("name"), name}};
            if (!file.isEmpty())
                frame.insert(QStringLiteral("file"), file);
            if (line)
                frame.insert(QStringLiteral("line"), *line);
            return frame;
        }
    };

    const FlameGraph &m_graph;
    std::vector<Frame> m_frames;
    QHash<std::pair<QString, QString>, int> m_ids;
};

struct Profile
{
    QString name;
    QJsonArray samples;
    QJsonArray weights;
    Duration end{};

    QJsonObject json() const
    {
        return {{QStringLiteral("type"), QStringLiteral("sampled")},
                {QStringLiteral("name"), name},
                {QStringLiteral("unit"), QStringLiteral("nanoseconds")},
                {QStringLiteral("startValue"), 0},
                {QStringLiteral("endValue"), qint64(end.count())},
                {QStringLiteral("samples"), samples},
                {QStringLiteral("weights"), weights}};
    }
};

} // namespace

QByteArray foldedStacks(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names)
{
    const FlameGraph graph = namedGraph(times, loops, names);
    QByteArray text;
    for (int node = 1; node < int(graph.nodes().size()); ++node) {
        const Duration self = graph.selfTime(node);
        if (self <= Duration::zero())
            continue;
        QByteArrayList calls;
        for (int at = node; at > 0; at = graph.at(at).parent)
            calls.prepend(foldedName(graph.at(at)));
        text += calls.join(';') + ' ' + QByteArray::number(microseconds(self)) + '\n';
    }
    return text;
}

QByteArray speedscopeFile(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names)
{
    const FlameGraph graph = namedGraph(times, loops, names);
    SharedFrames frames(graph);
    std::vector<Profile> profiles;
    for (std::size_t i = 0; i < times.stacks.size(); ++i) {
        const TimedStack &stack = times.stacks[i];
        if (i == 0 || times.stacks[i - 1].loop != stack.loop)
            profiles.emplace_back().name = graph.at(graph.loopOf(graph.leaf(i))).name;
        QJsonArray sample;
        for (const int call : callsTo(graph, graph.leaf(i)))
            sample.append(frames.idOf(call));
        Profile &profile = profiles.back();
        profile.samples.append(sample);
        profile.weights.append(qint64(stack.time.count()));
        profile.end = saturatedSum(profile.end, stack.time);
    }
    QJsonArray list;
    for (const Profile &profile : profiles)
        list.append(profile.json());
    return QJsonDocument(
               QJsonObject{{QStringLiteral("$schema"),
                            QStringLiteral("https://www.speedscope.app/file-format-schema.json")},
                           {QStringLiteral("exporter"),
                            QStringLiteral("flywheel-monitor@") + QCoreApplication::applicationVersion()},
                           {QStringLiteral("name"), QStringLiteral("Stalls")},
                           {QStringLiteral("activeProfileIndex"), 0},
                           {QStringLiteral("shared"), QJsonObject{{QStringLiteral("frames"), frames.json()}}},
                           {QStringLiteral("profiles"), list}})
        .toJson(QJsonDocument::Compact);
}

} // namespace Flywheel::Monitor
