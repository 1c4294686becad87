// SPDX-License-Identifier: MIT
#pragma once

#include "stacktimes.h"

#include <QtCore/qstringlist.h>

namespace Flywheel::Monitor {

class CodeNames;

/// A line of source in a call, and the time that it took.
struct FlameLine
{
    QString file; ///< as the debug symbols name it
    int line = 0;
    Duration time{};
};

/// A call, merged from all stacks that lead to it by the same calls.
struct FlameNode
{
    enum class Kind {
        All,   ///< of all loops
        Loop,  ///< of one
        Call,  ///< a function
        Cut,   ///< stands for the outermost calls, which are not known
        Sleep, ///< the system call in which the thread slept
    };

    Kind kind = Kind::Call;
    int parent = -1;
    int depth = 0;
    QString name{};   ///< of the function; `module+0x1234` where it is not known
    QString module{}; ///< its file's name; empty if it has none. Tells loops apart that have one name
    bool isInlined = false;
    Duration time{};                ///< as StackTimes estimates it
    Duration slept{};               ///< of it
    std::vector<int> children{};    ///< the longest first
    std::vector<FlameLine> lines{}; ///< the longest first; of a call with debug symbols
};

/// Stacks as one tree of calls, the outermost first.
class FlameGraph
{
public:
    /// What a search has found.
    struct Match
    {
        std::vector<bool> nodes; ///< by index
        Duration time{};         ///< in them; what is in several of them counts once
    };

    FlameGraph() : FlameGraph(std::vector<FlameNode>{{.kind = FlameNode::Kind::All}}) {}
    /// \a nodes: at least the root, each behind its parent. \a leaves: what leaf() returns.
    explicit FlameGraph(std::vector<FlameNode> nodes, std::vector<int> leaves = {});

    /// Never empty; the first one is the root.
    const std::vector<FlameNode> &nodes() const { return m_nodes; }
    const FlameNode &at(int node) const { return m_nodes[std::size_t(node)]; }
    bool isEmpty() const { return m_nodes.size() == 1; }
    int depth() const { return m_depth; }
    /// The time in the call itself, in none that it made.
    Duration selfTime(int node) const;
    /// The innermost call of a stack, by its place in the StackTimes that the graph was made of.
    int leaf(std::size_t stack) const { return m_leaves[stack]; }
    /// The node of the loop that a call is in.
    int loopOf(int node) const;
    /// Share of the whole, 0 to 1.
    double share(Duration time) const;

    /// The calls whose function, module or file contains \a text, in any case of letters.
    Match match(const QString &text) const;
    /// Names a node, also in a later graph.
    QStringList pathOf(int node) const;
    /// Returns the node of \a path, or the last one on the way to it that exists.
    int find(const QStringList &path) const;
    /// The last call that all stacks share.
    int trunk() const;

private:
    std::vector<FlameNode> m_nodes;
    std::vector<int> m_leaves;
    int m_depth = 0;
};

/// Merges \a times, which are of \a loops. Calls whose names are not known yet are told apart by their
/// addresses; once \a names has told, another graph has the names.
FlameGraph flameGraphOf(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names);

} // namespace Flywheel::Monitor
