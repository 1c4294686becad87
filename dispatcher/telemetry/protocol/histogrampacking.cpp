// SPDX-License-Identifier: MIT
#include "telemetry/protocol/histogrampacking.h"

#include <limits>

namespace Flywheel::Telemetry {

namespace {

constexpr unsigned BitsPerByte = 7;
constexpr unsigned char MoreFollows = 0x80;
constexpr std::uint64_t MaxTotal = std::numeric_limits<std::int64_t>::max();

void appendNumber(QByteArray &bytes, std::uint64_t number)
{
    for (; number >= MoreFollows; number >>= BitsPerByte)
        bytes.append(static_cast<char>(number | MoreFollows));
    bytes.append(static_cast<char>(number));
}

/// Takes a number off the front of \a bytes. Nothing if it does not end or does not fit into 63 bits.
std::optional<std::uint64_t> takeNumber(QByteArrayView &bytes)
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; !bytes.isEmpty() && shift < 63; shift += BitsPerByte) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes = bytes.sliced(1);
        number |= std::uint64_t(byte & ~MoreFollows) << shift;
        if (!(byte & MoreFollows))
            return number;
    }
    return {};
}

} // namespace

QByteArray packHistogram(const Histogram &histogram)
{
    QByteArray bytes;
    bytes.reserve(4 * static_cast<qsizetype>(histogram.buckets().size()));
    std::uint32_t former = 0;
    for (const Histogram::Bucket &bucket : histogram.buckets()) {
        appendNumber(bytes, bucket.index - former);
        appendNumber(bytes, bucket.count);
        former = bucket.index;
    }
    return bytes;
}

std::optional<Histogram> unpackHistogram(QByteArrayView bytes)
{
    std::vector<Histogram::Bucket> buckets;
    std::uint64_t index = 0;
    std::uint64_t total = 0;
    while (!bytes.isEmpty()) {
        const auto step = takeNumber(bytes);
        const auto count = takeNumber(bytes);
        if (!step || !count || *count == 0 || (*step == 0 && !buckets.empty()))
            return {};
        if (*step >= Histogram::BucketCount - index || *count > MaxTotal - total)
            return {};
        index += *step;
        total += *count;
        buckets.push_back({static_cast<std::uint32_t>(index), *count});
    }
    return Histogram(std::move(buckets));
}

} // namespace Flywheel::Telemetry
