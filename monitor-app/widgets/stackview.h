// SPDX-License-Identifier: MIT
#pragma once

#include "model/stacktext.h"

#include <QtWidgets/qplaintextedit.h>

#include <optional>

namespace Flywheel::Monitor {

/// The stacks of one stall, as text that can be copied. Hidden while there is nothing to show.
class StackView : public QPlainTextEdit
{
    Q_OBJECT

public:
    StackView(CodeNames &names, QWidget *parent);

    /// Shows \a stall; nothing: none is selected.
    void setStall(const std::optional<Stall> &stall);

private:
    void showText();

    CodeNames &m_names;
    std::optional<Stall> m_stall;
};

} // namespace Flywheel::Monitor
