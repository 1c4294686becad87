// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/histogram.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>

#include <optional>

/// A histogram as one byte string of (step, count) pairs in LEB128 (docs/telemetry-protocol.md). It has half
/// the size of CBOR arrays and takes one append instead of hundreds.
namespace Flywheel::Telemetry {

QByteArray packHistogram(const Histogram &histogram);

/// Returns nothing if packHistogram() cannot have made \a bytes.
std::optional<Histogram> unpackHistogram(QByteArrayView bytes);

} // namespace Flywheel::Telemetry
