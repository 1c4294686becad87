// SPDX-License-Identifier: MIT
#include "journal/journalreader.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace Flywheel {

using namespace Journaling;

namespace {

/// 126 years: sums of two of them are numbers still.
constexpr std::int64_t MostNs = 4'000'000'000'000'000'000;
constexpr int MostAttempts = 16;
constexpr std::uint32_t KindOfBatches = 2; // HandlerKind::PostedBatch, whose header needs Qt

using Words = std::vector<std::uint64_t>;

/// The bytes of a Header, plain.
struct HeaderBytes
{
    std::array<std::uint64_t, sizeof(Header) / sizeof(std::uint64_t)> words{};

    template <typename T>
    T at(std::size_t offset) const
    {
        T value;
        std::memcpy(&value, reinterpret_cast<const char *>(words.data()) + offset, sizeof value);
        return value;
    }
};
// The header's fields are read by their places: the object of atomics itself can't be copied.
#define FLYWHEEL_FIELD(header, type, field) ((header).at<type>(offsetof(Header, field)))

struct SlotBytes
{
    std::uint64_t version;
    Names names;
};
static_assert(sizeof(SlotBytes) == sizeof(NamesSlot));

std::optional<HeaderBytes> copyHeader(const JournalSource &source)
{
    HeaderBytes header;
    if (source.bytes < sizeof(Header) || !source.copy(0, header.words))
        return std::nullopt;
    return header;
}

/// Empty, or why the header is not one that this code can read.
std::string problemOf(const HeaderBytes &header, std::size_t bytes)
{
    const auto magic = FLYWHEEL_FIELD(header, std::uint64_t, magic);
    if (magic == 0)
        return "is not finished: its process ended while making it, or is still at that";
    if (magic != Magic) {
        const bool isOfOther = (magic & 0xffffffffffU) == (Magic & 0xffffffffffU);
        return isOfOther ? "was written by another version of Flywheel; use the flywheel-run of that version"
                         : "is not a journal of Flywheel";
    }
    const auto records = FLYWHEEL_FIELD(header, std::uint64_t, recordCapacity);
    const bool fits = FLYWHEEL_FIELD(header, std::uint32_t, headerBytes) == sizeof(Header) &&
                      FLYWHEEL_FIELD(header, std::uint32_t, namesBytes) == sizeof(NamesSlot) &&
                      FLYWHEEL_FIELD(header, std::uint32_t, subjectCapacity) == SubjectCapacity &&
                      FLYWHEEL_FIELD(header, std::uint32_t, recordBytes) == sizeof(RecordWords) &&
                      std::has_single_bit(records);
    if (!fits)
        return "is damaged: its header does not fit together";
    if (bytes < bytesOf(0) || (bytes - bytesOf(0)) / sizeof(RecordWords) < records)
        return "is cut off";
    return {};
}

Instant toInstant(std::int64_t ns)
{
    return Instant(Nanoseconds(std::clamp(ns, std::int64_t(0), MostNs)));
}

Nanoseconds toDuration(float ns)
{
    return Nanoseconds(ns > 0 ? static_cast<std::int64_t>(std::min(ns, 1e18F)) : 0); // and not a number: 0
}

template <std::size_t Size>
std::string toText(const std::array<char, Size> &text)
{
    return {text.data(), ::strnlen(text.data(), Size)};
}

void appendUtf8(std::string &text, char32_t c)
{
    const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | c >> 6);
        put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(0xe0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3f));
        put(0x80 | (c & 0x3f));
    } else {
        put(0xf0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3f));
        put(0x80 | (c >> 6 & 0x3f));
        put(0x80 | (c & 0x3f));
    }
}

/// A name may be cut between two surrogates.
std::string toUtf8(std::u16string_view name)
{
    constexpr char32_t Replacement = 0xfffd;
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char32_t c = name[i];
        const char32_t next = i + 1 < name.size() ? name[i + 1] : U'\0';
        if (c < 0xd800 || c > 0xdfff) {
            appendUtf8(text, c);
        } else if (c < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
            appendUtf8(text, 0x10000 + ((c - 0xd800) << 10) + (next - 0xdc00));
            ++i;
        } else {
            appendUtf8(text, Replacement);
        }
    }
    return text;
}

