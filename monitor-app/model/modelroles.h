// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qnamespace.h>

namespace Flywheel::Monitor {

/// The models' roles beside those of Qt. Numbers are text only under Qt::DisplayRole, and are aligned to the
/// right.
enum ModelRole {
    SortRole = Qt::UserRole, ///< a number, or a text where the column is one; for QSortFilterProxyModel
    ProcessRole,             ///< Process *
    LoopRole,                ///< Loop *; null for rows of processes
    HealthRole,              ///< int(Health); invalid for rows of processes
    SparkRole,               ///< QList<qreal>: utilisation, one a second, 0 to 1, NaN in gaps, oldest first
    StateRole,               ///< int(Process::State)
    EndedRole,               ///< bool: show it greyed
    TextRole,                ///< the row as text, for the clipboard
    BeginRole,               ///< qint64: a stall's begin, monotonic, in nanoseconds
    DurationRole,            ///< qint64: a stall's duration in nanoseconds
    OngoingRole,             ///< bool: a stall that goes on
    FindingViewRole,         ///< int(Finding::View)
    FindingSubjectRole,      ///< text to filter that view by
};

} // namespace Flywheel::Monitor
