// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: descriptors that can't be polled.
#include "platform/uniquefd.h"
#include "support/application.h"
#include "support/pollerfixture.h"

#include <QtTest/qtest.h>

#include <fcntl.h>

using namespace Flywheel;
using namespace Flywheel::Test;

constexpr std::uint64_t Token = 7;

class tst_RegularFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }
    void isAlwaysReadyOrRefused();
};

void tst_RegularFile::isAlwaysReadyOrRefused()
{
    const auto poller = makePoller();
    const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    QVERIFY(bool(file));
    const std::error_code error = poller->add(file.get(), Interest::Read | Interest::Write, Token);
    if (poller->hasKernelSet())
        QVERIFY(error == std::errc::operation_not_permitted);
    else
        QVERIFY(
            (look(*poller) == std::map<std::uint64_t, Interest>{{Token, Interest::Read | Interest::Write}}));
}

QTEST_APPLESS_MAIN(tst_RegularFile)
#include "tst_regularfile.moc"
