// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>

/// The figures of some loops within a span of time as CSV (RFC 4180): one line each, units in the titles, the
/// wall clock in UTC. A cell is empty where the figure is not known.
namespace Flywheel::Monitor {

/// The charts: one line a sample.
QByteArray samplesCsv(const QList<Loop *> &loops, TimeSpan span);
/// Single stalls, with their receivers and how the thread spent the time.
QByteArray stallsCsv(const QList<Loop *> &loops, TimeSpan span);
QByteArray timersCsv(const QList<Loop *> &loops, TimeSpan span);
QByteArray receiversCsv(const QList<Loop *> &loops, TimeSpan span);

} // namespace Flywheel::Monitor
