// SPDX-License-Identifier: MIT
#include "telemetry/protocol/cborwriter.h"

#include <QtCore/qstring.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace Flywheel::Telemetry {

namespace {

/// The first \a size bytes, or a few less so that no character is split.
std::string_view cut(std::string_view text, std::size_t size)
{
    if (text.size() <= size)
        return text;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return text.substr(0, size);
}

} // namespace

float wireReal(double value)
{
    constexpr double Limit = std::numeric_limits<float>::max();
    return std::isfinite(value) ? static_cast<float>(std::clamp(value, -Limit, Limit)) : 0.0F;
}

void CborWriter::write(std::string_view text)
{
    const std::string_view shortened = cut(text, MaxStringBytes);
    const QUtf8StringView view(shortened.data(), static_cast<qsizetype>(shortened.size()));
    if (view.isValidUtf8())
        appendText(shortened);
    else // the mended text may be longer: a replacement character has three bytes
        appendText(cut(view.toString().toStdString(), MaxStringBytes));
}

void CborWriter::appendText(std::string_view utf8)
{
    m_cbor.appendTextString(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

} // namespace Flywheel::Telemetry