JournalIdentity identityIn(const HeaderBytes &header)
{
    const auto activity = FLYWHEEL_FIELD(header, std::int64_t, activity);
    const auto made = FLYWHEEL_FIELD(header, std::int64_t, made);
    return {.processId = FLYWHEEL_FIELD(header, std::uint64_t, processId),
            .threadId = FLYWHEEL_FIELD(header, std::uint64_t, threadId),
            .loopId = FLYWHEEL_FIELD(header, std::uint64_t, loopId),
            .program = toText(header.at<std::array<char, 64>>(offsetof(Header, program))),
            .thread = toText(header.at<std::array<char, 64>>(offsetof(Header, thread))),
            .processMade = toInstant(FLYWHEEL_FIELD(header, std::int64_t, processMade)),
            .lastSign = toInstant(std::max(activity >> 2, made)),
            .wallOffset = toInstant(FLYWHEEL_FIELD(header, std::int64_t, wallOffset)).time_since_epoch()};
}

JournalContents::Handler toHandler(const std::uint64_t *words)
{
    const Record record = recordOf(words[0], words[1], words[2]);
    const Instant end = toInstant(record.end);
    const Nanoseconds duration = std::min(toDuration(record.duration), end.time_since_epoch());
    return {.began = end - duration,
            .duration = duration,
            .lateness = toDuration(record.lateness),
            .id = record.id,
            .kind = record.kind,
            .subject = record.subject,
            .depth = record.depth};
}

constexpr std::size_t RecordSize = sizeof(RecordWords) / sizeof(std::uint64_t);

/// The records from number \a first up to \a end, exclusive, which the ring has; empty if they can't be read.
std::optional<Words> copyRecords(const JournalSource &source, std::uint64_t capacity, std::uint64_t first,
                                 std::uint64_t end)
{
    Words records((end - first) * RecordSize);
    const std::span<std::uint64_t> all(records);
    const std::uint64_t place = first & (capacity - 1);
    const std::uint64_t beforeWrap = std::min(end - first, capacity - place);
    const std::size_t begin = bytesOf(0) + place * sizeof(RecordWords);
    const bool isRead = source.copy(begin, all.first(beforeWrap * RecordSize)) &&
                        source.copy(bytesOf(0), all.subspan(beforeWrap * RecordSize));
    return isRead ? std::optional(std::move(records)) : std::nullopt;
}

/// \a before and \a after: copies of \c written, from before and after that of the \a records from number
/// \a first on.
void addHandlers(JournalContents &contents, const Words &records, std::uint64_t capacity, std::uint64_t first,
                 std::uint64_t before, std::uint64_t after)
{
    contents.written = contents.first = before;
    if (after < before) // not the work of a writer of ours
        return;
    // Record n replaces record n - capacity, and number `after` may be half-way.
    contents.first = after < capacity ? first : std::clamp(after + 1 - capacity, first, before);
    for (std::uint64_t number = contents.first; number < before; ++number)
        contents.handlers.push_back(toHandler(&records[(number - first) * RecordSize]));
}

SlotBytes slotIn(const Words &words, std::size_t index)
{
    SlotBytes slot;
    const std::size_t place = sizeof(Header) + index * sizeof slot;
    std::memcpy(&slot, reinterpret_cast<const char *>(words.data()) + place, sizeof slot);
    return slot;
}

/// From three copies, one after the other: the names of the second one, if their version was the same before
/// and after.
void addReceivers(JournalContents &contents, const Words &before, const Words &between, const Words &after)
{
    contents.receivers.resize(SubjectCapacity);
    for (std::size_t i = 0; i < SubjectCapacity; ++i) {
        const SlotBytes slot = slotIn(between, i);
        const std::uint64_t version = slotIn(before, i).version;
        if (version == 0 || version % 2 == 1 || slotIn(after, i).version != version)
            continue;
        const auto length =
            std::min<std::uint64_t>(slot.names.objectNameLength, slot.names.objectName.size());
        contents.receivers[i] = {toText(slot.names.className),
                                 toUtf8({slot.names.objectName.data(), static_cast<std::size_t>(length)})};
    }
}

/// Whether nothing began or ended between two copies of the header.
bool isSameMoment(const HeaderBytes &a, const HeaderBytes &b)
{
    return FLYWHEEL_FIELD(a, std::int64_t, activity) == FLYWHEEL_FIELD(b, std::int64_t, activity) &&
           FLYWHEEL_FIELD(a, std::uint64_t, subject) == FLYWHEEL_FIELD(b, std::uint64_t, subject) &&
           FLYWHEEL_FIELD(a, std::int64_t, id) == FLYWHEEL_FIELD(b, std::int64_t, id);
}

