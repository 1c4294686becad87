// SPDX-License-Identifier: MIT
#pragma once

#include "modelroles.h"
#include "session.h"

#include <QtCore/qabstractitemmodel.h>

namespace Flywheel::Monitor {

/// Processes and, below each, its loops, with the figures of the last five seconds. The model adds and
/// removes processes and loops by itself. Figures change in refresh() only, so that a view can be paused.
class LoopsModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Name, State, Utilisation, HandlerP99, Queue, Stalls, Trend, ColumnCount };
    /// Seconds in SparkRole.
    static constexpr int TrendSeconds = 60;

    explicit LoopsModel(Session &session, QObject *parent = nullptr);

    void refresh();
    /// Returns an invalid index if the model does not contain it.
    QModelIndex indexOf(const Process *process) const;
    QModelIndex indexOf(const Loop *loop) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node
    {
        Process *process;
        std::vector<Loop *> loops;
    };

    void addProcess(Process *process);
    void removeProcess(Process *process);
    void addLoop(Loop *loop);
    void processChanged(Process *process);
    int rowOf(const Process *process) const;
    void rowChanged(int row);
    static std::unique_ptr<Node> nodeOf(Process *process);

    std::vector<std::unique_ptr<Node>> m_nodes; ///< the internal pointers of loops' indexes point to these
};

/// The text of the State column for a process: "attached", "ended" …
QString stateText(Process::State state);
/// The same for \a process; "silent for 12 s" if it sends nothing.
QString stateText(const Process &process);
/// "silent for 12 s".
QString silenceText(Duration silence);
/// The text of the State column for a loop: "good", "ended", "silent for 12 s" …
QString loopStateText(const Loop &loop);
/// queueDepth() as text: "12", "≥ 3" if only tasks can be counted, "–" if nothing can.
QString queueText(const Loop &loop);
/// "good", "busy", "unwell".
QString healthText(Health health);

} // namespace Flywheel::Monitor
