// SPDX-License-Identifier: MIT
// tst_qguiapplication's threads ask for their QThreadData, a function that only a developer build of Qt
// exports. Linked into the test, this one answers for a thread that Qt knows.

#include <QtCore/private/qthread_p.h>
#include <QtCore/qthread.h>

QThreadData *QThreadData::current(bool)
{
    return QThreadData::get2(QThread::currentThread());
}
