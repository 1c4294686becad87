// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Loop;

/// A stall as a paragraph fit for a bug report, with its process, loop and versions.
QString stallReport(const Loop &loop, const Stall &stall, bool ongoing);
/// Who stalled, as far as known: `EchoServer "front"`.
QString stallReceiver(const Stall &stall);
/// Who stalled, in the fewest words that tell it from others, never empty: `EchoServer "front"`, `posted
/// events`, `many handlers in one pass, mostly EchoServer "front"`.
QString stallBlame(const Stall &stall);
/// The receiver with kind and id: `timer 7 of EchoServer "front"`, `MetaCall event of Sink "queue"`.
QString stallCulprit(const Stall &stall);

} // namespace Flywheel::Monitor
