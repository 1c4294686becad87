// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "journal/layout.h"
#include "platform/uniquefd.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Reads journals while their writers go on, hang or are dead. Nothing that a journal contains is trusted: a
/// file may be cut off, of another version, or made to do harm. Any thread.
namespace Flywheel {

/// Whose journal it is, and how it stands.
struct JournalIdentity
{
    std::uint64_t processId = 0;
    std::uint64_t threadId = 0;
    std::uint64_t loopId = 0;
    std::string program; ///< bytes of another process, like all strings here: see plainText()
    std::string thread;
    /// When the process made its first journal. With processId, tells it from all others.
    Instant processMade{};
    Instant lastSign{};       ///< when it last began or ended something, as far as the header tells
    Nanoseconds wallOffset{}; ///< the system clock is so much ahead of these instants
};

struct JournalContents
{
    struct Receiver
    {
        std::string className; ///< empty if not known
        std::string objectName;
    };
    struct Handler
    {
        Instant began{};
        Nanoseconds duration{};
        Nanoseconds lateness{}; ///< of a timer
        std::int64_t id = 0;
        std::uint32_t kind = 0; ///< HandlerKind, or another number
        std::uint32_t subject = Journaling::Others;
        std::uint32_t depth = 0; ///< loops on the stack; 0 if not known
    };

    JournalIdentity identity;
    std::uint64_t written = 0; ///< how many handlers were recorded, those included that are no longer kept
    std::uint64_t first = 0;   ///< the number of the first of `handlers`; the first one of the loop is 0
    std::vector<Handler> handlers; ///< in the order in which they ended
    Journaling::Activity activity = Journaling::Activity::None;
    Instant since{};                ///< of the activity
    std::optional<Handler> running; ///< without a duration; it began at `since`
    std::vector<Receiver> receivers;

    const Receiver &receiverOf(const Handler &handler) const;
};

/// Either contents, or a problem: one line that says why there are none.
struct JournalReading
{
    std::optional<JournalContents> contents;
    std::string problem;
};

/// A journal in this process's memory.
JournalReading readJournal(std::span<const std::byte> memory);

/// Follows the journal in a file: each reading has only what is new. Keeps the file open, so that the last
/// handlers can still be read after the loop has ended and its file was removed. One thread at a time. On
/// Windows, where journals are no files, each reading is a problem.
class JournalTail
{
public:
    explicit JournalTail(const std::string &path);

    /// Returns the handlers that were recorded since the last call, the first time all that are kept. If
    /// JournalContents::first is greater than next() was, those between were overwritten before they were
    /// read.
    JournalReading readNew();
    /// The number of the first handler that the next call returns, unless it is overwritten until then.
    std::uint64_t next() const { return m_next; }

private:
    UniqueFd m_file;
    std::string m_problem; ///< why the file can't be opened
    std::uint64_t m_next = 0;
};

// Not on Windows:

/// A file. It need not be one of this user's.
JournalReading readJournalFile(const std::string &path);
/// Nothing if it is no journal. An unfinished file, which is zero, has an identity without a process.
std::optional<JournalIdentity> readJournalIdentity(const std::string &path);

/// Where the bytes of a journal come from. copy() gets the bytes from \c offset on, a multiple of 8, as many
/// as its last argument has, as they are now, and is not reordered with other copies. False: they can't be
/// read.
struct JournalSource
{
    std::size_t bytes = 0;
    std::function<bool(std::size_t offset, std::span<std::uint64_t>)> copy;
};
/// Without the handlers before number \a from. If there is none since then and none runs, receivers are left
/// out too.
JournalReading readJournal(const JournalSource &source, std::uint64_t from = 0);
/// Nothing unless the header is that of a journal; says why in \a problem.
std::optional<JournalIdentity> readJournalIdentity(const JournalSource &source, std::string &problem);

} // namespace Flywheel
