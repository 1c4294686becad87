// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <array>
#include <atomic>
#include <memory>

namespace Flywheel::Demo {

/// Three threads with loops of their own, which are given small jobs all the time and a heap of them every
/// few seconds.
class WorkerPool : public QObject
{
    Q_OBJECT

public:
    explicit WorkerPool(QObject *parent = nullptr);
    ~WorkerPool() override;

    /// Jobs done since the last call.
    int takeJobs() { return m_jobs.exchange(0); }

private:
    struct Worker
    {
        QThread thread;
        QObject inbox; ///< lives in the thread: whom jobs are posted to
    };

    void handOut();
    void handOutMany();
    void post(Worker &worker, std::chrono::microseconds length);

    std::array<std::unique_ptr<Worker>, 3> m_workers;
    std::atomic<int> m_jobs = 0;
    int m_round = 0;
    QTimer m_steady;
    QTimer m_burst;
};

} // namespace Flywheel::Demo
