// SPDX-License-Identifier: MIT
#pragma once

#include "base/plaintext.h"

#include <flywheel/stacks.h>

#include <cstdio>

/// How calls are shown, in a terminal and in the monitor.
namespace Flywheel {

/// "Window::load() window.cpp:42 (app)". Names come from files, and are made safe to print.
inline std::string codeText(const CodePlace &place, const StackFrame &frame)
{
    std::string text = plainText(place.function);
    if (text.empty()) {
        char address[24];
        std::snprintf(address, sizeof address, "0x%llx", static_cast<unsigned long long>(frame.address));
        text = address;
    }
    if (place.line > 0)
        text +=
            ' ' + plainText(place.file.substr(place.file.rfind('/') + 1)) + ':' + std::to_string(place.line);
    if (!place.module.empty())
        text += " (" + plainText(place.module) + ')';
    return place.isInlined ? text + " [inlined]" : text;
}

/// One line for each call, and one for each function that was put into another. What is not known of a module
/// is said once.
template <typename PlacesOf>
std::vector<std::string> codeLines(const StackSample &sample, PlacesOf &&placesOf)
{
    std::vector<std::string> lines;
    std::vector<std::string> notes;
    std::size_t number = 0;
    for (const StackFrame &frame : sample.frames) {
        const std::string call = '#' + std::to_string(number++) + ' ';
        for (const CodePlace &place : placesOf(frame)) {
            std::string note = plainText(place.note);
            bool isNew = !note.empty();
            for (const std::string &known : notes)
                isNew = isNew && known != note;
            lines.push_back(call + codeText(place, frame) + (isNew ? " (" + note + ')' : ""));
            if (isNew)
                notes.push_back(std::move(note));
        }
    }
    if (sample.isCut)
        lines.emplace_back("… the stack is deeper: the outermost calls were cut off");
    if (sample.isIncomplete)
        lines.emplace_back("… the outermost calls could not be followed");
    return lines;
}

} // namespace Flywheel
