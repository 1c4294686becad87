// SPDX-License-Identifier: MIT
#pragma once

#include "handlerlog.h"

#include <QtCore/qbytearray.h>

#include <optional>

/// Handlers as bytes, for recordings: docs/recording-format.md has the layout.
namespace Flywheel::Monitor {

/// More handlers, and more receivers than a loop can have, are not in one batch of a recording.
inline constexpr std::size_t MostHandlersInBatch = 8192;
inline constexpr std::size_t MostReceiversInBatch = 1024;
/// No encoded batch is longer, before compression.
inline constexpr qsizetype LongestBatch = qsizetype(1) << 20;

/// Encodes \a batch without its flags and its time. It has at most MostHandlersInBatch and
/// MostReceiversInBatch.
QByteArray encodeHandlers(const HandlerBatch &batch);
/// Returns nothing if \a bytes are not what encodeHandlers() makes. Names are made plain.
std::optional<HandlerBatch> decodeHandlers(const QByteArray &bytes);

} // namespace Flywheel::Monitor
