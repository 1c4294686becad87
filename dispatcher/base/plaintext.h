// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace Flywheel {

namespace Detail {

/// The first code point of a text and its length in bytes. A length of 0 means that the bytes are not UTF-8.
struct CodePoint
{
    char32_t value = 0;
    std::size_t length = 0;
};

inline CodePoint firstCodePoint(std::string_view text)
{
    const auto byteAt = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byteAt(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
        return {};
    char32_t value = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(i) & 0xc0U) != 0x80)
            return {};
        value = value << 6 | (byteAt(i) & 0x3fU);
    }
    constexpr char32_t Shortest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool isSurrogate = value >= 0xd800 && value <= 0xdfff;
    return value < Shortest[length] || value > 0x10ffff || isSurrogate ? CodePoint{}
                                                                       : CodePoint{value, length};
}

/// True if \a c controls a terminal, breaks a line, or is invisible and changes how the text around it is
/// shown (the direction of writing, U+FEFF).
constexpr bool isControl(char32_t c)
{
    const bool isC0OrC1 = c < 0x20 || (c >= 0x7f && c < 0xa0);
    const bool isBreak = c == 0x2028 || c == 0x2029;
    const bool isDirection = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                             (c >= 0x2066 && c <= 0x2069);
    return isC0OrC1 || isBreak || isDirection || c == 0xfeff;
}

} // namespace Detail

/// True if plainText() would leave \a text as it is.
inline bool isPlainText(std::string_view text)
{
    while (!text.empty()) {
        const Detail::CodePoint first = Detail::firstCodePoint(text);
        if (first.length == 0 || Detail::isControl(first.value))
            return false;
        text.remove_prefix(first.length);
    }
    return true;
}

/// Returns \a text, UTF-8 from another program, in a form that is safe in one line of a terminal, a log or a
/// table. Each control character and each byte that is not UTF-8 becomes \a replacement.
inline std::string plainText(std::string_view text, std::string_view replacement = "?")
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const Detail::CodePoint first = Detail::firstCodePoint(text);
        const bool isPlain = first.length > 0 && !Detail::isControl(first.value);
        const std::size_t length = first.length > 0 ? first.length : 1;
        result += isPlain ? text.substr(0, length) : replacement;
        text.remove_prefix(length);
    }
    return result;
}

} // namespace Flywheel
