#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns what flywheel-bench --json wrote into Markdown.

One file: the targets (targets.json, beside this script) of the lanes that were measured, with their verdicts, then every
measurement.
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


def reference_of(target, results, lane):
    """What the target's bound is a multiple of; None if that was not measured."""
    key = Key(target["scenario"], target["size"], target["measure"])
    if "ofLane" in target:
        return results.median(key, target["ofLane"])
    if "ofSize" in target:
        return results.median(Key(key.scenario, target["ofSize"], key.measure), lane)
    return 1


def wording(target):
    sign, bound = ("<=", target["atMost"]) if "atMost" in target else (">=", target["atLeast"])
    if "ofLane" in target:
        return f"{sign} {bound:g} x {target['ofLane']}"
    if "ofSize" in target:
        return f"{sign} {bound:g} x its own at {target['ofSize']:,}"
    return f"{sign} {number(bound)}"


def verdict(target, results, lane):
    value = results.median(Key(target["scenario"], target["size"], target["measure"]), lane)
    reference = reference_of(target, results, lane)
    if value is None or reference is None:
        return "not measured"
    reached = value / reference
    met = reached <= target["atMost"] if "atMost" in target else reached >= target["atLeast"]
    return "met" if met else f"**missed: {number(reached)}**"


def table(header, rows, text_columns):
    ruler = ["---" if i < text_columns else "---:" for i in range(len(header))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ruler, *rows])


def lane_cells(results, key, lanes):
    return [number(results.median(key, lane)) for lane in lanes]


def target_table(results, group):
    lane, lanes = group["lane"], group["lanes"]
    rows = []
    for target in group["rows"]:
        key = Key(target["scenario"], target["size"], target["measure"])
        rows.append([target["case"], f"{key.size:,}", *lane_cells(results, key, lanes),
                     ratio(results.median(key, lane), results.median(key, "unix")),
                     wording(target), verdict(target, results, lane)])
    return table(["case", "n", *lanes, f"{lane} : unix", "target", "verdict"], rows, 1)


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


def render(results, targets):
    parts = [context_line(results)]
    measured = results.lanes()
    for group in (group for group in targets["groups"] if group["lane"] in measured):
        parts += [f"### {group['title']}", target_table(results, group)]
    return "\n\n".join([*parts, "### All measurements", full_table(results)])


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
    options = parser.parse_args(arguments)
    try:
        results = load(options.before)
        if options.after:
            print(render_change(results, load(options.after)))
        else:
            print(render(results, json.loads(TARGETS.read_text(encoding="utf-8"))))
    except (OSError, ValueError, KeyError) as error:
        print(f"compare.py: {error!r}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
