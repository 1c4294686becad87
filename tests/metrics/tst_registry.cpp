// SPDX-License-Identifier: MIT
#include "metrics/registry.h"

#include <QtTest/qtest.h>

using namespace Flywheel;

namespace {

class FakeLoop : public RegisteredLoop
{
public:
    explicit FakeLoop(std::uint64_t id) : m_id(id) {}
    LoopSnapshot snapshot(const SnapshotOptions &) const override
    {
        LoopSnapshot result;
        result.loopId = m_id;
        return result;
    }
    std::optional<Stall> ongoingStall() const override { return {}; }
    std::chrono::nanoseconds stallThreshold() const override { return {}; }

private:
    const std::uint64_t m_id;
};

} // namespace

class tst_Registry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void snapshotsAreInTheOrderOfIds();
};

/// The main loop of a program with a window registers after threads that began before its exec().
void tst_Registry::snapshotsAreInTheOrderOfIds()
{
    std::vector<std::shared_ptr<RegisteredLoop>> loops;
    for (const std::uint64_t id : {7, 2, 9, 1})
        Registry::instance().add(loops.emplace_back(std::make_shared<FakeLoop>(id)));
    std::vector<std::uint64_t> ids;
    for (const LoopSnapshot &snapshot : snapshots())
        ids.push_back(snapshot.loopId);
    for (const auto &loop : loops)
        Registry::instance().remove(loop.get());
    QCOMPARE(ids, (std::vector<std::uint64_t>{1, 2, 7, 9}));
}

QTEST_APPLESS_MAIN(tst_Registry)
#include "tst_registry.moc"
