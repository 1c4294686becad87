// SPDX-License-Identifier: MIT
#include "stacks/module/dwflhandle.h"
#include "stacks/stackreader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include <elfutils/libdw.h>
#include <link.h>
#include <unistd.h>

namespace Flywheel {

namespace {

constexpr std::size_t MostFrames = 128;

#if defined(__aarch64__)
constexpr std::size_t FramePointer = 29;
#else
constexpr std::size_t FramePointer = 6;
#endif
/// Where a lost frame pointer is looked for: so far from the stack pointer, so many times.
constexpr std::size_t SearchedBytes = 8192;
constexpr int MostGuesses = 24;

/// What is loaded: each time that the program loads or unloads something, another value.
struct LoadState
{
    unsigned long long loads = 0;
    unsigned long long unloads = 0;

    bool operator==(const LoadState &) const = default;
    static LoadState now()
    {
        LoadState state;
        const auto read = [](dl_phdr_info *info, std::size_t, void *into) {
            *static_cast<LoadState *>(into) = {info->dlpi_adds, info->dlpi_subs};
            return 1;
        };
        ::dl_iterate_phdr(read, &state);
        return state;
    }
};

int findNoDebugSymbols(Dwfl_Module *, void **, const char *, Dwarf_Addr, const char *, const char *,
                       GElf_Word, char **)
{
    return -1; // calls are followed without them, and none is ever fetched in the program
}

const Dwfl_Callbacks s_moduleCallbacks = {.find_elf = dwfl_linux_proc_find_elf,
                                          .find_debuginfo = findNoDebugSymbols,
                                          .section_address = dwfl_offline_section_address,
                                          .debuginfo_path = nullptr};

struct Walk
{
    std::vector<std::uint64_t> calls; ///< their addresses, the innermost first
    bool isComplete = false;          ///< the last one is where the thread began
    bool isCut = false;               ///< it goes on behind the copy, or is too deep
};

class Unwinder final : public StackUnwinder
{
public:
    StackSample unwind(const StackCopy &copy, std::vector<StackModule> &modules) override;

private:
    bool lookAtModules();
    Walk walk(const StackCopy &copy, std::optional<std::uint64_t> framePointer);
    Walk walkByGuess(const StackCopy &copy, Walk known);
    bool isThreadBegin(std::uint64_t address) const;
    Dwfl_Module *moduleAt(std::uint64_t address) const;
    std::uint64_t wordAt(std::uint64_t address) const;
    bool mayBeFrame(std::uint64_t address) const;
    StackFrame frameOf(std::uint64_t call, std::vector<StackModule> &modules) const;

    // Called by libdwfl, with this object as argument:
    static pid_t nextThread(Dwfl *, void *self, void **argument);
    static bool getThread(Dwfl *, pid_t, void *self, void **argument);
    static bool readMemory(Dwfl *, Dwarf_Addr address, Dwarf_Word *word, void *self);
    static bool setRegisters(Dwfl_Thread *thread, void *self);
    static int noteFrame(Dwfl_Frame *frame, void *self);
    static const Dwfl_Thread_Callbacks s_threadCallbacks;

