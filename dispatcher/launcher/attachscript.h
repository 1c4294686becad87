// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel::Preload {

/// What gdb runs, in Python. It takes its orders from these variables of the environment, and prints one line
/// that begins with AnswerMark: "done" and how many milliseconds the program stood still, or "refused" and
/// why.
extern const char attachScript[];

inline constexpr char attachProcessVariable[] = "FLYWHEEL_ATTACH_PROCESS";
inline constexpr char attachModuleVariable[] = "FLYWHEEL_ATTACH_MODULE";
inline constexpr char attachFunctionVariable[] = "FLYWHEEL_ATTACH_FUNCTION";
/// The number of a descriptor: its end means to give up.
inline constexpr char attachCancelVariable[] = "FLYWHEEL_ATTACH_CANCEL";
inline constexpr char answerMark[] = "flywheel-attach: ";

} // namespace Flywheel::Preload
