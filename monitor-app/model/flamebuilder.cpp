// SPDX-License-Identifier: MIT
// Merges stacks to a flame graph.
#include "base/plaintext.h"
#include "codenames.h"
#include "flamegraph.h"
#include "process.h"

#include <map>
#include <tuple>
#include <unordered_map>

namespace Flywheel::Monitor {

namespace {

QString utf8(const std::string &text)
{
    return QString::fromStdString(plainText(text));
}

/// A function at a place, with its texts made and its name counted.
struct Call
{
    int name = 0;
    bool isInlined = false;
    QString file;
    int line = 0;
};

class FlameBuilder
{
public:
    FlameBuilder(const QList<Loop *> &loops, CodeNames &names) : m_loops(loops), m_names(names)
    {
        m_nodes.push_back({.kind = FlameNode::Kind::All});
    }

    void add(const TimedStack &stack);
    FlameGraph takeGraph() { return FlameGraph(std::move(m_nodes), std::move(m_leaves)); }

private:
    struct Name
    {
        FlameNode::Kind kind;
        QString name;
        QString module;
        bool operator<(const Name &other) const
        {
            return std::tie(kind, name, module) < std::tie(other.kind, other.name, other.module);
        }
    };

    int idOf(Name name);
    int child(int parent, int name, const TimedStack &stack);
    int nameOf(const Loop &loop);
    int trunkOf(const TimedStack &stack);
    void noteLine(FlameNode &node, const Call &call, Duration time);
    void useModulesOf(const Stall &stall);
    const std::vector<Call> &callsOf(const StackFrame &frame, const Stall &stall);
    std::vector<Call> namedCalls(const StackFrame &frame, const Stall &stall);

    const QList<Loop *> &m_loops;
    CodeNames &m_names;
    std::vector<FlameNode> m_nodes;
    std::vector<int> m_leaves;
    std::map<Name, int> m_ids;
    std::vector<Name> m_nameList;
    std::unordered_map<std::uint64_t, int> m_children; ///< by parent and name
    const Loop *m_loop = nullptr;
    int m_loopName = 0; ///< of m_loop
    const Stall *m_stall = nullptr;
    std::vector<std::uint64_t> m_modules; ///< of m_stall: their numbers in all stalls
    std::map<std::pair<std::string, std::string>, std::uint64_t> m_moduleIds;
    /// By module and offset: a stack of 60 calls has few that no other one has.
    std::map<std::uint64_t, std::unordered_map<std::uint64_t, std::vector<Call>>> m_calls;
};

int FlameBuilder::idOf(Name name)
{
    const auto [known, isNew] = m_ids.try_emplace(std::move(name), int(m_nameList.size()));
    if (isNew)
        m_nameList.push_back(known->first);
    return known->second;
}

/// The child of that name, which has taken \a stack's time.
int FlameBuilder::child(int parent, int name, const TimedStack &stack)
{
    const std::uint64_t key = std::uint64_t(parent) << 32 | std::uint32_t(name);
    const auto [known, isNew] = m_children.try_emplace(key, int(m_nodes.size()));
    const int node = known->second;
    if (isNew) {
        const Name &text = m_nameList[std::size_t(name)];
        m_nodes.push_back({.kind = text.kind,
                           .parent = parent,
                           .depth = m_nodes[std::size_t(parent)].depth + 1,
                           .name = text.name,
                           .module = text.module});
        m_nodes[std::size_t(parent)].children.push_back(node);
    }
    FlameNode &taken = m_nodes[std::size_t(node)];
    taken.time = saturatedSum(taken.time, stack.time);
    if (!stack.sample->systemCall.empty())
        taken.slept = saturatedSum(taken.slept, stack.time);
    return node;
}

/// Loops of one name stay apart: in place of a module they have their numbers.
int FlameBuilder::nameOf(const Loop &loop)
{
    if (m_loop != &loop)
        m_loopName = idOf({FlameNode::Kind::Loop, nameAmong(loop, m_loops),
                           QStringLiteral("%1 %2").arg(loop.process().processId()).arg(loop.id())});
    m_loop = &loop;
    return m_loopName;
}

int FlameBuilder::trunkOf(const TimedStack &stack)
{
    FlameNode &root = m_nodes.front();
    root.time = saturatedSum(root.time, stack.time);
    if (!stack.sample->systemCall.empty())
        root.slept = saturatedSum(root.slept, stack.time);
    int node = child(0, nameOf(*stack.loop), stack);
    if (stack.sample->isCut || stack.sample->isIncomplete)
        node = child(node, idOf({FlameNode::Kind::Cut, QStringLiteral("(outermost calls not known)"), {}}),
                     stack);
    return node;
}

void FlameBuilder::noteLine(FlameNode &node, const Call &call, Duration time)
{
    node.isInlined = call.isInlined;
    if (call.line == 0)
        return;
    for (FlameLine &line : node.lines) {
        if (line.line == call.line && line.file == call.file) {
            line.time = saturatedSum(line.time, time);
            return;
        }
    }
    node.lines.push_back({call.file, call.line, time});
}

void FlameBuilder::useModulesOf(const Stall &stall)
{
    if (m_stall == &stall)
        return;
    m_stall = &stall;
    m_modules.clear();
    for (const StackModule &module : stall.modules)
        m_modules.push_back(
            m_moduleIds.try_emplace({module.file, module.buildId}, m_moduleIds.size() + 1).first->second);
}

std::vector<Call> FlameBuilder::namedCalls(const StackFrame &frame, const Stall &stall)
{
    std::vector<Call> calls;
    for (const CodePlace &place : m_names.placesOf(frame, stall.modules)) {
        QString name = utf8(place.function);
        if (name.isEmpty())
            name = place.module.empty()
                       ? QStringLiteral("(%1)").arg(utf8(place.note))
                       : QStringLiteral("%1+0x%2").arg(utf8(place.module), QString::number(frame.offset, 16));
        calls.push_back({idOf({FlameNode::Kind::Call, name, utf8(place.module)}), place.isInlined,
                         utf8(place.file), place.line});
    }
    return calls;
}

const std::vector<Call> &FlameBuilder::callsOf(const StackFrame &frame, const Stall &stall)
{
    const bool hasModule = frame.module != StackFrame::NoModule && frame.module <= m_modules.size();
    const std::uint64_t module = hasModule ? m_modules[frame.module - 1] : 0;
    const auto [known, isNew] = m_calls[module].try_emplace(hasModule ? frame.offset : 0);
    if (isNew)
        known->second = namedCalls(frame, stall);
    return known->second;
}

void FlameBuilder::add(const TimedStack &stack)
{
    useModulesOf(*stack.stall);
    int node = trunkOf(stack);
    const std::vector<StackFrame> &frames = stack.sample->frames;
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
        const std::vector<Call> &calls = callsOf(*frame, *stack.stall);
        for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
            node = child(node, call->name, stack);
            noteLine(m_nodes[std::size_t(node)], *call, stack.time);
        }
    }
    if (const std::string &slept = stack.sample->systemCall; !slept.empty())
        node = child(
            node, idOf({FlameNode::Kind::Sleep, QStringLiteral("sleeps in %1").arg(utf8(slept)), {}}), stack);
    m_leaves.push_back(node);
}

} // namespace

FlameGraph flameGraphOf(const StackTimes &times, const QList<Loop *> &loops, CodeNames &names)
{
    FlameBuilder builder(loops, names);
    for (const TimedStack &stack : times.stacks)
        builder.add(stack);
    return builder.takeGraph();
}

} // namespace Flywheel::Monitor
