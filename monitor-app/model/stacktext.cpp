// SPDX-License-Identifier: MIT
#include "stacktext.h"

#include "base/plaintext.h"
#include "codenames.h"
#include "format.h"
#include "stacks/codetext.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

QString utf8(const std::string &text)
{
    return QString::fromStdString(plainText(text));
}

QString titleOf(const StackSample &sample)
{
    const QString where = sample.systemCall.empty()
                              ? QStringLiteral("It ran")
                              : QStringLiteral("It slept in %1").arg(utf8(sample.systemCall));
    return sample.count > 1 ? QStringLiteral("%1 (seen %2 times):").arg(where).arg(sample.count)
                            : where + QLatin1Char(':');
}

void addStack(StackText &text, const StackSample &sample, const Stall &stall, CodeNames &names)
{
    text.lines << QString() << titleOf(sample);
    auto line = int(text.lines.size());
    const std::vector<std::string> lines =
        codeLines(sample, [&](const StackFrame &frame) -> const std::vector<CodePlace> & {
            const std::vector<CodePlace> &places = names.placesOf(frame, stall.modules);
            for (const CodePlace &place : places)
                text.places.emplace(line++, place);
            return places;
        });
    for (const std::string &each : lines)
        text.lines << QString::fromStdString(each);
}

} // namespace

StackText stackText(const Stall &stall, CodeNames &names)
{
    StackText text;
    if (const QString times = stallTimes(stall); !times.isEmpty())
        text.lines << times;
    if (!stall.stackProblem.empty())
        text.lines << QStringLiteral("No stack: %1").arg(utf8(stall.stackProblem));
    for (const StackSample &sample : stall.stacks)
        addStack(text, sample, stall, names);
    if (!stall.stacks.empty() && !CodeNames::canName())
        text.lines << QString()
                   << QStringLiteral("This monitor was built without libdw: it names no functions.");
    return text;
}

QString stallTimes(const Stall &stall)
{
    if (stall.watched <= stall.watched.zero())
        return {};
    const auto slept = std::max(stall.watched - stall.processorTime - stall.readyTime, stall.watched.zero());
    QString text = QStringLiteral("Of %1 watched it ran %2")
                       .arg(Format::duration(stall.watched), Format::duration(stall.processorTime));
    if (stall.readyTime > stall.watched / 20)
        text += QStringLiteral(", waited %1 for a processor").arg(Format::duration(stall.readyTime));
    return text + QStringLiteral(" and slept %1.").arg(Format::duration(slept));
}

} // namespace Flywheel::Monitor
