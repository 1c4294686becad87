#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns what flywheel-bench --json wrote into Markdown.

One file: the targets (targets.json, beside this script) that something was measured of, with their verdicts, as
docs/benchmarks.md holds them; with --all, or if there are none, every measurement.
Two files: what changed from the first to the second.
"""

import argparse
import json
import pathlib
import sys
from dataclasses import dataclass

FORMAT = 1
TARGETS = pathlib.Path(__file__).with_name("targets.json")
MACHINE = ("cpu", "cpus", "kernel", "qtVersion", "compiler", "buildType")


@dataclass(frozen=True)
class Key:
    scenario: str
    size: int
    measure: str


@dataclass(frozen=True)
class Spread:
    median: float
    minimum: float
    maximum: float

    def is_apart_from(self, other):
        return self.minimum > other.maximum or self.maximum < other.minimum


class Results:
    """A result file: spreads by key and lane, keys in the order of the file."""

    def __init__(self, document):
        if document.get("format") != FORMAT:
            raise ValueError(f"format {document.get('format')} instead of {FORMAT}")
        self.context = document["context"]
        self.repetitions = document["repetitions"]
        self.spreads = {}
        for row in document["results"]:
            for measure, value in row["measurements"].items():
                key = Key(row["scenario"], row["size"], measure)
                spread = Spread(value["median"], value["minimum"], value["maximum"])
                self.spreads.setdefault(key, {})[row["lane"]] = spread

    def lanes(self):
        return list(dict.fromkeys(lane for spreads in self.spreads.values() for lane in spreads))

    def median(self, key, lane):
        spread = self.spreads.get(key, {}).get(lane)
        return spread.median if spread else None


def load(name):
    return Results(json.loads(pathlib.Path(name).read_text(encoding="utf-8")))


def number(value):
    if value is None:
        return ""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def ratio(value, reference):
    if value is None or not reference:
        return ""
    return f"{value / reference:.2g}" if value < reference else f"{value / reference:.2f}"


@dataclass(frozen=True)
class Bound:
    """What a target asks of a lane: a number, or a multiple of another lane's figure or of its own at another size."""

    key: Key
    lane: str
    limit: float
    is_upper: bool
    of_lane: str | None
    of_size: int | None
    above_lane: str | None  # the figure is what the lane has more than that one

    @staticmethod
    def of(target, bound, lane):
        key = Key(target["scenario"], target["size"], target["measure"])
        is_upper = "atMost" in bound
        return Bound(key, bound.get("lane", lane), bound["atMost" if is_upper else "atLeast"], is_upper,
                     bound.get("ofLane"), bound.get("ofSize"), bound.get("aboveLane"))

    def value(self, results):
        value = results.median(self.key, self.lane)
        if value is None or self.above_lane is None:
            return value
        less = results.median(self.key, self.above_lane)
        return None if less is None else value - less

    def reference(self, results):
        """What the limit is a multiple of; None if that was not measured."""
        if self.of_lane is not None:
            return results.median(self.key, self.of_lane)
        if self.of_size is not None:
            return results.median(Key(self.key.scenario, self.of_size, self.key.measure), self.lane)
        return 1

    def wording(self):
        sign = "<=" if self.is_upper else ">="
        if self.of_lane is not None:
            return f"{sign} {self.limit:g} x {self.of_lane}"
        if self.of_size is not None:
            return f"{sign} {self.limit:g} x its own at {self.of_size:,}"
        if self.above_lane is not None:
            return f"{sign} {number(self.limit)} above {self.above_lane}"
        return f"{sign} {number(self.limit)}"

    def verdict(self, results):
        value, reference = self.value(results), self.reference(results)
        if value is None or reference is None:
            return "not measured"
        limit = self.limit * reference
        met = value <= limit if self.is_upper else value >= limit
        return "met" if met else f"**missed: {number(value / reference if reference else value)}**"


def bounds_of(target, group):
    return [Bound.of(target, bound, group.get("lane")) for bound in target["bounds"]]


