// SPDX-License-Identifier: MIT
#include "journalbatch.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

Time toTime(Instant instant)
{
    return instant.time_since_epoch();
}

/// Numbers the receivers that handlers of a batch have.
class Receivers
{
public:
    Receivers(const JournalContents &contents, HandlerBatch &batch)
        : m_contents(contents)
        , m_batch(batch)
        , m_numbers(contents.receivers.size(), Unseen)
    {
    }

    std::uint16_t numberOf(const JournalContents::Handler &handler)
    {
        const JournalContents::Receiver &receiver = m_contents.receiverOf(handler);
        if (receiver.className.empty() && receiver.objectName.empty())
            return None;
        std::uint16_t &number = m_numbers[handler.subject];
        if (number == Unseen) {
            number = static_cast<std::uint16_t>(m_batch.receivers.size());
            m_batch.receivers.push_back(named(receiver));
        }
        return number;
    }
    static HandlerReceiver named(const JournalContents::Receiver &receiver)
    {
        return {QString::fromStdString(Format::plain(receiver.className)),
                QString::fromStdString(Format::plain(receiver.objectName))};
    }
    static constexpr std::uint16_t None = 0xffff; ///< there are fewer

private:
    static constexpr std::uint16_t Unseen = 0xfffe;

    const JournalContents &m_contents;
    HandlerBatch &m_batch;
    std::vector<std::uint16_t> m_numbers;
};

LoggedHandler toLogged(const JournalContents::Handler &handler)
{
    const auto kind = std::min<std::size_t>(handler.kind, HandlerKindCount - 1);
    return {.begin = toTime(handler.began),
            .end = toTime(handler.began) + handler.duration,
            .id = handler.id,
            .lateness = handler.lateness,
            .receiver = Receivers::None,
            .kind = static_cast<HandlerKind>(kind),
            .depth = static_cast<std::uint8_t>(handler.depth)};
}

} // namespace

HandlerBatch toBatch(const JournalContents &contents, std::uint64_t next, Time takenAt)
{
    HandlerBatch batch;
    batch.takenAt = takenAt;
    batch.isFirst = contents.first == 0;
    batch.hasLoss = contents.first > next;
    batch.handlers.reserve(contents.handlers.size());
    Receivers receivers(contents, batch);
    for (const JournalContents::Handler &handler : contents.handlers) {
        batch.handlers.push_back(toLogged(handler));
        batch.handlers.back().receiver = receivers.numberOf(handler);
    }
    if (contents.running) {
        batch.running = {toLogged(*contents.running),
                         Receivers::named(contents.receiverOf(*contents.running))};
        batch.running->handler.end = std::max(takenAt, batch.running->handler.begin);
    }
    return batch;
}

} // namespace Flywheel::Monitor
