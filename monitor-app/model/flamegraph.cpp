// SPDX-License-Identifier: MIT
#include "flamegraph.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

QString keyOf(const FlameNode &node)
{
    return node.name + QLatin1Char('\n') + node.module;
}

bool contains(const FlameNode &node, const QString &text)
{
    if (node.kind == FlameNode::Kind::All || node.kind == FlameNode::Kind::Loop)
        return false;
    return node.name.contains(text, Qt::CaseInsensitive) || node.module.contains(text, Qt::CaseInsensitive) ||
           std::any_of(node.lines.begin(), node.lines.end(), [&](const FlameLine &line) {
               return line.file.section(QLatin1Char('/'), -1).contains(text, Qt::CaseInsensitive);
           });
}

} // namespace

FlameGraph::FlameGraph(std::vector<FlameNode> nodes, std::vector<int> leaves)
    : m_nodes(std::move(nodes))
    , m_leaves(std::move(leaves))
{
    const auto isLonger = [this](int a, int b) {
        return at(a).time != at(b).time ? at(a).time > at(b).time : at(a).name < at(b).name;
    };
    for (FlameNode &node : m_nodes) {
        m_depth = std::max(m_depth, node.depth);
        std::sort(node.children.begin(), node.children.end(), isLonger);
        std::sort(node.lines.begin(), node.lines.end(),
                  [](const FlameLine &a, const FlameLine &b) { return a.time > b.time; });
    }
}

Duration FlameGraph::selfTime(int node) const
{
    Duration time = at(node).time;
    for (const int child : at(node).children)
        time -= at(child).time;
    return time;
}

int FlameGraph::loopOf(int node) const
{
    while (at(node).depth > 1)
        node = at(node).parent;
    return node;
}

double FlameGraph::share(Duration time) const
{
    const Duration whole = at(0).time;
    return whole > Duration::zero() ? double(time.count()) / double(whole.count()) : 0;
}

FlameGraph::Match FlameGraph::match(const QString &text) const
{
    Match match{std::vector<bool>(m_nodes.size()), {}};
    if (text.isEmpty())
        return match;
    std::vector<bool> isBelow(m_nodes.size()); // one that matches
    for (std::size_t i = 1; i < m_nodes.size(); ++i) {
        const auto parent = std::size_t(m_nodes[i].parent);
        match.nodes[i] = contains(m_nodes[i], text);
        isBelow[i] = isBelow[parent] || match.nodes[parent];
        if (match.nodes[i] && !isBelow[i])
            match.time += m_nodes[i].time;
    }
    return match;
}

QStringList FlameGraph::pathOf(int node) const
{
    QStringList path;
    for (; node > 0; node = at(node).parent)
        path.prepend(keyOf(at(node)));
    return path;
}

int FlameGraph::find(const QStringList &path) const
{
    int node = 0;
    for (const QString &key : path) {
        const std::vector<int> &children = at(node).children;
        const auto next = std::find_if(children.begin(), children.end(),
                                       [&](int child) { return keyOf(at(child)) == key; });
        if (next == children.end())
            return node;
        node = *next;
    }
    return node;
}

int FlameGraph::trunk() const
{
    int node = 0;
    while (at(node).children.size() == 1 && at(at(node).children.front()).time == at(node).time)
        node = at(node).children.front();
    return node;
}

} // namespace Flywheel::Monitor
