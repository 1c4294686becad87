#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs Qt's own unmodified tests, built for Windows, under Wine with Qt's dispatcher and on Flywheel, and fails if any
function is worse. Within tests/windows/session.sh.

Logs and results.json go to build/windows/conformance.
Exit code: 0 nothing is worse, 1 something is or nothing could be compared, 2 wrong use.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from harness import build, catalogue, report, source
from harness.catalogue import Excluded, QtTest, Racy
from harness.commands import Failure
from harness.execute import Runner, Side
from harness.session import TestReport, examine

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/windows"
OURS = Side("iocp", environment=(("FLYWHEEL_TEST_INSTALL", "1"),), proof="flywheel: main thread on Flywheel (iocp)")
_OWN_LOCK = "Qt waits for itself with any dispatcher that QThread::setEventDispatcher() was given (docs/platforms.md)"
TESTS = (
    *catalogue.select(["qeventdispatcher", "qeventloop", "qtimer", "qsocketnotifier"]),
    *(replace(test, excluded=(Excluded(_OWN_LOCK, "terminate"), Excluded(_OWN_LOCK, "terminated")))
      for test in catalogue.select(["qthread"])),
    QtTest("qwineventnotifier", "corelib/kernel/qwineventnotifier", exact_timing=True,
           racy=(Racy("under Wine the thread pool's wait may end late, with Qt's own dispatcher too", "blockedWaiting"),)),
)


def main() -> int:
    names = [test.name for test in TESTS]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--qt", type=Path, required=True, help="the Qt for Windows")
    parser.add_argument("--tests", default=",".join(names), help=",".join(names))
    options = parser.parse_args()
    wanted = options.tests.split(",")
    if unknown := [name for name in wanted if name not in names]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(names)}")
    try:
        reports = _run(options.qt, [test for test in TESTS if test.name in wanted])
    except Failure as failure:
        print(f"Nothing was compared: {failure}", file=sys.stderr)
        return 1
    return report.conclude(reports)


def _run(qt: Path, tests: list[QtTest]) -> list[TestReport]:
    logs = BUILD / "conformance/logs"
    logs.mkdir(parents=True, exist_ok=True)
    sources = source.fetch(source.cache_folder(), [f"tests/auto/{test.folder}/CMakeLists.txt" for test in tests])
    options = (
        f"-DCMAKE_TOOLCHAIN_FILE={ROOT}/dispatcher/cmake/mingw.cmake", f"-DQT_WINDOWS_PREFIX={qt}", "-DQT_HOST_PATH=/usr",
        f"-DQT_HOST_PATH_CMAKE_DIR=/usr/lib/{os.uname().machine}-linux-gnu/cmake", f"-DFLYWHEEL_BUILD={BUILD}",
    )
    print(f"Building {len(tests)} tests", flush=True)
    binaries = build.build(sources, tests, os.cpu_count() or 1, "build-windows", options)
    emulator = (str(ROOT / "tests/windows/wine.sh"), f"{qt}/bin:{BUILD}/bin")
    runner = Runner(binaries, logs, emulator, ".exe")
    reports = [_examined(test, runner) for test in tests]
    report.write_json(reports, {"qtbase": source.installed()[1], "qt": str(qt)}, BUILD / "conformance/results.json")
    return reports


def _examined(test: QtTest, runner: Runner) -> TestReport:
    result = examine(test, [OURS], runner)
    passed, failed = report.totals([result])
    print(f"  {test.name}: {passed} passed, {failed} failed, {result.seconds:.0f} s", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
