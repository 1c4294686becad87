// SPDX-License-Identifier: MIT
#include "model/inflatedsize.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qrandom.h>
#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;

class tst_InflatedSize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWhatWasPacked_data();
    void isWhatWasPacked();
    void stopsAtTheLimit();
    void brokenStreamsHaveNone();
};

void tst_InflatedSize::isWhatWasPacked_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::newRow("a byte") << QByteArray("x");
    QTest::newRow("one byte again and again") << QByteArray(1'000'000, 'x');
    QByteArray noise(100'000, 0);
    QByteArray letters(300'000, 0);
    QRandomGenerator random(1);
    for (char &byte : noise)
        byte = static_cast<char>(random.bounded(256));
    for (char &byte : letters)
        byte = static_cast<char>('a' + random.bounded(1, 4) * random.bounded(1, 6));
    QTest::newRow("noise") << noise;
    QTest::newRow("letters") << letters;
    QTest::newRow("both, far apart") << letters + noise + letters;
}

void tst_InflatedSize::isWhatWasPacked()
{
    QFETCH(const QByteArray, plain);
    for (int level = 0; level <= 9; ++level) {
        const QByteArray packed = qCompress(plain, level);
        const auto size = inflatedSize(QByteArrayView(packed).sliced(4), 10'000'000);
        QVERIFY(size.has_value());
        QCOMPARE(*size, static_cast<std::size_t>(plain.size()));
    }
}

void tst_InflatedSize::stopsAtTheLimit()
{
    const QByteArray packed = qCompress(QByteArray(1000, 'x'));
    QVERIFY(inflatedSize(QByteArrayView(packed).sliced(4), 1000));
    QVERIFY(!inflatedSize(QByteArrayView(packed).sliced(4), 999));
}

void tst_InflatedSize::brokenStreamsHaveNone()
{
    QByteArray packed = qCompress(QByteArray("some text, and some text again, and some text")).sliced(4);
    for (qsizetype size = 0; size < packed.size() - 5; ++size) // the last bytes are a check sum
        QVERIFY(!inflatedSize(QByteArrayView(packed).first(size), 1000));
    QVERIFY(!inflatedSize(QByteArray(100, '\xff'), 1000));
    QRandomGenerator random(2);
    for (int i = 0; i < 20'000; ++i) { // ends, whatever comes
        QByteArray bytes = packed;
        for (int k = 0; k < 4; ++k)
            bytes[random.bounded(static_cast<int>(bytes.size()))] = static_cast<char>(random.bounded(256));
        const auto size = inflatedSize(bytes, 100'000);
        QVERIFY(!size || *size <= 100'000);
    }
}

QTEST_APPLESS_MAIN(tst_InflatedSize)
#include "tst_inflatedsize.moc"
