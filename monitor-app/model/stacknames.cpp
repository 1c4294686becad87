// SPDX-License-Identifier: MIT
#include "stacknames.h"

#include "base/plaintext.h"
#include "format.h"
#include "stacks/codetext.h"
#ifdef FLYWHEEL_HAS_CODE_NAMER
#    include "stacks/stackreader.h"
#endif

#include <algorithm>
#include <functional>
#include <memory>

namespace Flywheel::Monitor {

namespace {

using PlacesOf = std::function<std::vector<CodePlace>(const StackFrame &)>;

QString utf8(const std::string &text)
{
    return QString::fromStdString(plainText(text));
}

std::vector<CodePlace> unnamed(const StackFrame &frame, const std::vector<StackModule> &modules)
{
    CodePlace place;
    if (frame.module != StackFrame::NoModule && frame.module <= modules.size()) {
        const std::string &file = modules[frame.module - 1].file;
        place.module = file.substr(file.rfind('/') + 1);
    }
    return {place};
}

QString titleOf(const StackSample &sample)
{
    const QString where = sample.systemCall.empty()
                              ? QStringLiteral("It ran")
                              : QStringLiteral("It slept in %1").arg(utf8(sample.systemCall));
    return sample.count > 1 ? QStringLiteral("%1 (seen %2 times):").arg(where).arg(sample.count)
                            : where + QLatin1Char(':');
}

QString textWith(const Stall &stall, const PlacesOf &placesOf)
{
    QStringList lines;
    if (const QString times = stallTimes(stall); !times.isEmpty())
        lines << times;
    if (!stall.stackProblem.empty())
        lines << QStringLiteral("No stack: %1").arg(utf8(stall.stackProblem));
    for (const StackSample &sample : stall.stacks) {
        lines << QString() << titleOf(sample);
        for (const std::string &line : codeLines(sample, placesOf))
            lines << QString::fromStdString(line);
    }
    return lines.join(QLatin1Char('\n'));
}

/// Changes whenever there is more to tell of the stacks; not with the time that a stall takes.
QString keyOf(const Stall &stall)
{
    QString key = QString::number(stall.beganMonotonic.count());
    for (const StackSample &sample : stall.stacks) {
        key += QStringLiteral(" %1:%2:%3")
                   .arg(sample.takenAt.count())
                   .arg(sample.frames.size())
                   .arg(sample.frames.empty() ? 0 : sample.frames.front().address);
    }
    for (const StackModule &module : stall.modules)
        key += QLatin1Char(' ') + QString::fromStdString(module.file + module.buildId);
    return key;
}

#ifdef FLYWHEEL_HAS_CODE_NAMER
/// Of the thread that names.
CodeNamer &namer()
{
    thread_local const std::unique_ptr<CodeNamer> t_namer = makeCodeNamer();
    return *t_namer; // NOLINT(clang-analyzer-cplusplus.NewDelete): it lives as long as its thread
}

QString namedText(const Stall &stall)
{
    return textWith(stall, [&](const StackFrame &frame) { return namer().places(frame, stall.modules); });
}
#else
QString namedText(const Stall &stall)
{
    return textWith(stall, [&](const StackFrame &frame) { return unnamed(frame, stall.modules); }) +
           QStringLiteral("\n\nThis monitor was built without libdw: it names no functions.");
}
#endif

} // namespace

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

StackNames::StackNames(QObject *parent) : QObject(parent), m_worker(new QObject)
{
    m_thread.setObjectName(QStringLiteral("names of calls"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start(QThread::LowPriority);
}

StackNames::~StackNames()
{
    m_thread.quit();
    m_thread.wait();
}

QString StackNames::textOf(const Stall &stall)
{
    if (stall.stacks.empty())
        return textWith(stall, {});
    const QString key = keyOf(stall);
    if (const auto known = m_texts.constFind(key); known != m_texts.constEnd())
        return *known;
    if (m_texts.size() >= MostKept)
        m_texts.clear();
    QString plain = textWith(stall, [&](const StackFrame &frame) { return unnamed(frame, stall.modules); });
    m_texts.insert(key, plain);
    QMetaObject::invokeMethod(m_worker, [this, stall, key] {
        const QString text = namedText(stall);
        QMetaObject::invokeMethod(this, [this, key, text] {
            m_texts.insert(key, text);
            Q_EMIT named();
        });
    });
    return plain;
}

} // namespace Flywheel::Monitor
