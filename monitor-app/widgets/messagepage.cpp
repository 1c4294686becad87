// SPDX-License-Identifier: MIT
#include "messagepage.h"

#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qpushbutton.h>

namespace Flywheel::Monitor {

MessagePage::MessagePage(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_demo(new QPushButton(tr("Start the &demo"), this))
    , m_crash(new QPushButton(this))
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.6);
    m_title->setFont(large);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_title->setAlignment(Qt::AlignCenter);
    m_text->setTextFormat(Qt::RichText);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_demo->setToolTip(tr("Starts flywheel-demo, a small busy program, and attaches to it"));
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(14);
    layout->addStretch(2);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addWidget(m_demo, 0, Qt::AlignHCenter);
    layout->addWidget(m_crash, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    m_crash->hide();
    connect(m_crash, &QPushButton::clicked, this, &MessagePage::crashRequested);
    connect(m_demo, &QPushButton::clicked, this, &MessagePage::demoRequested);
}

void MessagePage::setMessage(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_text->setText(text);
}

void MessagePage::setDemoOffered(bool offered)
{
    m_demo->setVisible(offered);
}

void MessagePage::offerCrash(const QString &program)
{
    QString text = tr("%1 has died: show what it &did last");
    m_crash->setText(text.arg(QString(program).replace(QLatin1Char('&'), QLatin1String("&&"))));
    m_crash->setVisible(!program.isEmpty());
}

QString MessagePage::title() const
{
    return m_title->text();
}

QString MessagePage::text() const
{
    return m_text->text();
}

} // namespace Flywheel::Monitor
