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
/// The same with kind and id: `timer 7 of EchoServer "front"`.
QString stallCulprit(const Stall &stall);

} // namespace Flywheel::Monitor
