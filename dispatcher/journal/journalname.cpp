// SPDX-License-Identifier: MIT
#include "journal/journalfiles.h"

#include <charconv>
#include <limits>

namespace Flywheel {

namespace {

constexpr std::string_view Suffix = ".journal";

/// 0 unless \a text is a number from 1 to \a most as this library writes it.
std::uint64_t toNumber(std::string_view text, std::uint64_t most)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isWhole = error == std::errc() && end == text.data() + text.size() && !text.starts_with('0');
    return isWhole && number <= most ? number : 0;
}

std::int64_t processIdIn(std::string_view process)
{
    const std::size_t dot = process.find('.');
    if (dot != std::string_view::npos && toNumber(process.substr(dot + 1), 9) == 0)
        return 0;
    return static_cast<std::int64_t>(
        toNumber(process.substr(0, dot), std::numeric_limits<std::int32_t>::max()));
}

} // namespace

JournalName JournalName::parse(std::string_view fileName)
{
    const std::size_t dash = fileName.find('-');
    if (dash == std::string_view::npos || !fileName.ends_with(Suffix) ||
        fileName.size() < dash + 1 + Suffix.size())
        return {};
    const std::string_view process = fileName.substr(0, dash);
    const std::string_view loop = fileName.substr(dash + 1, fileName.size() - dash - 1 - Suffix.size());
    const std::uint64_t loopId = toNumber(loop, std::numeric_limits<std::uint64_t>::max());
    const std::int64_t processId = processIdIn(process);
    if (loopId == 0 || processId == 0)
        return {};
    return {std::string(process), processId, loopId};
}

} // namespace Flywheel
