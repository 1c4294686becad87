// SPDX-License-Identifier: MIT
#include "curves.h"

#include "sparklinedelegate.h"
#include "theme.h"

#include <QtGui/qpainter.h>
#include <QtGui/qstandarditemmodel.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qtableview.h>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class SparkLineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void risesWithItsValues();
    void leavesGaps();
    void drawsIntoItsCell();
};

static QImage lineOf(const QList<double> &values)
{
    QImage image(100, 40, QImage::Format_ARGB32);
    image.fill(Qt::black);
    QPainter painter(&image);
    paintSparkLine(painter, QRectF(0, 2, 100, 36), values, Qt::white);
    return image;
}

void SparkLineTest::risesWithItsValues()
{
    const QImage image = lineOf({0, 0, 0, 1, 1, 1});
    QVERIFY(pixelsLike(image, QRect(70, 0, 25, 6), Qt::white, 120) > 10);
    QCOMPARE(pixelsLike(image, QRect(5, 0, 25, 6), Qt::white, 120), 0);
}

void SparkLineTest::leavesGaps()
{
    const QImage image = lineOf({0.5, 0.5, std::nan(""), std::nan(""), 0.5, 0.5});
    QCOMPARE(pixelsLike(image, QRect(30, 10, 30, 20), Qt::white, 120), 0);
    QVERIFY(pixelsLike(image, QRect(85, 10, 10, 20), Qt::white, 120) > 5);
}

void SparkLineTest::drawsIntoItsCell()
{
    Theme::apply(*qApp, Theme::Kind::Dark);
    QStandardItemModel model(1, 1);
    model.setData(model.index(0, 0), QVariant::fromValue(QList<double>{0.1, 0.9, 0.2, 0.8}), Qt::UserRole);
    QTableView view;
    view.setModel(&model);
    view.setItemDelegate(new SparkLineDelegate(Qt::UserRole, &view));
    view.resize(300, 100);
    view.show();
    const QRect cell = view.visualRect(model.index(0, 0)).translated(view.viewport()->pos());
    QVERIFY(pixelsLike(drawn(view), cell, Theme::current().skyBlue, 50) > 20);
}

QTEST_MAIN(SparkLineTest)
#include "tst_sparkline.moc"
