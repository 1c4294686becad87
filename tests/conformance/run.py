#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs Qt's own unmodified tests with Qt's dispatcher and under flywheel-run, and fails if any function is worse.

The sources are the distribution's own package of the installed Qt, fetched into ${FLYWHEEL_CACHE} (by default
~/.cache/flywheel) and built there. Logs and results.json go to build/conformance.
Exit code: 0 nothing is worse, 1 something is or nothing could be compared, 2 wrong use.
"""

import argparse
import fcntl
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from harness import build, catalogue, display, report, source
from harness.catalogue import QtTest
from harness.commands import Failure
from harness.execute import Runner, Side
from harness.session import TestReport, examine

ROOT = Path(__file__).resolve().parents[2]
POLLERS = ("epoll", "poll")
OTHER_POLLERS = ("kqueue",)   # of builds with the shim: see ./dev kqueue


def main() -> int:
    options = _options()
    try:
        reports = _run(options)
    except Failure as failure:
        print(f"Nothing was compared: {failure}\nPackages needed: {build.PACKAGES}\n0 passed, 1 failed", file=sys.stderr)
        return 1
    return report.conclude(reports, ", each poller counted")


def _options() -> argparse.Namespace:
    names = [test.name for test in catalogue.TESTS]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tests", type=_list_of(names), default=[], help=f"of {','.join(names)}; default: all")
    parser.add_argument("--pollers", type=_list_of(POLLERS + OTHER_POLLERS), default=list(POLLERS),
                        help=f"of {','.join(POLLERS + OTHER_POLLERS)}; default: {','.join(POLLERS)}")
    parser.add_argument("--launcher", type=Path, default=ROOT / "build/release/bin/flywheel-run")
    parser.add_argument("--jobs", type=int, default=2, help="programs at a time, where time is not measured")
    parser.add_argument("--results", type=Path, default=ROOT / "build/conformance", help="folder for logs and JSON")
    options = parser.parse_args()
    if not os.access(options.launcher, os.X_OK):
        parser.error(f"no launcher at {options.launcher}: build it first, or name it with --launcher")
    return options


def _list_of(known: tuple[str, ...] | list[str]):
    def parse(text: str) -> list[str]:
        names = text.split(",")
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
        return names
    return parse


def _run(options: argparse.Namespace) -> list[TestReport]:
    cache = source.cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    logs = options.results / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        _acquire(lock)   # to the end: some of Qt's tests listen on fixed ports
        return _run_locked(options, cache, logs.resolve())


def _acquire(lock: TextIO) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another run to end", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _run_locked(options: argparse.Namespace, cache: Path, logs: Path) -> list[TestReport]:
    tests = [test for test in catalogue.select(options.tests) if set(test.pollers) & set(options.pollers)]
    sources = source.fetch(cache, [f"tests/auto/{test.folder}/CMakeLists.txt" for test in tests])
    print(f"Building {len(tests)} tests", flush=True)
    binaries = build.build(sources, tests, options.jobs)
    with display.server() if any(test.needs_display for test in tests) else nullcontext():
        reports = _examine_all(tests, _sides(options), Runner(binaries, logs), options.jobs)
    context = {"qtbase": source.installed()[1], "launcher": str(options.launcher), "pollers": ",".join(options.pollers)}
    report.write_json(reports, context, options.results / "results.json")
    return reports


def _sides(options: argparse.Namespace) -> list[Side]:
    launcher = (str(options.launcher.resolve()),)
    return [Side(poller, launcher, (("FLYWHEEL_POLLER", poller), ("FLYWHEEL_VERBOSE", "1")),
                 proof=f"flywheel: main thread on Flywheel ({poller})") for poller in options.pollers]


def _examine_all(tests: list[QtTest], sides: list[Side], runner: Runner, jobs: int) -> list[TestReport]:
    def examined(test: QtTest) -> TestReport:
        result = examine(test, [side for side in sides if side.name in test.pollers], runner)
        passed, failed = report.totals([result])
        print(f"  {test.name}: {passed} passed, {failed} failed, {result.seconds:.0f} s", flush=True)
        return result

    alone = [test for test in tests if test.exact_timing]
    done = {test.name: examined(test) for test in alone}
    with ThreadPoolExecutor(jobs) as pool:
        rest = sorted((test for test in tests if not test.exact_timing), key=lambda test: -test.limit_s)
        done |= {result.test.name: result for result in pool.map(examined, rest)}
    return [done[test.name] for test in tests]


if __name__ == "__main__":
    sys.exit(main())
