// SPDX-License-Identifier: MIT
#include "telemetry/protocol/histogrampacking.h"

#include <QtTest/qtest.h>

#include <limits>

using Flywheel::Histogram;
using Flywheel::Telemetry::packHistogram;
using Flywheel::Telemetry::unpackHistogram;

using Buckets = std::vector<Histogram::Bucket>;

class tst_HistogramPacking : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownBytes();
    void roundTrip_data();
    void roundTrip();
    void refused_data();
    void refused();
};

void tst_HistogramPacking::knownBytes()
{
    QCOMPARE(packHistogram(Histogram({{5, 1}, {200, 300}})).toHex(), QByteArray("0501c301ac02"));
}

void tst_HistogramPacking::roundTrip_data()
{
    constexpr std::uint64_t MaxTotal = std::numeric_limits<std::int64_t>::max();
    QTest::addColumn<Buckets>("buckets");
    QTest::newRow("empty") << Buckets{};
    QTest::newRow("first bucket") << Buckets{{0, 1}};
    QTest::newRow("last bucket") << Buckets{{Histogram::BucketCount - 1, 7}};
    QTest::newRow("neighbours") << Buckets{{0, 1}, {1, 127}, {2, 128}};
    QTest::newRow("largest total") << Buckets{{3, MaxTotal - 1}, {4, 1}};
}

void tst_HistogramPacking::roundTrip()
{
    QFETCH(const Buckets, buckets);
    const Histogram histogram(buckets);
    const auto unpacked = unpackHistogram(packHistogram(histogram));
    QVERIFY(unpacked);
    QVERIFY(*unpacked == histogram);
}

void tst_HistogramPacking::refused_data()
{
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("step without count") << QByteArray("05");
    QTest::newRow("number cut short") << QByteArray("0581");
    QTest::newRow("count of 0") << QByteArray("0500");
    QTest::newRow("same bucket twice") << QByteArray("05010001");
    QTest::newRow("bucket beyond the last") << QByteArray("a91201");
    QTest::newRow("steps beyond the last") << QByteArray("a812010101");
    QTest::newRow("count of 64 bits") << QByteArray("05ffffffffffffffffff01");
    QTest::newRow("total of 64 bits") << QByteArray("05ffffffffffffffff7f0101");
    QTest::newRow("endless number") << QByteArray("05").append(QByteArray("80").repeated(20));
}

void tst_HistogramPacking::refused()
{
    QFETCH(const QByteArray, hex);
    QVERIFY(!unpackHistogram(QByteArray::fromHex(hex)));
}

QTEST_GUILESS_MAIN(tst_HistogramPacking)
#include "tst_histogrampacking.moc"
