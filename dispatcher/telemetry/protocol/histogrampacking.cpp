// SPDX-License-Identifier: MIT
#include "telemetry/protocol/histogrampacking.h"

#include "base/leb128.h"

#include <limits>

namespace Flywheel::Telemetry {

namespace {

constexpr std::uint64_t MaxTotal = std::numeric_limits<std::int64_t>::max();

} // namespace

QByteArray packHistogram(const Histogram &histogram)
{
    QByteArray bytes;
    bytes.reserve(4 * static_cast<qsizetype>(histogram.buckets().size()));
    std::uint32_t former = 0;
    for (const Histogram::Bucket &bucket : histogram.buckets()) {
        appendLeb128(bytes, bucket.index - former);
        appendLeb128(bytes, bucket.count);
        former = bucket.index;
    }
    return bytes;
}

std::optional<Histogram> unpackHistogram(QByteArrayView bytes)
{
    std::vector<Histogram::Bucket> buckets;
    std::uint64_t index = 0;
    std::uint64_t total = 0;
    std::string_view rest(bytes.data(), static_cast<std::size_t>(bytes.size()));
    while (!rest.empty()) {
        const auto step = takeLeb128(rest);
        const auto count = takeLeb128(rest);
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