def wordings(bounds, default_lane):
    return ", ".join(bound.wording() if bound.lane == default_lane else f"{bound.lane} {bound.wording()}"
                     for bound in bounds)


def verdicts(bounds, results):
    """One word where all are of one mind."""
    words = [bound.verdict(results) for bound in bounds]
    return words[0] if len(set(words)) == 1 else ", ".join(words)


def table(header, rows, text_columns):
    ruler = ["---" if i < text_columns else "---:" for i in range(len(header))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ruler, *rows])


def lane_cells(results, key, lanes):
    return [number(results.median(key, lane)) for lane in lanes]


def is_measured(target, results):
    return Key(target["scenario"], target["size"], target["measure"]) in results.spreads


def target_table(results, group):
    lanes, ratios = group["lanes"], group["ratios"]
    rows = []
    for target in group["rows"]:
        key = Key(target["scenario"], target["size"], target["measure"])
        bounds = bounds_of(target, group)
        rows.append([target["case"], f"{key.size:,}", *lane_cells(results, key, lanes),
                     *[ratio(results.median(key, lane), results.median(key, stock)) for lane, stock in ratios],
                     wordings(bounds, group.get("lane")), verdicts(bounds, results)])
    return table(["case", "n", *lanes, *[f"{lane} : {stock}" for lane, stock in ratios], "target", "verdict"], rows, 1)


def full_table(results):
    lanes = results.lanes()
    rows = [[key.scenario, key.measure, f"{key.size:,}", *lane_cells(results, key, lanes)] for key in results.spreads]
    return table(["scenario", "measure", "n", *lanes], rows, 2)


def context_line(results):
    context = results.context
    load = context["loadAverage"]  # None where it is not counted
    return (f"{context['date']}, commit {context['commit'] or 'unknown'}, Qt {context['qtVersion']}, "
            f"{context['compiler']} ({context['buildType']}), {context['kernel']}, "
            f"{context['cpus']} x {context['cpu'] or context['architecture']}"
            f"{'' if load is None else f', load {load:.2f} at the start'}; medians of {results.repetitions}.")


def groups_of(results, targets):
    """Those that something of was measured, if this is the system that the targets are for."""
    if not results.context["kernel"].startswith(targets["kernel"]):
        return []
    return [group for group in targets["groups"] if any(is_measured(target, results) for target in group["rows"])]


def render(results, targets, wants_all=False):
    parts = [context_line(results)]
    groups = groups_of(results, targets)
    for group in groups:
        parts += [f"### {group['title']}", target_table(results, group)]
    if wants_all or not groups:
        parts += ["### All measurements", full_table(results)]
    return "\n\n".join(parts)


def render_change(before, after):
    lines = [f"- before: {context_line(before)}", f"- after: {context_line(after)}"]
    differing = [name for name in MACHINE if before.context[name] != after.context[name]]
    if differing:
        lines.append(f"- **not the same machine or build: {', '.join(differing)}**")
    rows = []
    for key, lanes in after.spreads.items():
        for lane, spread in lanes.items():
            old = before.spreads.get(key, {}).get(lane)
            if old:
                rows.append([key.scenario, key.measure, f"{key.size:,}", lane, number(old.median),
                             number(spread.median), ratio(spread.median, old.median),
                             "yes" if spread.is_apart_from(old) else ""])
    header = ["scenario", "measure", "n", "lane", "before", "after", "after : before", "ranges apart"]
    return "\n".join(lines) + "\n\n" + table(header, rows, 2)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", metavar="file")
    parser.add_argument("after", metavar="second-file", nargs="?")
    parser.add_argument("--all", action="store_true", help="print every measurement, too")
    options = parser.parse_args(arguments)
    try:
        results = load(options.before)
        if options.after:
            print(render_change(results, load(options.after)))
        else:
            print(render(results, json.loads(TARGETS.read_text(encoding="utf-8")), options.all))
    except (OSError, ValueError, KeyError) as error:
        print(f"compare.py: {error!r}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
