// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qabstracteventdispatcher.h>

#include <cstdio>

/// Prints "name: class of the calling thread's dispatcher".
inline void report(const char *name)
{
    const QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    std::printf("%s: %s\n", name, dispatcher ? dispatcher->metaObject()->className() : "none");
    std::fflush(stdout);
}
