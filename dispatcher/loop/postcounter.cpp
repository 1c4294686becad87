// SPDX-License-Identifier: MIT
#include "loop/postcounter.h"

#include "base/clock.h"

#include <thread>

namespace Flywheel {

/// In turn, so that the first threads that post all have a line of their own.
unsigned PostCounter::stripeOfThread()
{
    static std::atomic<unsigned> s_next{0};
    static constinit thread_local unsigned t_stripe = 0; // 0: none yet
    if (t_stripe == 0) [[unlikely]]
        t_stripe = s_next.fetch_add(1, std::memory_order_relaxed) % StripeCount + 1;
    return t_stripe;
}

void PostCounter::waitForPosts() const
{
    constexpr std::uint64_t insideMask = OnePost - 1;
    const Instant givesUp = steadyNow() + LongestPost;
    for (const Stripe &stripe : m_stripes) {
        while ((stripe.state.load(std::memory_order_acquire) & insideMask) != 0 && steadyNow() < givesUp)
            std::this_thread::yield();
    }
}

void PostCounter::forgetPosts()
{
    for (Stripe &stripe : m_stripes) {
        const std::uint64_t state = stripe.state.load(std::memory_order_relaxed);
        stripe.state.store(state >> CountShift << CountShift, std::memory_order_relaxed);
    }
}

} // namespace Flywheel
