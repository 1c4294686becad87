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
    QThread::msleep(120);
    ++m_reports; // not before: as its last act, the compiler would make a jump of the call, and no stack had
                 // this slot
}

} // namespace Flywheel::Demo
