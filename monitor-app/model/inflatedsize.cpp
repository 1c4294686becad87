// SPDX-License-Identifier: MIT
#include "inflatedsize.h"

#include <array>
#include <cstdint>
#include <span>

namespace Flywheel::Monitor {

namespace {

constexpr qsizetype HeaderBytes = 2; // RFC 1950, 2.2
constexpr std::size_t LiteralCodes = 288;
constexpr std::size_t DistanceCodes = 30;
constexpr unsigned LongestCode = 15;
constexpr unsigned EndOfBlock = 256;

/// Bits as RFC 1951, 3.1.1 packs them. Beyond the end all are 0, and isBroken().
class Bits
{
public:
    explicit Bits(QByteArrayView bytes) : m_bytes(bytes) {}

    unsigned take(unsigned count)
    {
        unsigned value = 0;
        for (unsigned i = 0; i < count; ++i)
            value |= next() << i;
        return value;
    }
    void skipToByte() { m_bit = (m_bit + 7) / 8 * 8; }
    void skipBytes(std::size_t count) { m_bit += static_cast<qsizetype>(count) * 8; }
    bool isBroken() const { return m_bit > m_bytes.size() * 8; }

private:
    unsigned next()
    {
        const qsizetype at = m_bit++;
        return at / 8 < m_bytes.size() ? static_cast<unsigned char>(m_bytes[at / 8]) >> (at % 8) & 1u : 0;
    }

    QByteArrayView m_bytes;
    qsizetype m_bit = 0;
};

/// The code that lengths of code words define, shortest and smallest first (RFC 1951, 3.2.2).
class Code
{
public:
    explicit Code(std::span<const std::uint8_t> lengths)
    {
        for (const std::uint8_t length : lengths)
            ++m_counts[length];
        m_counts[0] = 0;
        std::array<unsigned, LongestCode + 2> first{};
        for (unsigned length = 1; length <= LongestCode; ++length)
            first[length + 1] = first[length] + m_counts[length];
        for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
            if (lengths[symbol] > 0)
                m_symbols[first[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
        }
    }

    /// Nothing if there is no such word.
    std::optional<unsigned> read(Bits &bits) const
    {
        unsigned word = 0;
        unsigned firstWord = 0;
        unsigned index = 0;
        for (unsigned length = 1; length <= LongestCode; ++length) {
            word |= bits.take(1);
            const unsigned count = m_counts[length];
            if (word < firstWord + count)
                return m_symbols[index + (word - firstWord)];
            index += count;
            firstWord = (firstWord + count) << 1;
            word <<= 1;
        }
        return {};
    }

private:
    std::array<std::uint16_t, LongestCode + 1> m_counts{};
    std::array<std::uint16_t, LiteralCodes> m_symbols{};
};

struct Codes
{
    Code literals;
    Code distances;
};

Codes fixedCodes()
{
    std::array<std::uint8_t, LiteralCodes> literals;
    for (std::size_t i = 0; i < literals.size(); ++i)
        literals[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    std::array<std::uint8_t, DistanceCodes> distances;
    distances.fill(5);
    return {Code(literals), Code(distances)};
}

/// The lengths of \a count code words, which are a code of their own (RFC 1951, 3.2.7).
bool readLengths(Bits &bits, const Code &code, std::span<std::uint8_t> lengths)
{
    for (std::size_t at = 0; at < lengths.size();) {
        const auto symbol = code.read(bits);
        if (!symbol || bits.isBroken() || (*symbol == 16 && at == 0))
            return false;
        std::uint8_t value = 0;
        std::size_t repeat = 1;
        if (*symbol < 16) {
            value = static_cast<std::uint8_t>(*symbol);
        } else if (*symbol == 16) {
            value = lengths[at - 1];
            repeat = 3 + bits.take(2);
        } else {
            repeat = *symbol == 17 ? 3 + bits.take(3) : 11 + bits.take(7);
        }
        if (repeat > lengths.size() - at)
            return false;
        for (; repeat > 0; --repeat)
            lengths[at++] = value;
    }
    return true;
}

std::optional<Codes> dynamicCodes(Bits &bits)
{
    constexpr std::array<std::uint8_t, 19> Order{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                 11, 4,  12, 3, 13, 2, 14, 1, 15};
    const std::size_t literals = 257 + bits.take(5);
    const std::size_t distances = 1 + bits.take(5);
    const std::size_t used = 4 + bits.take(4);
    if (literals > LiteralCodes - 2 || distances > DistanceCodes)
        return {};
    std::array<std::uint8_t, 19> codeLengths{};
    for (std::size_t i = 0; i < used; ++i)
        codeLengths[Order[i]] = static_cast<std::uint8_t>(bits.take(3));
    std::array<std::uint8_t, LiteralCodes + DistanceCodes> lengths{};
    if (!readLengths(bits, Code(codeLengths), std::span(lengths).first(literals + distances)))
        return {};
    return Codes{Code(std::span(lengths).first(literals)),
                 Code(std::span(lengths).subspan(literals, distances))};
}

/// The length that a length symbol and its extra bits say (RFC 1951, 3.2.5).
unsigned copiedLength(Bits &bits, unsigned symbol)
{
    const unsigned code = symbol - 257;
    if (code < 8)
        return 3 + code;
    if (code == 28)
        return 258;
    const unsigned extra = (code - 4) / 4;
    return 3 + ((4 + code % 4) << extra) + bits.take(extra);
}

class Counter
{
public:
    Counter(QByteArrayView deflated, std::size_t limit) : m_bits(deflated), m_limit(limit) {}

    std::optional<std::size_t> count()
    {
        bool isLast = false;
        while (!isLast) {
            isLast = m_bits.take(1) != 0;
            if (!block(m_bits.take(2)) || m_bits.isBroken() || m_size > m_limit)
                return {};
        }
        return m_size;
    }

private:
    bool block(unsigned type)
    {
        if (type == 0)
            return stored();
        if (type == 1)
            return compressed(fixedCodes());
        const auto codes = type == 2 ? dynamicCodes(m_bits) : std::nullopt;
        return codes && compressed(*codes);
    }
    bool stored()
    {
        m_bits.skipToByte();
        const unsigned length = m_bits.take(16);
        const bool fits = m_bits.take(16) == (~length & 0xffffu);
        m_bits.skipBytes(length);
        m_size += length;
        return fits;
    }
    bool compressed(const Codes &codes)
    {
        while (m_size <= m_limit && !m_bits.isBroken()) {
            const auto symbol = codes.literals.read(m_bits);
            if (!symbol || *symbol > 285)
                return false;
            if (*symbol == EndOfBlock)
                return true;
            m_size += *symbol < EndOfBlock ? 1 : copiedLength(m_bits, *symbol);
            if (*symbol > EndOfBlock && !skipDistance(codes.distances))
                return false;
        }
        return false;
    }
    bool skipDistance(const Code &distances)
    {
        const auto symbol = distances.read(m_bits);
        if (!symbol || *symbol >= DistanceCodes)
            return false;
        m_bits.take(*symbol < 4 ? 0 : (*symbol - 2) / 2);
        return true;
    }

    Bits m_bits;
    const std::size_t m_limit;
    std::size_t m_size = 0;
};

} // namespace

std::optional<std::size_t> inflatedSize(QByteArrayView zlib, std::size_t limit)
{
    if (zlib.size() <= HeaderBytes)
        return {};
    return Counter(zlib.sliced(HeaderBytes), limit).count();
}

} // namespace Flywheel::Monitor
