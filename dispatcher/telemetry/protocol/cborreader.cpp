// SPDX-License-Identifier: MIT
#include "telemetry/protocol/cborreader.h"

#include "telemetry/protocol/framebounds.h"
#include "telemetry/protocol/histogrampacking.h"

#include <QtCore/qstring.h>

#include <cmath>
#include <limits>

namespace Flywheel::Telemetry {

namespace {

constexpr int MaxSkippedDepth = 16;
constexpr std::uint64_t MaxKey = 63;

} // namespace

CborReader::CborReader(QByteArrayView body)
    : m_size(body.size())
    , m_cbor(QByteArray::fromRawData(body.data(), body.size()))
{
}

std::uint64_t CborReader::beginMessage()
{
    std::uint64_t number = 0;
    if (expect(m_cbor.isArray() && (!m_cbor.isLengthKnown() || m_cbor.length() == 2), "an array of two") &&
        m_cbor.enterContainer())
        read(number);
    return ok() ? number : 0;
}

void CborReader::endMessage()
{
    if (!ok() || !expect(!m_cbor.hasNext(), "the end of the message"))
        return;
    leave();
    if (ok() && m_cbor.currentOffset() != m_size)
        fail("bytes after the message");
}

bool CborReader::ok()
{
    if (m_error.empty() && m_cbor.lastError() != QCborError::NoError)
        fail(m_cbor.lastError().toString().toStdString());
    return m_error.empty();
}

void CborReader::fail(std::string_view reason)
{
    if (m_error.empty())
        m_error = std::string(reason) + " at byte " + std::to_string(m_cbor.currentOffset());
}

bool CborReader::expect(bool fits, std::string_view what)
{
    if (ok() && !fits)
        fail("expected " + std::string(what));
    return m_error.empty();
}

void CborReader::expectPossible(std::string_view impossible)
{
    if (ok() && !impossible.empty())
        fail(impossible);
}

void CborReader::leave()
{
    if (ok())
        m_cbor.leaveContainer();
    ok();
}

void CborReader::skip()
{
    while (ok() && m_cbor.isTag())
        m_cbor.next();
    if (ok())
        m_cbor.next(MaxSkippedDepth);
    ok();
}

std::uint64_t CborReader::readKey(std::uint64_t &seen)
{
    const std::uint64_t key = readCount(MaxKey);
    const std::uint64_t bit = std::uint64_t(1) << key;
    if (expect(!(seen & bit), "each field once"))
        seen |= bit;
    return key;
}

std::uint64_t CborReader::readCount(std::uint64_t max)
{
    std::uint64_t value = 0;
    read(value);
    return expect(value <= max, "a number up to " + std::to_string(max)) ? value : 0;
}

void CborReader::read(std::uint64_t &value)
{
    if (!expect(m_cbor.isUnsignedInteger(), "an unsigned integer"))
        return;
    value = m_cbor.toUnsignedInteger();
    m_cbor.next();
}

void CborReader::read(std::uint32_t &value)
{
    value = static_cast<std::uint32_t>(readCount(std::numeric_limits<std::uint32_t>::max()));
}

void CborReader::read(std::int64_t &value)
{
    constexpr std::uint64_t Max = std::numeric_limits<std::int64_t>::max();
    // -1 - n is how CBOR has negative numbers (RFC 8949, 3.1); QCborNegativeInteger is 1 + n, and 0 if that
    // is 2^64.
    const bool fits = m_cbor.isUnsignedInteger()
                          ? m_cbor.toUnsignedInteger() <= Max
                          : m_cbor.isNegativeInteger() && quint64(m_cbor.toNegativeInteger()) - 1 <= Max;
    if (!expect(fits, "an integer of 64 bits"))
        return;
    value = m_cbor.toInteger();
    m_cbor.next();
}

void CborReader::read(bool &value)
{
    if (!expect(m_cbor.isBool(), "true or false"))
        return;
    value = m_cbor.toBool();
    m_cbor.next();
}

void CborReader::read(double &value)
{
    double number = std::numeric_limits<double>::quiet_NaN();
    if (m_cbor.isFloat16())
        number = static_cast<float>(m_cbor.toFloat16());
    else if (m_cbor.isFloat())
        number = m_cbor.toFloat();
    else if (m_cbor.isDouble())
        number = m_cbor.toDouble();
    if (!expect(std::isfinite(number), "a finite real number"))
        return;
    value = number;
    m_cbor.next();
}

void CborReader::read(std::string &text)
{
    if (!expect(m_cbor.isString(), "a text"))
        return;
    text.clear();
    auto chunk = m_cbor.readString();
    for (; chunk.status == QCborStreamReader::Ok; chunk = m_cbor.readString()) {
        text += chunk.data.toStdString();
        if (!expect(text.size() <= MaxStringBytes, "a shorter text"))
            return;
    }
    ok();
}

void CborReader::read(Histogram &histogram)
{
    if (!expect(m_cbor.isByteArray(), "a byte string"))
        return;
    QByteArray packed;
    auto chunk = m_cbor.readByteArray();
    for (; chunk.status == QCborStreamReader::Ok; chunk = m_cbor.readByteArray())
        packed += chunk.data;
    auto unpacked = ok() ? unpackHistogram(packed) : std::nullopt;
    if (expect(unpacked.has_value(), "a histogram"))
        histogram = *std::move(unpacked);
}

void CborReader::read(HandlerKind &kind)
{
    kind = static_cast<HandlerKind>(readCount(HandlerKindCount - 1));
}

void CborReader::read(Qt::TimerType &type)
{
    type = static_cast<Qt::TimerType>(readCount(Qt::VeryCoarseTimer));
}

void CborReader::read(Goodbye::Reason &reason)
{
    const std::uint64_t number = readCount(static_cast<std::uint64_t>(Goodbye::Reason::NoHello));
    if (expect(number > 0, "a reason"))
        reason = static_cast<Goodbye::Reason>(number);
}

void CborReader::read(std::chrono::nanoseconds &duration)
{
    std::int64_t count = 0;
    read(count);
    duration = std::chrono::nanoseconds(count);
}

void CborReader::read(std::chrono::milliseconds &interval)
{
    std::int64_t count = 0;
    read(count);
    const std::chrono::milliseconds read(count);
    if (expect(read >= ShortestInterval && read <= LongestInterval, "an interval of 20 ms to 60 s"))
        interval = read;
}

void CborReader::read(std::chrono::system_clock::time_point &time)
{
    std::chrono::nanoseconds sinceEpoch{};
    read(sinceEpoch);
    const std::chrono::system_clock::time_point read(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(sinceEpoch));
    if (expect(isPossible(read), "a time between 1970 and 2200"))
        time = read;
}

} // namespace Flywheel::Telemetry
