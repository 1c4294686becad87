# SPDX-License-Identifier: MIT
"""The table and the lists that a run prints, and its JSON."""

import json
from collections import Counter
from pathlib import Path

from .compare import Evidence, Item, Verdict, by_function
from .execute import ABORTED, Run
from .qtestlog import Outcome
from .session import Comparison, TestReport

_LISTED = (Verdict.WORSE, Verdict.NOT_REPRODUCED, Verdict.FLAKY, Verdict.STOCK_FAILS)
_MOST_TITLES = 5
_COUNTED = (("passed", (Outcome.PASS,)),
            ("failed", (Outcome.FAIL, Outcome.MISSING, Outcome.CRASH, Outcome.HANG)),
            ("skipped", (Outcome.SKIP,)))


def conclude(reports: list[TestReport], counted: str = "") -> int:
    """Prints everything, says how functions were counted, and returns the exit code."""
    passed, failed = totals(reports)
    print(f"\n{table(reports)}\n(p/f/s: rows passed/failed/skipped in the first run)\n\n{findings(reports)}")
    print(f"\nCompared functions{counted}:\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def totals(reports: list[TestReport]) -> tuple[int, int]:
    """Functions that pass on both sides, each side of ours counted; and those worse, with the runs that say nothing."""
    passed = sum(one.count(Verdict.PASSED) for report in reports for one in report.comparisons)
    return passed, sum(_failures(report) for report in reports)


def _failures(report: TestReport) -> int:
    if report.problem:
        return 1
    return sum(one.count(Verdict.WORSE) or bool(one.problem) for one in report.comparisons)


def table(reports: list[TestReport]) -> str:
    sides = list(dict.fromkeys(one.side.name for report in reports for one in report.comparisons))
    head = ["test", "functions", "rows", "stock p/f/s", *(f"{name} p/f/s" for name in sides), "same", "worse", "time"]
    lines = [head, *(_line(report, sides) for report in reports)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def _line(report: TestReport, sides: list[str]) -> list[str]:
    stock = report.stock.full if report.stock else Run()
    ours = {one.side.name: one.ours.full for one in report.comparisons}
    same = sum(one.count(Verdict.PASSED) for one in report.comparisons)
    return [report.test.name, str(len({function for function, _ in stock.rows})), str(len(stock.rows)), _counts(stock),
            *(_counts(ours.get(name)) for name in sides), str(same), str(_failures(report)), f"{report.seconds:.0f} s"]


def _counts(run: Run | None) -> str:
    if run is None or not run.rows:
        return "none"
    found = Counter(result.outcome for result in run.rows.values())
    return "/".join(str(sum(found[outcome] for outcome in outcomes)) for _, outcomes in _COUNTED)


def findings(reports: list[TestReport]) -> str:
    """All that is not simply passed, the gravest first."""
    lines = [f"FAILED {text}" for report in reports for text in _problems(report)]
    for verdict in _LISTED:
        lines += [f"{verdict.value}: {text}" for report in reports for text in _described(report, verdict)]
    lines += [f"not run: {text}" for report in reports for text in _not_run(report)]
    return "\n".join(lines)


def _problems(report: TestReport) -> list[str]:
    named = [(report.test.name, report.problem)]
    named += [(f"{report.test.name} {one.side.name}", one.problem) for one in report.comparisons]
    return [f"{name}: {problem}" for name, problem in named if problem]


def _described(report: TestReport, verdict: Verdict) -> list[str]:
    texts = {}
    for one in report.comparisons:
        for item in _worth_showing(one.items, verdict):
            side = "" if verdict is Verdict.STOCK_FAILS else f" {one.side.name}"
            texts[f"{report.test.name}{side} {item.title}"] = _evidence(item, verdict)
    return [f"{name}: {evidence}" for name, evidence in texts.items()]


def _worth_showing(items: list[Item], verdict: Verdict) -> list[Item]:
    """A function's abort only where its rows do not tell."""
    found = [item for item in items if item.verdict is verdict]
    told = {item.function for item in found if item.row != ABORTED}
    return [item for item in found if item.row != ABORTED or item.function not in told]


def _evidence(item: Item, verdict: Verdict) -> str:
    shown = item.stock if verdict is Verdict.STOCK_FAILS else item.ours
    bad = next((result for result in shown if result.outcome is not Outcome.PASS), shown[0])
    rates = ", ".join(f"{name} {sum(result.outcome is Outcome.PASS for result in results)} of {len(results)}"
                      for name, results in (("stock", item.stock), ("ours", item.ours)))
    return f"passes {rates}; {bad.outcome.value}" + (f" {bad.detail}" if bad.detail else "")


def _not_run(report: TestReport) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for function, row, reason in report.excluded:
        reasons.setdefault(reason, []).append(f"{function}({row})")
    skipped = report.stock.full.rows if report.stock else {}
    for (function, row), result in skipped.items():
        if result.outcome is Outcome.SKIP:
            reasons.setdefault(f"skipped by itself: {result.detail}", []).append(f"{function}({row})")
    return [f"{report.test.name}: {reason}: {_abridged(titles)}" for reason, titles in reasons.items()]


def _abridged(titles: list[str]) -> str:
    """All of them are in the JSON."""
    more = f" and {len(titles) - _MOST_TITLES} more" if len(titles) > _MOST_TITLES else ""
    return ", ".join(titles[:_MOST_TITLES]) + more


def write_json(reports: list[TestReport], context: dict[str, str], file: Path) -> None:
    passed, failed = totals(reports)
    content = {"context": context, "passed": passed, "failed": failed, "tests": [_as_data(one) for one in reports]}
    file.write_text(json.dumps(content, indent=1) + "\n")


def _as_data(report: TestReport) -> dict:
    return {
        "name": report.test.name, "problem": report.problem, "seconds": round(report.seconds, 1),
        "not_run": [{"function": function, "row": row, "reason": reason} for function, row, reason in report.excluded],
        "stock": _run_data(report.stock), "comparisons": [_comparison_data(one) for one in report.comparisons],
    }


def _run_data(evidence: Evidence | None) -> list[dict]:
    rows = evidence.full.rows if evidence else {}
    return [{"function": function, "row": row, "outcome": result.outcome.value, "detail": result.detail}
            for (function, row), result in rows.items()]


def _comparison_data(one: Comparison) -> dict:
    return {
        "side": one.side.name, "problem": one.problem,
        "functions": {name: verdict.value for name, verdict in by_function(one.items).items()},
        "rows": [{"function": item.function, "row": item.row, "verdict": item.verdict.value,
                  "stock": [result.outcome.value for result in item.stock],
                  "ours": [result.outcome.value for result in item.ours],
                  "detail": [result.detail for result in item.ours if result.detail]} for item in one.items],
    }