void addActivity(JournalContents &contents, const HeaderBytes &header)
{
    const auto packed = FLYWHEEL_FIELD(header, std::int64_t, activity);
    const auto subject = FLYWHEEL_FIELD(header, std::uint64_t, subject);
    contents.since = toInstant(packed >> 2);
    contents.activity = static_cast<Activity>(std::min<std::int64_t>(packed & 3, 2));
    if (contents.activity == Activity::Handler) {
        contents.running = {.began = contents.since,
                            .id = FLYWHEEL_FIELD(header, std::int64_t, id),
                            .kind = static_cast<std::uint8_t>(subject >> 32),
                            .subject = static_cast<std::uint32_t>(subject)};
    }
}

/// A loop that runs many short handlers changes it all the time: then what it is at means little, too.
bool readActivity(JournalContents &contents, const JournalSource &source)
{
    for (int attempt = 0; attempt < MostAttempts; ++attempt) {
        const std::optional<HeaderBytes> before = copyHeader(source);
        const std::optional<HeaderBytes> after = copyHeader(source);
        if (!before || !after)
            return false;
        if (isSameMoment(*before, *after)) {
            addActivity(contents, *after);
            break;
        }
    }
    return true;
}

/// Handlers and, after them, their receivers: an index has another subject only once no record that is kept
/// names it.
bool readHandlers(JournalContents &contents, const JournalSource &source, const HeaderBytes &header,
                  std::uint64_t from)
{
    const auto capacity = FLYWHEEL_FIELD(header, std::uint64_t, recordCapacity);
    const auto now = copyHeader(source);
    if (!now)
        return false;
    const auto written = FLYWHEEL_FIELD(*now, std::uint64_t, written);
    const std::uint64_t kept = written > capacity ? written - capacity : 0;
    const std::uint64_t first = std::clamp(from, kept, written);
    contents.written = contents.first = written;
    if (from > 0 && first == written && !contents.running)
        return true;
    const std::optional<Words> records = copyRecords(source, capacity, first, written);
    Words before(bytesOf(0) / sizeof(std::uint64_t));
    Words between(before.size());
    Words after(before.size());
    if (!records || !source.copy(0, before) || !source.copy(0, between) || !source.copy(0, after))
        return false;
    constexpr std::size_t place = offsetof(Header, written) / sizeof(std::uint64_t);
    addHandlers(contents, *records, capacity, first, written, after[place]);
    addReceivers(contents, before, between, after);
    return true;
}

JournalReading unreadable()
{
    return {std::nullopt, "can't be read: it was cut off or removed meanwhile"};
}

} // namespace

const JournalContents::Receiver &JournalContents::receiverOf(const Handler &handler) const
{
    static const Receiver s_unknown;
    const bool hasOne = handler.kind != KindOfBatches && handler.subject < receivers.size();
    return hasOne ? receivers[handler.subject] : s_unknown;
}

std::optional<JournalIdentity> readJournalIdentity(const JournalSource &source, std::string &problem)
{
    const std::optional<HeaderBytes> header = copyHeader(source);
    problem = header ? problemOf(*header, source.bytes) : "is too short for a journal";
    return problem.empty() ? std::optional(identityIn(*header)) : std::nullopt;
}

JournalReading readJournal(const JournalSource &source, std::uint64_t from)
{
    JournalReading reading;
    const std::optional<HeaderBytes> header = copyHeader(source);
    reading.problem = header ? problemOf(*header, source.bytes) : "is too short for a journal";
    if (!reading.problem.empty())
        return reading;

    JournalContents &contents = reading.contents.emplace();
    contents.identity = identityIn(*header);
    if (!readActivity(contents, source) || !readHandlers(contents, source, *header, from))
        return unreadable();
    return reading;
}

JournalReading readJournal(std::span<const std::byte> memory)
{
    static_assert(sizeof(std::atomic<std::uint64_t>) == sizeof(std::uint64_t));
    const auto *const words = reinterpret_cast<const std::atomic<std::uint64_t> *>(memory.data());
    const auto copy = [words](std::size_t offset, std::span<std::uint64_t> to) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = words[offset / sizeof(std::uint64_t) + i].load(std::memory_order_acquire);
        return true;
    };
    return readJournal(JournalSource{memory.size(), copy});
}

} // namespace Flywheel
