// SPDX-License-Identifier: MIT
#include "reportgenerator.h"

#include <QtCore/qthread.h>

namespace Flywheel::Demo {

using namespace std::chrono_literals;

ReportGenerator::ReportGenerator(QObject *parent) : QObject(parent)
{
    setObjectName(QStringLiteral("daily report"));
    m_due.setParent(this);
    connect(&m_due, &QTimer::timeout, this, &ReportGenerator::generate);
    m_due.start(3000ms);
}

void ReportGenerator::generate()
{
    ++m_reports;
    QThread::msleep(120);
}

} // namespace Flywheel::Demo
