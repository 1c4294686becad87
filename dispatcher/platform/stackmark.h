// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <functional>

namespace Flywheel {

/// The memory of a thread's stack, as the system made it; empty where the system does not tell.
struct StackRange
{
    const void *low = nullptr;
    const void *high = nullptr;

    /// Asks the system once for each thread.
    static const StackRange &ofThisThread();
    bool contains(const void *address) const
    {
        return !std::less<>()(address, low) && std::less<>()(address, high);
    }
};

/// Marks a call that others make and that tells only of its beginning: by three words in its frame, which
/// keep their place and their values until it returns.
///
/// Stacks grow down. Once the call has returned, a deeper one overwrites the words; one that is as deep, or
/// less deep, shows it by its address.
class StackMark
{
public:
    StackMark() = default;
    explicit StackMark(void *const *words) : m_at(words), m_words{words[0], words[1], words[2]} {}

    bool isSet() const { return m_at != nullptr; }
    bool isAt(const void *address) const { return m_at == address; }
    /// Whether the call goes on. Its words and \a here, an address in the frame of the caller, must be on
    /// this thread's stack.
    bool isAlive(const void *here) const { return std::less<>()(here, m_at) && isUntouched(); }

private:
    // The frame may be gone, and then what sanitizers know of the memory is another call's.
#if defined(__GNUC__)
    __attribute__((no_sanitize_address))
#elif defined(_MSC_VER)
    __declspec(no_sanitize_address)
#endif
    bool
    isUntouched() const
    {
        void *const volatile *const words = m_at;
        return words[0] == m_words[0] && words[1] == m_words[1] && words[2] == m_words[2];
    }

    void *const *m_at = nullptr;
    std::array<void *, 3> m_words{};
};

} // namespace Flywheel
