// SPDX-License-Identifier: MIT
#include "codenames.h"

#ifdef FLYWHEEL_HAS_CODE_NAMER
#    include "stacks/stackreader.h"
#endif

#include <QtCore/qcoreapplication.h>
#include <QtCore/qelapsedtimer.h>

#include <memory>

namespace Flywheel::Monitor {

namespace {

constexpr qint64 AnswerInterval = 100; ///< milliseconds: whoever waits is to see that names come

#ifdef FLYWHEEL_HAS_CODE_NAMER
/// Of the thread that names.
CodeNamer &namer()
{
    thread_local const std::unique_ptr<CodeNamer> t_namer = makeCodeNamer();
    return *t_namer; // NOLINT(clang-analyzer-cplusplus.NewDelete): it lives as long as its thread
}

std::vector<CodePlace> namesOf(std::uint64_t offset, const StackModule &module)
{
    return namer().places({.module = 1, .offset = offset}, {module});
}
#else
std::vector<CodePlace> namesOf(std::uint64_t, const StackModule &)
{
    return {};
}
#endif

} // namespace

CodeNames::CodeNames(QObject *parent)
    : QObject(parent)
    , m_worker(new QObject)
    , m_nowhere{CodePlace{.note = "code that was made at run time"}}
{
    m_thread.setObjectName(QStringLiteral("names of calls"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start(QThread::LowPriority);
}

CodeNames::~CodeNames()
{
    m_isOver = true;
    m_thread.quit();
    m_thread.wait();
}

bool CodeNames::canName()
{
#ifdef FLYWHEEL_HAS_CODE_NAMER
    return true;
#else
    return false;
#endif
}

std::uint32_t CodeNames::idOf(const StackModule &module)
{
    const auto [known, isNew] = m_modules.try_emplace({module.file, module.buildId}, m_lastModule + 1);
    m_lastModule += isNew ? 1 : 0;
    return known->second;
}

const std::vector<CodePlace> &CodeNames::placesOf(const StackFrame &frame,
                                                  const std::vector<StackModule> &modules)
{
    if (frame.module == StackFrame::NoModule || frame.module > modules.size())
        return m_nowhere;
    const StackModule &module = modules[frame.module - 1];
    const Call call{idOf(module), frame.offset};
    if (const auto known = m_places.find(call); known != m_places.end())
        return known->second;
    if (m_places.size() >= MostKept)
        forget();
    const Call fresh{idOf(module), frame.offset};
    ask(fresh, module);
    return m_places[fresh] = {CodePlace{.module = module.file.substr(module.file.rfind('/') + 1)}};
}

/// Numbers of modules are never used again, so that late answers hit nothing else.
void CodeNames::forget()
{
    m_places.clear();
    m_modules.clear();
}

void CodeNames::ask(const Call &call, const StackModule &module)
{
    if (!canName())
        return;
    if (m_questions.empty())
        QMetaObject::invokeMethod(this, &CodeNames::sendQuestions, Qt::QueuedConnection);
    m_questions.push_back({call, module});
}

void CodeNames::sendQuestions()
{
    if (m_questions.empty())
        return;
    QMetaObject::invokeMethod(m_worker,
                              [this, questions = std::exchange(m_questions, {})] { answer(questions); });
}

/// In the thread.
void CodeNames::answer(const std::vector<Question> &questions)
{
    Answers answers;
    const auto tell = [&] {
        QMetaObject::invokeMethod(this, [this, told = std::exchange(answers, {})] { take(told); });
    };
    QElapsedTimer sinceTold;
    sinceTold.start();
    for (const Question &question : questions) {
        if (m_isOver)
            return;
        answers.emplace_back(question.call, namesOf(question.call.offset, question.module));
        if (sinceTold.elapsed() >= AnswerInterval) {
            tell();
            sinceTold.start();
        }
    }
    tell();
}

void CodeNames::take(const Answers &answers)
{
    for (const auto &[call, places] : answers) {
        // What was forgotten meanwhile is asked for again.
        if (const auto asked = m_places.find(call); asked != m_places.end())
            asked->second = places;
    }
    ++m_generation;
    Q_EMIT named();
}

void CodeNames::finish()
{
    sendQuestions();
    QMetaObject::invokeMethod(
        m_worker, [] {}, Qt::BlockingQueuedConnection);
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

} // namespace Flywheel::Monitor