    DwflHandle m_dwfl;
    LoadState m_loaded;
    // Of the walk that goes on:
    const StackCopy *m_copy = nullptr;
    std::optional<std::uint64_t> m_framePointer;
    bool m_isAtEndOfCopy = false;
    Walk m_walk;
};

const Dwfl_Thread_Callbacks Unwinder::s_threadCallbacks = {.next_thread = nextThread,
                                                           .get_thread = getThread,
                                                           .memory_read = readMemory,
                                                           .set_initial_registers = setRegisters,
                                                           .detach = nullptr,
                                                           .thread_detach = nullptr};

pid_t Unwinder::nextThread(Dwfl *, void *self, void **argument)
{
    if (*argument)
        return 0;
    *argument = self;
    return ::getpid();
}

bool Unwinder::getThread(Dwfl *, pid_t, void *self, void **argument)
{
    *argument = self;
    return true;
}

bool Unwinder::readMemory(Dwfl *, Dwarf_Addr address, Dwarf_Word *word, void *self)
{
    auto *const own = static_cast<Unwinder *>(self);
    const StackCopy &copy = *own->m_copy;
    const std::uint64_t at = address - copy.memoryAt;
    if (copy.bytes < sizeof *word || at > copy.bytes - sizeof *word) {
        own->m_isAtEndOfCopy = own->m_isAtEndOfCopy || address > copy.memoryAt;
        return false;
    }
    std::memcpy(word, copy.memory.data() + at, sizeof *word);
    return true;
}

bool Unwinder::setRegisters(Dwfl_Thread *thread, void *self)
{
    const auto *const own = static_cast<const Unwinder *>(self);
    const StackCopy &copy = *own->m_copy;
    for (std::size_t number = 0; number < copy.registers.size(); ++number) {
        const bool isGuess = number == FramePointer && own->m_framePointer;
        const Dwarf_Word value = isGuess ? *own->m_framePointer : copy.registers[number];
        const bool isKnown = isGuess || (copy.isKnown >> number & 1U) != 0;
        if (isKnown && !dwfl_thread_state_registers(thread, static_cast<int>(number), 1, &value))
            return false;
    }
    dwfl_thread_state_register_pc(thread, copy.programCounter);
    return true;
}

int Unwinder::noteFrame(Dwfl_Frame *frame, void *self)
{
    auto *const own = static_cast<Unwinder *>(self);
    Dwarf_Addr pc = 0;
    bool isInnermost = false;
    if (!dwfl_frame_pc(frame, &pc, &isInnermost))
        return DWARF_CB_ABORT;
    own->m_walk.calls.push_back(isInnermost ? pc : pc - 1);
    if (own->m_walk.calls.size() < MostFrames)
        return DWARF_CB_OK;
    own->m_walk.isCut = true;
    return DWARF_CB_ABORT;
}

/// Whether there is something to walk with.
bool Unwinder::lookAtModules()
{
    const LoadState loaded = LoadState::now();
    if (m_dwfl && loaded == m_loaded)
        return true;
    m_dwfl.reset(dwfl_begin(&s_moduleCallbacks));
    m_loaded = loaded;
    const bool isReady = m_dwfl && dwfl_linux_proc_report(m_dwfl.get(), ::getpid()) == 0 &&
                         dwfl_report_end(m_dwfl.get(), nullptr, nullptr) == 0 &&
                         dwfl_attach_state(m_dwfl.get(), nullptr, ::getpid(), &s_threadCallbacks, this);
    if (!isReady)
        m_dwfl.reset();
    return isReady;
}

/// Null if there is none; libdwfl takes the nearest one.
Dwfl_Module *Unwinder::moduleAt(std::uint64_t address) const
{
    Dwfl_Module *const module = dwfl_addrmodule(m_dwfl.get(), address);
    Dwarf_Addr begin = 0;
    Dwarf_Addr end = 0;
    if (module)
        dwfl_module_info(module, nullptr, &begin, &end, nullptr, nullptr, nullptr, nullptr);
    return address >= begin && address < end ? module : nullptr;
}

/// Whether the unwind tables say that nobody has called the function there. libdwfl says the same of a call
/// that it can't follow for want of a register.
bool Unwinder::isThreadBegin(std::uint64_t address) const
{
    Dwfl_Module *const module = moduleAt(address);
    Dwarf_Addr bias = 0;
    Dwarf_CFI *const tables = module ? dwfl_module_eh_cfi(module, &bias) : nullptr;
    Dwarf_Frame *found = nullptr;
    if (!tables || dwarf_cfi_addrframe(tables, address - bias, &found) != 0)
        return false;
    const std::unique_ptr<Dwarf_Frame, Free> frame(found);
    std::array<Dwarf_Op, 3> memory{};
    Dwarf_Op *operations = nullptr;
    std::size_t count = 0;
    const int returnAddress = dwarf_frame_info(found, nullptr, nullptr, nullptr);
    const bool isTold = dwarf_frame_register(found, returnAddress, memory.data(), &operations, &count) == 0;
    return isTold && count == 0 && operations == memory.data(); // so libdw says "undefined"
}

Walk Unwinder::walk(const StackCopy &copy, std::optional<std::uint64_t> framePointer)
{
    m_copy = &copy;
    m_framePointer = framePointer;
    m_isAtEndOfCopy = false;
    m_walk = {};
    dwfl_getthread_frames(m_dwfl.get(), ::getpid(), noteFrame, this);
    m_walk.isComplete = !m_walk.calls.empty() && isThreadBegin(m_walk.calls.back());
    m_walk.isCut = !m_walk.isComplete && (m_walk.isCut || (copy.isCut && m_isAtEndOfCopy));
    return std::move(m_walk);
}

std::uint64_t Unwinder::wordAt(std::uint64_t address) const
{
    std::uint64_t word = 0;
    std::memcpy(&word, m_copy->memory.data() + (address - m_copy->memoryAt), sizeof word);
    return word;
}

/// Of a thread that sleeps only the stack pointer is known. A function that finds its frame by the frame
/// pointer (built without optimisation, or with a stack of variable size) can't be left then. The right value
/// is the address of a word on the stack with a return address behind it: the first one with which the walk
/// comes to where the thread began.
Walk Unwinder::walkByGuess(const StackCopy &copy, Walk known)
{
    const std::uint64_t begin = (copy.stackPointer + 7) & ~std::uint64_t(7);
    const std::uint64_t end = std::min(copy.memoryAt + copy.bytes, begin + SearchedBytes);
    int guesses = 0;
    for (std::uint64_t at = begin; at + 16 <= end && guesses < MostGuesses; at += 8) {
        if (!moduleAt(wordAt(at + 8)))
            continue;
        ++guesses;
        Walk guess = walk(copy, at);
        if (guess.isComplete || (guess.isCut && !known.isCut))
            known = std::move(guess);
        if (known.isComplete)
            break;
    }
    return known;
}

StackFrame Unwinder::frameOf(std::uint64_t call, std::vector<StackModule> &modules) const
{
    StackFrame frame{.address = call};
    Dwfl_Module *const module = moduleAt(call);
    GElf_Addr bias = 0;
    if (!module || !dwfl_module_getelf(module, &bias))
        return frame;
    frame.offset = call - bias;
    std::string file =
        dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    if (file.starts_with("[vdso"))
        file = "[vdso]"; // without the process id
    const auto known = std::ranges::find(modules, file, &StackModule::file);
    frame.module = static_cast<std::uint32_t>(known - modules.begin()) + 1;
    if (known == modules.end())
        modules.push_back({std::move(file), buildIdOf(module)});
    return frame;
}

StackSample Unwinder::unwind(const StackCopy &copy, std::vector<StackModule> &modules)
{
    StackSample sample;
    sample.isIncomplete = true;
    if (!lookAtModules()) {
        sample.frames.push_back({.address = copy.programCounter});
        return sample;
    }
    Walk walked = walk(copy, std::nullopt);
    const bool knowsFramePointer = (copy.isKnown >> FramePointer & 1U) != 0;
    if (!walked.isComplete && !knowsFramePointer)
        walked = walkByGuess(copy, std::move(walked));
    sample.isCut = walked.isCut;
    sample.isIncomplete = !walked.isComplete && !walked.isCut;
    for (const std::uint64_t call : walked.calls)
        sample.frames.push_back(frameOf(call, modules));
    return sample;
}

} // namespace

std::unique_ptr<StackUnwinder> makeStackUnwinder()
{
    return std::make_unique<Unwinder>();
}

} // namespace Flywheel
