// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/histogram.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>

#include <optional>

/// A histogram as one byte string of (step, count) pairs in LEB128, see docs/telemetry-protocol.md: half the
/// size of CBOR arrays and one append instead of hundreds.
namespace Flywheel::Telemetry {

QByteArray packHistogram(const Histogram &histogram);

/// Nothing if \a bytes are not what packHistogram() can produce.
std::optional<Histogram> unpackHistogram(QByteArrayView bytes);

} // namespace Flywheel::Telemetry
