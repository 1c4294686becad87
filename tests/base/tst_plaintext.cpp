// SPDX-License-Identifier: MIT
#include "base/plaintext.h"

#include <QtTest/qtest.h>

using namespace Flywheel;

class tst_PlainText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textStays();
    void controlsBecomeQuestionMarks_data();
    void controlsBecomeQuestionMarks();
};

void tst_PlainText::textStays()
{
    for (const char *text : {"", "MainWindow", "a <b>bold</b> \"name\" & more", "Zähler für 北京 😀", "a b"}) {
        QVERIFY(isPlainText(text));
        QCOMPARE(plainText(text), std::string(text));
    }
}

void tst_PlainText::controlsBecomeQuestionMarks_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("plain");
    QTest::newRow("escape") << QByteArray("a\x1b[31mred") << QByteArray("a?[31mred");
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a?b");
    QTest::newRow("line breaks") << QByteArray("a\r\nb\tc\x7f") << QByteArray("a??b?c?");
    QTest::newRow("C1") << QByteArray("a\xc2\x9b"
                                      "31m")
                        << QByteArray("a?31m");
    QTest::newRow("bare C1 byte") << QByteArray("a\x9b"
                                                "31m")
                                  << QByteArray("a?31m");
    QTest::newRow("line separator") << QByteArray("a\xe2\x80\xa8"
                                                  "b")
                                    << QByteArray("a?b");
    QTest::newRow("right to left") << QByteArray("a\xe2\x80\xae"
                                                 "b")
                                   << QByteArray("a?b");
    QTest::newRow("byte order mark") << QByteArray("a\xef\xbb\xbf"
                                                   "b")
                                     << QByteArray("a?b");
    QTest::newRow("overlong escape") << QByteArray("a\xc0\x9b"
                                                   "b")
                                     << QByteArray("a??b");
    QTest::newRow("overlong in three") << QByteArray("\xe0\x80\x9b") << QByteArray("???");
    QTest::newRow("cut") << QByteArray("ab\xe5\x8c") << QByteArray("ab??");
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("???");
    QTest::newRow("beyond Unicode") << QByteArray("\xf4\x90\x80\x80") << QByteArray("????");
}

void tst_PlainText::controlsBecomeQuestionMarks()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, plain);
    const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
    QVERIFY(!isPlainText(bytes));
    QCOMPARE(QByteArray::fromStdString(plainText(bytes)), plain);
}

QTEST_GUILESS_MAIN(tst_PlainText)
#include "tst_plaintext.moc"
