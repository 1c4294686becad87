// SPDX-License-Identifier: MIT
#include <preloadlist.h>

#include <QtTest/qtest.h>

#include <string>

class PreloadListTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void removesAnEntryByItsFileName_data();
    void removesAnEntryByItsFileName();
};

void PreloadListTest::removesAnEntryByItsFileName_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("rest");

    QTest::newRow("nothing there") << QByteArray() << QByteArray();
    QTest::newRow("alone") << QByteArray("/lib/x.so") << QByteArray();
    QTest::newRow("without a directory") << QByteArray("x.so") << QByteArray();
    QTest::newRow("first") << QByteArray("/lib/x.so:/lib/a.so b.so") << QByteArray("/lib/a.so b.so");
    QTest::newRow("in the middle") << QByteArray("a.so /lib/x.so:b.so") << QByteArray("a.so b.so");
    QTest::newRow("last") << QByteArray("a.so:b.so:./x.so") << QByteArray("a.so:b.so");
    QTest::newRow("twice") << QByteArray("x.so:a.so:/lib/x.so") << QByteArray("a.so");
    QTest::newRow("an odd rest is restored") << QByteArray("x.so: a.so::b.so ") << QByteArray(" a.so::b.so ");
    QTest::newRow("another name that ends alike") << QByteArray("/lib/max.so") << QByteArray("/lib/max.so");
    QTest::newRow("another name that begins alike")
        << QByteArray("/x.so.1:/x.so/a") << QByteArray("/x.so.1:/x.so/a");
}

void PreloadListTest::removesAnEntryByItsFileName()
{
    QFETCH(QByteArray, list);
    QFETCH(QByteArray, rest);

    std::string edited = list.toStdString();
    Flywheel::Preload::removeFromPreloadList(edited.data(), "x.so");
    QCOMPARE(QByteArray(edited.c_str()), rest);
}

QTEST_APPLESS_MAIN(PreloadListTest)
#include "tst_preloadlist.moc"
