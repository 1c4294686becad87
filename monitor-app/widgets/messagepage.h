// SPDX-License-Identifier: MIT
#pragma once

#include <QtWidgets/qwidget.h>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// What stands in the place of charts that there are none of: what is the case, and what to do about it.
class MessagePage : public QWidget
{
    Q_OBJECT
public:
    explicit MessagePage(QWidget *parent = nullptr);

    /// \a title is plain, \a text is rich text: names in it are to be escaped.
    void setMessage(const QString &title, const QString &text);
    void setDemoOffered(bool offered);
    QString title() const;
    QString text() const;
    QPushButton *demoButton() const { return m_demo; }
    /// Offers to show the program that has died; empty: none.
    void offerCrash(const QString &program);
    QPushButton *crashButton() const { return m_crash; }

Q_SIGNALS:
    void demoRequested();
    void crashRequested();

private:
    QLabel *m_title;
    QLabel *m_text;
    QPushButton *m_demo;
    QPushButton *m_crash;
};

} // namespace Flywheel::Monitor
