// SPDX-License-Identifier: MIT
// FLYWHEEL_POLLER names something that does not exist: a warning that lists what does, and the default works.
#include "poller/poller.h"
#include "support/application.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_UnknownPoller : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("FLYWHEEL_POLLER"); }

    void warnsAndUsesDefault_data();
    void warnsAndUsesDefault();
    void isNotLookedAtWhenOptionsSayWhich();
    void emptyAndAutoMeanDefault_data();
    void emptyAndAutoMeanDefault();
};

void tst_UnknownPoller::warnsAndUsesDefault_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("word") << QByteArray("select");
    QTest::newRow("capitals") << QByteArray("EPOLL");
    QTest::newRow("beginning of a name") << QByteArray("epol");
    QTest::newRow("space") << QByteArray(" poll");
    QTest::newRow("long") << QByteArray(10'000, 'x');
    QTest::newRow("per cent signs") << QByteArray("%s%n");
}

void tst_UnknownPoller::warnsAndUsesDefault()
{
    QFETCH(QByteArray, name);
    qputenv("FLYWHEEL_POLLER", name);
    QByteArrayList available;
    for (const Poller poller : availablePollers())
        available.append(pollerName(poller));
    QTest::ignoreMessage(QtWarningMsg, "Flywheel: FLYWHEEL_POLLER names the unknown poller \"" + name +
                                           "\"; available are: " + available.join(", ") + ". Using " +
                                           available.first() + ".");
    const Application application(Poller::Auto);
    QVERIFY(application.dispatcher()->poller() == availablePollers().front());
}

void tst_UnknownPoller::isNotLookedAtWhenOptionsSayWhich()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    qputenv("FLYWHEEL_POLLER", "select");
    const Application application(availablePollers().back());
    QVERIFY(application.dispatcher()->poller() == availablePollers().back());
}

void tst_UnknownPoller::emptyAndAutoMeanDefault_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("auto") << QByteArray("auto");
}

void tst_UnknownPoller::emptyAndAutoMeanDefault()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QFETCH(QByteArray, name);
    qputenv("FLYWHEEL_POLLER", name);
    const Application application(Poller::Auto);
    QVERIFY(application.dispatcher()->poller() == availablePollers().front());
}

QTEST_APPLESS_MAIN(tst_UnknownPoller)
#include "tst_unknownpoller.moc"
