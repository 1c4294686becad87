// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/stacks.h>

#include <QtCore/qobject.h>
#include <QtCore/qthread.h>

#include <atomic>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace Flywheel::Monitor {

/// Names the calls on stacks. Names come from the files of the program and from its debug symbols, which are
/// read in a thread of their own: the first of a large library takes seconds.
class CodeNames : public QObject
{
    Q_OBJECT

public:
    explicit CodeNames(QObject *parent = nullptr);
    /// Waits for the library that is being read.
    ~CodeNames() override;

    /// False if this monitor was built without libdw: it names no functions.
    static bool canName();

    /// Returns the functions at \a frame as codePlacesOf() does, never empty. Until named() has told of it,
    /// all that a place has is its module. Valid until the next call.
    const std::vector<CodePlace> &placesOf(const StackFrame &frame, const std::vector<StackModule> &modules);
    /// Waits until all that was asked for has its names.
    void finish();
    /// Changes whenever names have come.
    quint64 generation() const { return m_generation; }

Q_SIGNALS:
    void named();

private:
    static constexpr std::size_t MostKept = 100'000; ///< calls: some 50 MB

    struct Call
    {
        std::uint32_t module; ///< idOf()
        std::uint64_t offset;
        bool operator==(const Call &) const = default;
    };
    struct CallHash
    {
        std::size_t operator()(const Call &call) const
        {
            return std::hash<std::uint64_t>()(call.offset ^ (std::uint64_t(call.module) << 48));
        }
    };
    struct Question
    {
        Call call;
        StackModule module;
    };
    using Answers = std::vector<std::pair<Call, std::vector<CodePlace>>>;

    std::uint32_t idOf(const StackModule &module);
    void forget();
    void ask(const Call &call, const StackModule &module);
    void sendQuestions();
    void answer(const std::vector<Question> &questions);
    void take(const Answers &answers);

    QThread m_thread;
    QObject *m_worker; ///< lives in the thread
    std::atomic<bool> m_isOver{false};
    std::vector<Question> m_questions; ///< not sent yet
    std::map<std::pair<std::string, std::string>, std::uint32_t> m_modules;
    std::uint32_t m_lastModule = 0;
    std::unordered_map<Call, std::vector<CodePlace>, CallHash> m_places;
    std::vector<CodePlace> m_nowhere;
    quint64 m_generation = 0;
};

} // namespace Flywheel::Monitor
