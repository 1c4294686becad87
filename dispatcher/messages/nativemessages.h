// SPDX-License-Identifier: MIT
// NativeMessages, the messages that a system sends to a thread whoever runs its loop (for hidden windows, for
// COM), and what a handler does to the loop that runs a message loop of its own: a message box, a file
// dialog, a window that is being resized. That loop dispatches messages and knows nothing else.
//
// One for each loop; its thread only. Where threads get no messages it is an empty class.
#pragma once

#include <QtCore/qsystemdetection.h>

#ifdef Q_OS_WIN
#    include "messages/windows/nativemessages.h"
#else
#    include "messages/unix/nativemessages.h"
#endif
