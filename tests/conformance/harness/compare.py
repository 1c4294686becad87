# SPDX-License-Identifier: MIT
"""Judges each function and data row from its runs on both sides. No I/O."""

from dataclasses import dataclass, field
from enum import Enum
from math import comb

from .execute import ABORTED, Run
from .qtestlog import Outcome, Result


class Verdict(Enum):
    """In order of weight: a function has the heaviest verdict of its rows."""
    SKIPPED = "skipped by stock"
    STOCK_FAILS = "stock fails"
    PASSED = "passed"
    NOT_REPRODUCED = "failed once, not reproduced"
    FLAKY = "flaky on stock or known to be racy"
    WORSE = "worse"


_WEIGHT = list(Verdict)
_ABORTS = (Outcome.CRASH, Outcome.HANG)
_SIGNIFICANT = 0.01   # 5 passes of 11 against 11 of 11


@dataclass(frozen=True)
class Item:
    """One data row of one function, with what its runs gave: the full run first, then the repetitions."""
    function: str
    row: str
    stock: tuple[Result, ...]
    ours: tuple[Result, ...]
    verdict: Verdict

    @property
    def title(self) -> str:
        return f"{self.function} {ABORTED}" if self.row == ABORTED else f"{self.function}({self.row})"


@dataclass
class Evidence:
    """The runs of one side: the whole program once, and repetitions by the function that they were made for."""
    full: Run
    repeated: dict[str, list[Run]] = field(default_factory=dict)

    def results(self, function: str, row: str) -> tuple[Result, ...]:
        return tuple(outcome_of(run, function, row) for run in (self.full, *self.repeated.get(function, ())))

    def rows(self) -> set[tuple[str, str]]:
        again = {(name, row) for name, runs in self.repeated.items() for run in runs for row in run.of_function(name)}
        return set(self.full.rows) | again


def outcome_of(run: Run, function: str, row: str) -> Result:
    """What a row gave in a run; a row that is not there was lost to its function's abort or never reached."""
    found = run.rows.get((function, row))
    if found:
        return found
    if row == ABORTED:
        return Result(Outcome.PASS if run.of_function(function) else Outcome.MISSING)
    return run.rows.get((function, ABORTED), Result(Outcome.MISSING, "not reached"))


def judge(stock: tuple[Result, ...], ours: tuple[Result, ...], racy: bool) -> Verdict:
    """The verdict on one row. The first result of each side is that of its full run."""
    stock_passes, ours_passes = _passes(stock), _passes(ours)
    if stock_passes == 0:
        return Verdict.SKIPPED if stock[0].outcome is Outcome.SKIP else Verdict.STOCK_FAILS
    if stock_passes == len(stock) and ours_passes == len(ours):
        return Verdict.PASSED
    if racy or stock_passes < len(stock):
        return Verdict.WORSE if _is_rarer(ours_passes, len(ours), stock_passes, len(stock)) else Verdict.FLAKY
    return Verdict.NOT_REPRODUCED if _is_isolated(ours) else Verdict.WORSE


def is_undecided(item: Item) -> bool:
    """Whether ours never passed what stock passes so seldom that chance may be the reason."""
    stock_passes = _passes(item.stock)
    return 0 < stock_passes < len(item.stock) and _passes(item.ours) == 0 \
        and _chance(0, len(item.ours), stock_passes, len(item.stock)) >= _SIGNIFICANT


def compare(stock: Evidence, ours: Evidence, racy: set[str]) -> list[Item]:
    items = []
    for function, row in sorted(stock.rows() | ours.rows()):
        of_stock, of_ours = stock.results(function, row), ours.results(function, row)
        items.append(Item(function, row, of_stock, of_ours, judge(of_stock, of_ours, function in racy)))
    return items


def by_function(items: list[Item]) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    for item in items:
        known = verdicts.get(item.function, item.verdict)
        verdicts[item.function] = max(known, item.verdict, key=_WEIGHT.index)
    return verdicts


def _is_isolated(ours: tuple[Result, ...]) -> bool:
    """Whether only the full run failed, on a busy machine perhaps. Crashes and hangs have no such excuse."""
    repeated = ours[1:]
    return bool(repeated) and _passes(repeated) == len(repeated) and ours[0].outcome not in _ABORTS


def _passes(results: tuple[Result, ...]) -> int:
    return sum(result.outcome is Outcome.PASS for result in results)


def _is_rarer(ours_passes: int, ours: int, stock_passes: int, stock: int) -> bool:
    return ours_passes == 0 or _chance(ours_passes, ours, stock_passes, stock) < _SIGNIFICANT


def _chance(ours_passes: int, ours: int, stock_passes: int, stock: int) -> float:
    """Of so few passes of ours if both sides pass equally often (Fisher's exact test, one-sided)."""
    passes, total = ours_passes + stock_passes, ours + stock
    lowest = max(0, passes - stock)
    ways = sum(comb(passes, k) * comb(total - passes, ours - k) for k in range(lowest, ours_passes + 1))
    return ways / comb(total, ours)
