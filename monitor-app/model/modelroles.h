// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qnamespace.h>

namespace Flywheel::Monitor {

/// What the models tell beside Qt's own roles. Numbers are text only under Qt::DisplayRole and stand to the
/// right.
enum ModelRole {
    SortRole = Qt::UserRole, ///< a number, or a text where the column is one; for QSortFilterProxyModel
    ProcessRole,             ///< Process *
    LoopRole,                ///< Loop *; null for rows of processes
    HealthRole,              ///< int(Health); invalid for rows of processes
    SparkRole,               ///< QList<qreal>: utilisation, one a second, 0 to 1, NaN in gaps, oldest first
    StateRole,               ///< int(Process::State)
    EndedRole,               ///< bool: to be shown greyed
    TextRole,                ///< the row as text, for the clipboard
    BeginRole,               ///< qint64: a stall's begin, monotonic, in nanoseconds
    DurationRole,            ///< qint64: a stall's duration in nanoseconds
    OngoingRole,             ///< bool: a stall that goes on
    FindingViewRole,         ///< int(Finding::View)
    FindingSubjectRole,      ///< text to filter that view by
};

} // namespace Flywheel::Monitor
