// SPDX-License-Identifier: MIT
#include "replaybar.h"

#include "model/format.h"
#include "theme.h"

#include <QtGui/qevent.h>
#include <QtGui/qpainter.h>
#include <QtWidgets/qcombobox.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qstyle.h>

#include <algorithm>
#include <array>
#include <utility>

namespace Flywheel::Monitor {

namespace {

constexpr int Steps = 10'000; ///< of the slider, from one end of the recording to the other
constexpr std::array Speeds{0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0};

double shareOf(Time time, const TimeSpan &span)
{
    const auto length = std::max<Duration::rep>(span.length().count(), 1);
    return std::clamp(double((time - span.begin).count()) / double(length), 0.0, 1.0);
}

} // namespace

TimeLine::TimeLine(QWidget *parent) : QSlider(Qt::Horizontal, parent)
{
    setRange(0, Steps);
    setPageStep(Steps / 20);
    setSingleStep(Steps / 200);
    setAccessibleName(tr("Position in the recording"));
    setToolTip(tr("Position in the recording; marks are stalls"));
}

void TimeLine::setMarks(std::vector<double> marks)
{
    m_marks = std::move(marks);
    update();
}

void TimeLine::paintEvent(QPaintEvent *event)
{
    QSlider::paintEvent(event);
    QPainter painter(this);
    painter.setPen(Theme::current().vermillion);
    const int handle = style()->pixelMetric(QStyle::PM_SliderLength, nullptr, this);
    for (const double mark : m_marks) {
        const double x = handle / 2.0 + mark * (width() - handle);
        painter.drawLine(QPointF(x, height() - 4), QPointF(x, height()));
    }
}

int TimeLine::valueAt(double x) const
{
    const int handle = style()->pixelMetric(QStyle::PM_SliderLength, nullptr, this);
    return QStyle::sliderValueFromPosition(minimum(), maximum(), int(x) - handle / 2, width() - handle);
}

void TimeLine::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    setSliderDown(true);
    setValue(valueAt(event->position().x()));
}

void TimeLine::mouseMoveEvent(QMouseEvent *event)
{
    if (isSliderDown())
        setValue(valueAt(event->position().x()));
}

void TimeLine::mouseReleaseEvent(QMouseEvent *)
{
    setSliderDown(false);
}

ReplayBar::ReplayBar(QWidget *parent)
    : QToolBar(tr("Replay"), parent)
    , m_play(addAction(tr("▶ Play")))
    , m_speed(new QComboBox(this))
    , m_timeLine(new TimeLine(this))
    , m_position(new QLabel(this))
{
    setObjectName(QStringLiteral("replayBar"));
    setMovable(false);
    m_play->setShortcut(Qt::CTRL | Qt::Key_P);
    m_play->setToolTip(tr("Play or stop the recording (Ctrl+P)"));
    for (const double speed : Speeds)
        m_speed->addItem(Format::speed(speed), speed);
    m_speed->setToolTip(tr("How fast the recording plays"));
    m_speed->setAccessibleName(tr("Speed"));
    m_position->setTextFormat(Qt::PlainText);
    m_position->setMinimumWidth(
        fontMetrics().horizontalAdvance(QStringLiteral(" 00:00:00 / 00:00:00 reading… ")));
    addWidget(m_speed);
    addWidget(m_timeLine);
    addWidget(m_position);
    QAction *close = addAction(tr("Close recording"));
    close->setToolTip(tr("Back to the programs that run (Ctrl+W)"));
    close->setShortcut(Qt::CTRL | Qt::Key_W);
    connect(close, &QAction::triggered, this, &ReplayBar::closeRequested);
    connect(m_play, &QAction::triggered, this, &ReplayBar::togglePlaying);
    connect(m_timeLine, &QSlider::valueChanged, this, &ReplayBar::scrub);
    connect(m_speed, &QComboBox::activated, this,
            [this] { m_replay->setSpeed(m_speed->currentData().toDouble()); });
    hide();
}

void ReplayBar::setReplay(Replay *replay)
{
    m_replay = replay;
    setVisible(replay);
    if (!replay)
        return;
    connect(replay, &Replay::changed, this, &ReplayBar::follow);
    std::vector<double> marks;
    for (const Replay::Mark &mark : replay->stallMarks())
        marks.push_back(shareOf(mark.at, replay->span()));
    m_timeLine->setMarks(std::move(marks));
    follow();
}

void ReplayBar::togglePlaying()
{
    if (m_replay->isPlaying())
        m_replay->pause();
    else
        m_replay->play();
}

void ReplayBar::scrub(int position)
{
    const TimeSpan span = m_replay->span();
    m_replay->seek(span.begin + span.length() * position / Steps);
}

void ReplayBar::follow()
{
    const QSignalBlocker blocker(m_timeLine);
    const TimeSpan span = m_replay->span();
    // The pointer knows better where it is.
    if (!m_timeLine->isSliderDown())
        m_timeLine->setValue(int(shareOf(m_replay->position(), span) * Steps));
    m_play->setText(m_replay->isPlaying() ? tr("❚❚ Stop") : tr("▶ Play"));
    const int speed = m_speed->findData(m_replay->speed());
    m_speed->setCurrentIndex(speed);
    const QString place =
        QStringLiteral(" %1 / %2")
            .arg(Format::elapsed(m_replay->position() - span.begin), Format::elapsed(span.length()));
    m_position->setText(m_replay->isLoading() ? tr("%1 reading…").arg(place) : place);
}

} // namespace Flywheel::Monitor
