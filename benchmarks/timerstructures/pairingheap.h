// SPDX-License-Identifier: MIT
#pragma once

#include "slots.h"

#include <utility>

namespace Flywheel::Bench {

/// A pairing heap through links in the slots (Fredman, Sedgewick, Sleator, Tarjan 1986). `previous` is the
/// parent for a first child.
class PairingHeap
{
public:
    struct Node
    {
        Instant deadline;
        std::uint32_t order, child, next, previous;
    };

    explicit PairingHeap(Slots<Node> &slots) : m_slots(slots) {}

    bool isEmpty() const { return m_root == None; }
    Instant next() { return node(m_root).deadline; }

    void insert(const DeadlineEntry &entry)
    {
        node(entry.slot) = {entry.deadline, entry.order, None, None, None};
        m_root = m_root == None ? entry.slot : meld(m_root, entry.slot);
    }

    void remove(std::uint32_t slot)
    {
        const Node &removed = node(slot);
        const std::uint32_t rest = meldPairs(removed.child);
        if (slot == m_root) {
            m_root = rest;
            return;
        }
        Node &previous = node(removed.previous);
        (previous.child == slot ? previous.child : previous.next) = removed.next;
        if (removed.next != None)
            node(removed.next).previous = removed.previous;
        if (rest != None)
            m_root = meld(m_root, rest);
    }

    std::uint32_t takeDue(Instant now)
    {
        if (m_root == None || node(m_root).deadline > now)
            return None;
        const std::uint32_t slot = m_root;
        m_root = meldPairs(node(slot).child);
        return slot;
    }

private:
    Node &node(std::uint32_t slot) { return m_slots[slot].node; }

    bool isLess(std::uint32_t a, std::uint32_t b)
    {
        return DeadlineEntry{node(a).deadline, node(a).order, a} <
               DeadlineEntry{node(b).deadline, node(b).order, b};
    }

    std::uint32_t meld(std::uint32_t a, std::uint32_t b)
    {
        if (isLess(b, a))
            std::swap(a, b);
        Node &top = node(a), &below = node(b);
        below.previous = a;
        below.next = top.child;
        if (top.child != None)
            node(top.child).previous = b;
        top.child = b;
        top.next = top.previous = None;
        return a;
    }

    /// Two passes: pairs from the front, then all together from the back.
    std::uint32_t meldPairs(std::uint32_t first)
    {
        std::uint32_t pairs = None;
        while (first != None) {
            const std::uint32_t second = node(first).next;
            std::uint32_t pair = first;
            std::uint32_t rest = None;
            if (second != None) {
                rest = node(second).next;
                pair = meld(first, second);
            }
            node(pair).next = pairs;
            pairs = pair;
            first = rest;
        }
        std::uint32_t root = None;
        while (pairs != None) {
            const std::uint32_t next = node(pairs).next;
            node(pairs).next = node(pairs).previous = None;
            root = root == None ? pairs : meld(root, pairs);
            pairs = next;
        }
        return root;
    }

    Slots<Node> &m_slots;
    std::uint32_t m_root = None;
};

} // namespace Flywheel::Bench
