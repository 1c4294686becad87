# SPDX-License-Identifier: MIT
"""One test from start to verdict: the full run on each side, then repetitions of whatever looks bad."""

import subprocess
import time
from dataclasses import dataclass, field, replace

from .catalogue import QtTest
from .compare import Evidence, Item, Verdict, by_function, compare, is_undecided
from .execute import Run, Runner, Side

STOCK = Side("stock")
_SHORTEST_LIMIT_S = 6
_MOST_REPETITIONS = 30
_INNOCENT = (Verdict.PASSED, Verdict.SKIPPED)


@dataclass
class Comparison:
    """One of our sides against stock."""
    side: Side
    ours: Evidence
    items: list[Item] = field(default_factory=list)
    problem: str = ""

    def count(self, *verdicts: Verdict) -> int:
        return sum(verdict in verdicts for verdict in by_function(self.items).values())


@dataclass
class TestReport:
    test: QtTest
    excluded: list[tuple[str, str, str]] = field(default_factory=list)   # function, row, reason
    stock: Evidence | None = None
    comparisons: list[Comparison] = field(default_factory=list)
    problem: str = ""
    seconds: float = 0.0


def examine(test: QtTest, sides: list[Side], runner: Runner) -> TestReport:
    began = time.monotonic()
    report = TestReport(test)
    try:
        selection, report.excluded = choose(test, runner)
        report.stock = Evidence(runner.run(test, STOCK, selection))
        report.problem = report.stock.full.problem
    except (OSError, subprocess.SubprocessError) as error:
        report.problem = str(error)
    if not report.problem:
        trial = _Trial(test, runner, selection, report.stock)
        report.comparisons = [trial.judge(side) for side in sides]
    report.seconds = time.monotonic() - began
    return report


def choose(test: QtTest, runner: Runner) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What to pass on the command line, and the rows left out with their reasons."""
    functions = [line.strip().removesuffix("()") for line in runner.listing(test, "-functions") if line.strip()]
    if not test.excluded:
        return functions, []
    rows = _rows_by_function(runner.listing(test, "-datatags"))
    selection: list[str] = []
    excluded: list[tuple[str, str, str]] = []
    for function in functions:
        kept, dropped = _divide(test, function, rows.get(function, [""]))
        excluded += dropped
        selection += [f"{function}:{row}" for row in kept] if dropped else [function]
    return selection, excluded


def _rows_by_function(lines: list[str]) -> dict[str, list[str]]:
    """From lines "tst_Class function", "… row", "… __global__ global" and "… row __global__ global"."""
    rows: dict[str, list[str]] = {}
    for line in lines:
        _, function, tags = (line + " ").split(" ", 2)
        row, _, in_all = tags.strip().rpartition("__global__ ") if "__global__ " in tags else (tags.strip(), "", "")
        rows.setdefault(function, []).append(":".join(part for part in (in_all, row.strip()) if part))
    return rows


def _divide(test: QtTest, function: str, rows: list[str]) -> tuple[list[str], list[tuple[str, str, str]]]:
    kept, dropped = [], []
    for row in rows:
        reason = next((rule.reason for rule in test.excluded if rule.covers(function, row)), "")
        if reason:
            dropped.append((function, row, reason))
        else:
            kept.append(row)
    return kept, dropped


class _Trial:
    """Compares one side after another with the same stock runs."""

    def __init__(self, test: QtTest, runner: Runner, selection: list[str], stock: Evidence):
        self._test = test
        self._runner = runner
        self._selection = selection
        self._stock = stock

    def judge(self, side: Side) -> Comparison:
        result = Comparison(side, Evidence(self._runner.run(self._test, side, self._selection)))
        result.problem = result.ours.full.problem
        if result.problem:
            return result
        for function in self._suspects(result.ours):
            times = repetitions(max(self._cost(one, function) for one in (self._stock, result.ours)))
            self._repeat(STOCK, self._stock, function, times)
            self._repeat(side, result.ours, function, times)
            self._insist(side, result.ours, function)
        self._run_again_for_unreproduced(side, result.ours)
        result.items = self._compare(result.ours)
        result.problem = _problem(result, self._stock)
        return result

    def _compare(self, ours: Evidence) -> list[Item]:
        return compare(self._stock, ours, {known.function for known in self._test.racy})

    def _suspects(self, ours: Evidence) -> list[str]:
        return sorted({item.function for item in self._compare(ours)
                       if item.verdict not in _INNOCENT or self._test.race(item.function)})

    def _repeat(self, side: Side, evidence: Evidence, function: str, times: int) -> None:
        """By itself where it can be selected; the start and the end of a program need the whole of it."""
        if function in evidence.repeated:
            return
        alone = self._arguments(function)
        test = self._hurried(function) if alone else self._test
        evidence.repeated[function] = [
            self._runner.run(test, side, alone or self._selection, f"{function.strip('()')}-{number}")
            for number in range(times if alone else 2)]

    def _insist(self, side: Side, ours: Evidence, function: str) -> None:
        """Until ours has passed once what stock passes now and then."""
        alone, runs = self._arguments(function), ours.repeated[function]
        while alone and len(runs) < _MOST_REPETITIONS \
                and any(is_undecided(item) for item in self._compare(ours) if item.function == function):
            runs.append(self._runner.run(self._hurried(function), side, alone, f"{function}-{len(runs)}"))

    def _arguments(self, function: str) -> list[str]:
        return [argument for argument in self._selection if argument.partition(":")[0] == function]

    def _hurried(self, function: str) -> QtTest:
        """With a shorter limit where stock shows that it will do: each hang costs the whole of it."""
        race = self._test.race(function)
        known = race.limit_s if race else 0
        limit = known or max(_SHORTEST_LIMIT_S, int(8 * self._cost(self._stock, function)))
        return replace(self._test, row_limit_s=min(self._test.row_limit_s, limit))

    def _cost(self, evidence: Evidence, function: str) -> float:
        if evidence.full.has_hung(function):
            return self._test.row_limit_s
        return evidence.full.seconds.get(function, 0.0)

    def _run_again_for_unreproduced(self, side: Side, ours: Evidence) -> None:
        """What fails only after its predecessors would pass each repetition by itself."""
        verdicts = by_function(self._compare(ours))
        names = [name for name, verdict in verdicts.items() if verdict is Verdict.NOT_REPRODUCED]
        if names:
            again = self._runner.run(self._test, side, self._selection, "again")
            for name in names:
                ours.repeated.setdefault(name, []).append(again)


def repetitions(seconds: float) -> int:
    return 10 if seconds < 3 else 5 if seconds < 20 else 3


def _problem(result: Comparison, stock: Evidence) -> str:
    runs: list[Run] = [run for side in (result.ours, stock) for runs in side.repeated.values() for run in runs]
    first = next((run.problem for run in runs if run.problem), "")
    return first or ("" if result.count(Verdict.PASSED, Verdict.WORSE) else "nothing was compared")
