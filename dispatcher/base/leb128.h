// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace Flywheel {

namespace Leb128 {

constexpr unsigned BitsPerByte = 7;
constexpr unsigned char MoreFollows = 0x80;
constexpr unsigned MostBits = 63;

} // namespace Leb128

/// Appends \a number to \a bytes in LEB128 (DWARF 5, section 7.6): seven bits a byte, the least significant
/// ones first, and the top bit set on each byte but the last. \a Bytes is a container of char with push_back.
template <typename Bytes>
void appendLeb128(Bytes &bytes, std::uint64_t number)
{
    for (; number >= Leb128::MoreFollows; number >>= Leb128::BitsPerByte)
        bytes.push_back(static_cast<char>(number | Leb128::MoreFollows));
    bytes.push_back(static_cast<char>(number));
}

/// Takes a number off the front of \a bytes. Returns nothing if the number does not end or needs more than 63
/// bits.
inline std::optional<std::uint64_t> takeLeb128(std::string_view &bytes)
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; !bytes.empty() && shift < Leb128::MostBits; shift += Leb128::BitsPerByte) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        number |= std::uint64_t(byte & ~Leb128::MoreFollows) << shift;
        if (!(byte & Leb128::MoreFollows))
            return number;
    }
    return {};
}

} // namespace Flywheel
