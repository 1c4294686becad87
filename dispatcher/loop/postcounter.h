// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace Flywheel {

/// Counts the posts of other threads to one loop, and knows which of them are going on.
///
/// Each thread counts on one of a few cache lines, so that threads that post at once do not wait for each
/// other's line. If there are more threads than lines, some share one.
class PostCounter
{
    // The lower bits of a stripe count the threads that are inside, the others the posts: one step does both.
    struct alignas(64) Stripe
    {
        std::atomic<std::uint64_t> state{0};
    };
    static constexpr std::uint64_t OneInside = 1;
    static constexpr int CountShift = 16;
    static constexpr std::uint64_t OnePost = std::uint64_t(1) << CountShift;
    static constexpr std::size_t StripeCount = 8;

public:
    static constexpr std::chrono::seconds LongestPost{1};

    /// One post, from construction to destruction.
    class Post
    {
    public:
        explicit Post(PostCounter &counter) : m_stripe(counter.m_stripes[stripeOfThread() % StripeCount])
        {
            m_stripe.state.fetch_add(OnePost + OneInside, std::memory_order_relaxed);
        }
        ~Post() { m_stripe.state.fetch_sub(OneInside, std::memory_order_release); }
        Post(const Post &) = delete;

    private:
        Stripe &m_stripe;
    };

    /// Any thread. Returns how many posts began.
    std::uint64_t count() const
    {
        std::uint64_t count = 0;
        for (const Stripe &stripe : m_stripes)
            count += stripe.state.load(std::memory_order_relaxed) >> CountShift;
        return count;
    }
    /// Returns when each post that began before has ended, or after LongestPost: a thread that was killed in
    /// the middle of one (QThread::terminate() on Windows) never ends it.
    void waitForPosts() const;
    /// For a forked child, in which the threads that were inside a post are missing.
    void forgetPosts();

private:
    static unsigned stripeOfThread();

    std::array<Stripe, StripeCount> m_stripes;
};

} // namespace Flywheel
