// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <QtCore/qstring.h>

namespace Flywheel::Monitor {

class Loop;

/// Returns a paragraph for a bug report: the stall with its process, loop and versions.
QString stallReport(const Loop &loop, const Stall &stall, bool ongoing);
/// Returns the receiver, as far as it is known: `EchoServer "front"`.
QString stallReceiver(const Stall &stall);
/// Returns the receiver in as few words as distinguish it from others; never empty: `EchoServer "front"`,
/// `posted events`, `many handlers in one pass, mostly EchoServer "front"`.
QString stallBlame(const Stall &stall);
/// Returns the receiver with kind and id: `timer 7 of EchoServer "front"`, `MetaCall event of Sink "queue"`.
QString stallCulprit(const Stall &stall);

} // namespace Flywheel::Monitor
