// SPDX-License-Identifier: MIT
#include "workerpool.h"

#include "work.h"

#include <flywheel/install.h>
#include <flywheel/tasks.h>

namespace Flywheel::Demo {

using namespace std::chrono_literals;

namespace {

constexpr auto SteadyInterval = 20ms;
constexpr auto BurstInterval = 4000ms;
constexpr int BurstJobs = 2000;
constexpr auto BurstJobTime = 50us;
constexpr auto ShortestJob = 200us;

} // namespace

WorkerPool::WorkerPool(QObject *parent) : QObject(parent)
{
    setObjectName(QStringLiteral("worker pool"));
    int number = 0;
    for (auto &worker : m_workers) {
        worker = std::make_unique<Worker>();
        worker->thread.setObjectName(QStringLiteral("worker-%1").arg(++number));
        Flywheel::install(worker->thread);
        worker->inbox.moveToThread(&worker->thread);
        worker->thread.start();
    }
    m_steady.setParent(this);
    connect(&m_steady, &QTimer::timeout, this, &WorkerPool::handOut);
    m_steady.start(SteadyInterval);
    m_burst.setParent(this);
    connect(&m_burst, &QTimer::timeout, this, &WorkerPool::handOutMany);
    m_burst.start(BurstInterval);
}

WorkerPool::~WorkerPool()
{
    for (auto &worker : m_workers) {
        worker->thread.quit();
        worker->thread.wait();
    }
}

/// Of different lengths, so that percentiles differ.
void WorkerPool::handOut()
{
    ++m_round;
    int length = 1;
    for (auto &worker : m_workers) {
        post(*worker, ShortestJob * length);
        length += m_round % 10 == 0 ? 8 : 1;
    }
}

void WorkerPool::handOutMany()
{
    for (int i = 0; i < BurstJobs; ++i)
        post(*m_workers.back(), BurstJobTime);
}

void WorkerPool::post(Worker &worker, std::chrono::microseconds length)
{
    Flywheel::post(&worker.inbox, [this, length] {
        work(length);
        ++m_jobs;
    });
}

} // namespace Flywheel::Demo
