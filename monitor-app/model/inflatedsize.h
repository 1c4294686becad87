// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearrayview.h>

#include <cstddef>
#include <optional>

namespace Flywheel::Monitor {

/// How many bytes a zlib stream (RFC 1950) holds, found without unpacking it: qUncompress() takes as much
/// memory as a stream makes it take. Nothing if that is more than \a limit, or if the stream is broken.
std::optional<std::size_t> inflatedSize(QByteArrayView zlib, std::size_t limit);

} // namespace Flywheel::Monitor
