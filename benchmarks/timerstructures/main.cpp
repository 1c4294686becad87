// SPDX-License-Identifier: MIT
// Compares structures that keep timers in order: docs/decisions/0001-timer-queue.md.
#include "dheap.h"
#include "exactwheel.h"
#include "heap.h"
#include "loads.h"
#include "pairingheap.h"
#include "production.h"
#include "queueload.h"
#include "sortedset.h"
#include "stopwatch.h"
#include "wheelheap.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>

namespace Flywheel::Bench {

namespace {

using namespace std::chrono_literals;

struct Case
{
    std::string_view load;
    Deadlines deadlines;
    std::uint32_t count;
    std::uint64_t operations;
};

const char *nameOf(Deadlines deadlines)
{
    return deadlines == Deadlines::Spread ? "spread" : "shared";
}

struct Result
{
    double nanoseconds;
    double bytes;
};

/// A slow candidate stops after this time.
constexpr Nanoseconds Longest = 300ms;

/// A function of its own for callgrind's --toggle-collect.
template <typename Structure>
[[gnu::noinline]] std::uint64_t measured(Loads<Structure> &loads, const Case &c, std::uint64_t operations)
{
    if (c.load == "insert") {
        loads.startAll();
        return c.count;
    }
    if constexpr (requires { loads.look(operations); }) {
        if (c.load == "remaining")
            return loads.look(operations);
    }
    if (c.load == "restart")
        return loads.restart(operations);
    return loads.fire(operations, c.load == "mixed" ? 4 : 0);
}

template <typename Structure>
Result run(const Case &c)
{
    const std::size_t before = liveBytes().value_or(0);
    Loads<Structure> loads(c.deadlines, c.count, c.load == "fire" ? 10s : 60s);
    if (c.load != "insert")
        loads.startAll();
    std::uint64_t operations = 0;
    Nanoseconds spent = 0ns;
    while (operations < c.operations && spent < Longest) {
        if (c.load == "insert" && operations > 0)
            loads.stopAll();
        const Stopwatch stopwatch; // of CPU time: other programs on the machine do not count
        operations += measured(loads, c, std::min<std::uint64_t>(c.operations, 10'000));
        spent += stopwatch.cpu();
    }
    const auto structure = static_cast<double>(liveBytes().value_or(0) - before - loads.otherBytes());
    [[maybe_unused]] static volatile std::uint64_t sink;
    sink = loads.sum();
    return {double(spent.count()) / double(operations), structure / c.count};
}

struct Candidate
{
    std::string_view name;
    Result (*run)(const Case &);
};

constexpr Candidate Candidates[] = {
    {"production", run<Production>},
    {"heap2", run<DHeap<2, Positions::InSlots, false>>},
    {"heap4", run<DHeap<4, Positions::InSlots, false>>},
    {"heap8", run<DHeap<8, Positions::InSlots, false>>},
    {"heap4-dense", run<DHeap<4, Positions::Dense, false>>},
    {"heap4-aligned", run<DHeap<4, Positions::InSlots, true>>},
    {"heap4-dense-aligned", run<DHeap<4, Positions::Dense, true>>},
    {"heap8-dense-aligned", run<DHeap<8, Positions::Dense, true>>},
    {"pairing", run<PairingHeap>},
    {"set", run<SortedSet>},
    {"wheel", run<ExactWheel>},
    {"wheel+heap", run<WheelHeap>},
    {"TimerQueue", run<TimerQueue>},
};

/// What the command line asks for; nothing stands for everything.
struct Choice
{
    std::string_view structure, load, deadlines;
    std::uint32_t count = 0;
    std::uint64_t operations = 400'000;
    int repetitions = 5;

    bool set(std::string_view option, const char *value)
    {
        if (option == "--structure")
            structure = value;
        else if (option == "--load")
            load = value;
        else if (option == "--deadlines")
            deadlines = value;
        else if (option == "--timers")
            count = static_cast<std::uint32_t>(std::atoi(value));
        else if (option == "--operations")
            operations = static_cast<std::uint64_t>(std::atoll(value));
        else if (option == "--repetitions")
            repetitions = std::max(1, std::atoi(value));
        else
            return false;
        return true;
    }

    bool includes(const Case &c) const
    {
        return (load.empty() || load == c.load) && (count == 0 || count == c.count) &&
               (deadlines.empty() || deadlines == nameOf(c.deadlines));
    }
    bool includes(const Candidate &candidate, const Case &c) const
    {
        // A structure alone does not look for a timer.
        return (structure.empty() || structure == candidate.name) &&
               (c.load != "remaining" || candidate.name == "TimerQueue");
    }
};

void print(const Case &c, std::string_view name, std::vector<Result> &results)
{
    const auto median = results.begin() + std::ssize(results) / 2;
    std::nth_element(results.begin(), median, results.end(),
                     [](const Result &a, const Result &b) { return a.nanoseconds < b.nanoseconds; });
    std::printf("{\"structure\": \"%s\", \"load\": \"%s\", \"deadlines\": \"%s\", \"timers\": %u, "
                "\"operationNs\": %.1f, \"timerBytes\": %.1f}\n",
                name.data(), c.load.data(), nameOf(c.deadlines), c.count, median->nanoseconds, median->bytes);
    std::fflush(stdout);
}

/// The candidates take turns, so that a noisy moment meets all of them.
void measure(const Case &c, const Choice &choice)
{
    std::map<std::string_view, std::vector<Result>> results;
    for (int i = 0; i < choice.repetitions; ++i) {
        for (const Candidate &candidate : Candidates) {
            if (choice.includes(candidate, c))
                results[candidate.name].push_back(candidate.run(c));
        }
    }
    for (auto &[name, of] : results)
        print(c, name, of);
}

void measureAll(const Choice &choice)
{
    for (const std::string_view load : {"insert", "restart", "fire", "mixed", "remaining"}) {
        for (const Deadlines deadlines : {Deadlines::Spread, Deadlines::Shared}) {
            for (const std::uint32_t count : {100u, 1'000u, 10'000u, 100'000u}) {
                const Case c{load, deadlines, count, choice.operations};
                if (choice.includes(c))
                    measure(c, choice);
            }
        }
    }
}

} // namespace

} // namespace Flywheel::Bench

int main(int argc, char **argv)
{
    Flywheel::Bench::Choice choice;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc || !choice.set(argv[i], argv[i + 1])) {
            std::fprintf(stderr,
                         "usage: %s [--structure S] [--load L] [--deadlines spread|shared] [--timers N] "
                         "[--operations N] [--repetitions N]\n",
                         argv[0]);
            return 2;
        }
    }
    Flywheel::Bench::measureAll(choice);
}
