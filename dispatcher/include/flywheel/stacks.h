// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/options.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// Where a thread was when it stalled its loop. docs/stacks.md explains when stacks are taken, and what they
/// cost. Strings are UTF-8. Later versions append fields (options.h).
namespace Flywheel {

/// The program, or a library that it has loaded.
struct StackModule
{
    std::string file{};    ///< its path as the system names it; "[vdso]" is the system's own code
    std::string buildId{}; ///< hexadecimal, as `file` and `readelf -n` print it; empty if it has none
};

/// One call on a stack.
struct StackFrame
{
    static constexpr std::uint32_t NoModule = 0;

    /// In the process: of the next instruction in the innermost frame, of the call's last byte in all others.
    std::uint64_t address = 0;
    std::uint32_t module =
        NoModule;             ///< an index into Stall::modules; NoModule: code that was made at run time
    std::uint64_t offset = 0; ///< the address as the module's file counts: what addr2line(1) takes

    bool operator==(const StackFrame &) const = default;
};

/// A stack that was seen while a stall went on.
struct StackSample
{
    std::chrono::nanoseconds takenAt{}; ///< monotonic; of the first one, if several in a row were the same
    std::uint32_t count = 1;            ///< so many were the same
    /// The system call in which the thread slept: "read"; empty if it ran.
    std::string systemCall{};
    bool isCut = false; ///< the stack was deeper than 64 KiB or 128 calls: the outermost ones are missing
    bool isIncomplete = false; ///< the outermost calls are missing, because a call could not be followed
    std::vector<StackFrame> frames{}; ///< the innermost first
};

/// A function at one place of the source.
struct CodePlace
{
    std::string function{}; ///< demangled; empty if not known
    std::string file{};     ///< of the source; empty if not known: see note
    int line = 0;           ///< from 1; 0 if not known
    bool isInlined = false; ///< into the place behind it
    std::string module{};   ///< its file's name, without folders
    std::string
        note{}; ///< why something is not known, for people: "debug symbols of libX.so are not installed"
};

/// Returns the function of \a frame, after those that the compiler put into it (the innermost first). Never
/// empty. Reads the files of \a modules and their debug symbols, and keeps them: milliseconds for a first
/// frame of a module, up to seconds for a large one. Any thread, but not a loop's.
///
/// Needs the module libflywheelstacks; without it, only addresses are told.
FLYWHEEL_EXPORT std::vector<CodePlace> codePlacesOf(const StackFrame &frame,
                                                    const std::vector<StackModule> &modules);

/// Returns a line of text for each call of \a sample: "#1 Window::load() window.cpp:42 (app)". As
/// codePlacesOf().
FLYWHEEL_EXPORT std::vector<std::string> stackLines(const StackSample &sample,
                                                    const std::vector<StackModule> &modules);

} // namespace Flywheel
