// SPDX-License-Identifier: MIT
#include "handlerlog.h"

namespace Flywheel::Monitor {

namespace {

constexpr std::size_t MostGaps = 1000;

} // namespace

std::uint16_t HandlerLog::numberOf(const HandlerReceiver &receiver)
{
    const std::pair key(receiver.className, receiver.objectName);
    if (const auto known = m_numbers.constFind(key); known != m_numbers.cend())
        return *known;
    if (receiver == HandlerReceiver() || m_receivers.size() == MostReceivers)
        return 0;
    m_receivers.push_back(receiver);
    return *m_numbers.insert(key, static_cast<std::uint16_t>(m_receivers.size() - 1));
}

const HandlerReceiver &HandlerLog::receiverOf(const LoggedHandler &handler) const
{
    return m_receivers[handler.receiver < m_receivers.size() ? handler.receiver : 0];
}

/// What was overwritten ended after all that was known and before what is known now.
void HandlerLog::noteLoss(const HandlerBatch &batch)
{
    const Time until = batch.handlers.empty() ? batch.takenAt : batch.handlers.front().end;
    if (!m_known) {
        const bool isWhole = batch.isFirst && !batch.handlers.empty();
        m_known = {isWhole ? batch.handlers.front().begin : until, until};
        return;
    }
    if (!batch.hasLoss || until <= m_known->end)
        return;
    m_gaps.push_back({m_known->end, until});
    if (m_gaps.size() > MostGaps)
        forgetBefore(m_gaps.front().end);
}

void HandlerLog::add(const HandlerBatch &batch)
{
    noteLoss(batch);
    std::vector<std::uint16_t> numbers;
    numbers.reserve(batch.receivers.size());
    for (const HandlerReceiver &receiver : batch.receivers)
        numbers.push_back(numberOf(receiver));
    Time last = m_handlers.isEmpty() ? Time::min() : m_handlers.back().end;
    for (LoggedHandler handler : batch.handlers) {
        if (handler.end < last || handler.begin > handler.end)
            continue; // of a journal that somebody has changed: the order of the others is not to suffer
        last = handler.end;
        handler.receiver = handler.receiver < numbers.size() ? numbers[handler.receiver] : 0;
        m_deepest = std::max<int>(m_deepest, handler.depth);
        noteOpen(handler);
        if (m_handlers.isFull())
            forgetBefore(m_handlers.front().end);
        m_handlers.add(handler);
    }
    m_known->end = std::max({m_known->end, batch.takenAt, last});
    m_running = batch.running;
}

/// Once a handler has ended, all that ran inside of it have.
void HandlerLog::noteOpen(const LoggedHandler &handler)
{
    m_open.resize(handler.depth);
    for (std::optional<Time> &since : m_open) {
        if (!since)
            since = handler.begin;
    }
}

std::optional<Time> HandlerLog::openSince(int depth) const
{
    const auto at = static_cast<std::size_t>(depth);
    return depth > 0 && at < m_open.size() ? m_open[at] : std::nullopt;
}

void HandlerLog::forgetBefore(Time time)
{
    m_known->begin = std::max(m_known->begin, time);
    while (!m_gaps.empty() && m_gaps.front().end <= time)
        m_gaps.pop_front();
}

void HandlerLog::clear()
{
    m_handlers.clear();
    m_receivers.resize(1);
    m_numbers.clear();
    m_gaps.clear();
    m_known.reset();
    m_running.reset();
    m_deepest = 1;
    m_open.clear();
}

} // namespace Flywheel::Monitor
