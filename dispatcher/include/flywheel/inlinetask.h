// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <functional>
#include <new>
#include <type_traits>
#include <utility>

namespace Flywheel {

/// A callable without arguments and result, of any type: like std::function, but it only moves, holds what
/// only moves, and stores up to 64 bytes in place (posting with a context uses 16 of them). Larger callables,
/// ones that are aligned to more than 8 bytes and ones whose move may throw cost one allocation. Empty after
/// it was moved from.
class InlineTask
{
public:
    static constexpr std::size_t Capacity = 64;

    InlineTask() = default;

    // NOLINTBEGIN(bugprone-forwarding-reference-overload): the constraint keeps it from hiding the move
    template <typename Callable>
    requires(!std::is_same_v<std::remove_cvref_t<Callable>, InlineTask>) explicit InlineTask(
        Callable &&callable)
    {
        using Stored = std::decay_t<Callable>;
        static_assert(std::is_invocable_v<Stored &>, "a task is called without arguments");
        if constexpr (fitsInPlace<Stored>) {
            ::new (storage()) Stored(std::forward<Callable>(callable));
            m_operations = &InPlace<Stored>::operations;
        } else {
            ::new (storage()) Stored *(new Stored(std::forward<Callable>(callable)));
            m_operations = &OnHeap<Stored>::operations;
        }
    }
    // NOLINTEND(bugprone-forwarding-reference-overload)

    InlineTask(InlineTask &&other) noexcept { take(other); }
    InlineTask &operator=(InlineTask &&other) noexcept
    {
        if (this != &other) {
            reset();
            take(other);
        }
        return *this;
    }
    ~InlineTask() { reset(); }

    explicit operator bool() const noexcept { return m_operations != nullptr; }
    /// Must not be empty. May be called again.
    void operator()() { m_operations->invoke(storage()); }

    /// Destroys the callable.
    void reset() noexcept
    {
        const Operations *const operations = std::exchange(m_operations, nullptr);
        if (operations && operations->destroy)
            operations->destroy(storage());
    }

private:
    struct Operations
    {
        void (*invoke)(void *);
        void (*relocate)(void *from, void *to) noexcept; ///< null: a copy of the bytes does
        void (*destroy)(void *) noexcept;                ///< null: nothing to do
    };

    // NOLINTBEGIN(misc-redundant-expression): two types, the same in some instantiations
    template <typename Stored>
    static constexpr bool
        fitsInPlace = sizeof(Stored) <= Capacity &&
                      alignof(Stored) <= alignof(void *) && std::is_nothrow_move_constructible_v<Stored>;
    // NOLINTEND(misc-redundant-expression)

    template <typename Stored>
    struct InPlace
    {
        static Stored &at(void *place) noexcept { return *std::launder(static_cast<Stored *>(place)); }
        static void invoke(void *place) { static_cast<void>(std::invoke(at(place))); }
        static void relocate(void *from, void *to) noexcept
        {
            ::new (to) Stored(std::move(at(from)));
            at(from).~Stored();
        }
        static void destroy(void *place) noexcept { at(place).~Stored(); }

        static constexpr bool isTrivial =
            std::is_trivially_copyable_v<Stored> && std::is_trivially_destructible_v<Stored>;
        static constexpr Operations operations{invoke, isTrivial ? nullptr : relocate,
                                               isTrivial ? nullptr : destroy};
    };

    template <typename Stored>
    struct OnHeap
    {
        static Stored *at(void *place) noexcept { return *std::launder(static_cast<Stored **>(place)); }
        static void invoke(void *place) { static_cast<void>(std::invoke(*at(place))); }
        static void destroy(void *place) noexcept { delete at(place); }
        static constexpr Operations operations{invoke, nullptr, destroy};
    };

    void *storage() noexcept { return m_storage.data(); }
    void take(InlineTask &other) noexcept
    {
        m_operations = std::exchange(other.m_operations, nullptr);
        if (!m_operations)
            return;
        if (m_operations->relocate)
            m_operations->relocate(other.storage(), storage());
        else
            m_storage = other.m_storage;
    }

    alignas(void *) std::array<std::byte, Capacity> m_storage{};
    const Operations *m_operations = nullptr;
};

} // namespace Flywheel
