// SPDX-License-Identifier: MIT
#pragma once

#include <QtTest/qtest.h>

#include <sys/event.h>

namespace Flywheel::Test {

constexpr const char *System =
#if defined(FLYWHEEL_KQUEUE_FREEBSD)
    "FreeBSD";
#elif defined(FLYWHEEL_KQUEUE_MACOS)
    "macOS";
#elif defined(FLYWHEEL_KQUEUE_NETBSD)
    "NetBSD";
#else
    "OpenBSD";
#endif

/// Tests what a clause of a manual page says, with QtTest's macros.
using Check = void (*)();

/// The column of the rows.
inline void addClauses()
{
    QTest::addColumn<Check>("check");
}

/// A row of a test function that calls runRow().
inline void row(const char *clause, Check check)
{
    QTest::addRow("%s kqueue(2), %s", System, clause) << check;
}

inline void runRow()
{
    QFETCH(Check, check);
    check();
}

} // namespace Flywheel::Test
