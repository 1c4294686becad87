// SPDX-License-Identifier: MIT
#pragma once

#include "stacks/stackcopy.h"

#include <flywheel/stacks.h>

#include <memory>

/// What the module libflywheelstacks does: it alone links elfutils' libraries. It is of the same build as
/// libflywheel, so the two share classes.
namespace Flywheel {

/// Follows the calls on a copied stack of this process, by the unwind tables of the loaded modules.
class StackUnwinder
{
public:
    virtual ~StackUnwinder() = default;
    /// Returns the calls of \a copy; adds the modules that they are in to \a modules, if they are not there.
    /// Not for two threads at a time.
    virtual StackSample unwind(const StackCopy &copy, std::vector<StackModule> &modules) = 0;
};

/// Names places in code, of this process or of another.
class CodeNamer
{
public:
    virtual ~CodeNamer() = default;
    /// As codePlacesOf(). Not for two threads at a time.
    virtual std::vector<CodePlace> places(const StackFrame &frame,
                                          const std::vector<StackModule> &modules) = 0;
};

std::unique_ptr<StackUnwinder> makeStackUnwinder();
std::unique_ptr<CodeNamer> makeCodeNamer();

// The functions of the module, by their C names.
using MakeStackUnwinderFunction = StackUnwinder *(*)();
using MakeCodeNamerFunction = CodeNamer *(*)();
inline constexpr char MakeStackUnwinderName[] = "flywheelMakeStackUnwinder";
inline constexpr char MakeCodeNamerName[] = "flywheelMakeCodeNamer";

} // namespace Flywheel
