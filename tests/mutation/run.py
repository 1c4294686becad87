#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Applies the deliberate faults one by one to a copy of the kqueue poller, and shows that a test notices each.

Exit code: 0 each fault is noticed, and without faults all those tests pass; 1 otherwise, also if a fault has no place
in the sources any more.
"""

import os
import subprocess
import sys
from pathlib import Path

from faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "dispatcher/poller"
BUILD = ROOT / "build/kqueue"
MUTANT = BUILD / "mutant"
LIMIT_S = 60   # the tests' own watchdogs end them earlier


class Mistake(Exception):
    """The script or the sources, not a test, are at fault."""


def main() -> int:
    try:
        _build({_target(fault) for fault in FAULTS})
        failures = [f"{fault.function} fails without a fault" for fault in FAULTS if not _passes(fault)]
        failures += [f"not noticed: {fault.name}" for fault in FAULTS if not _notices(fault)]
    except Mistake as mistake:
        failures = [str(mistake)]
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(FAULTS)} faults, {len(failures)} failures")
    return 1 if failures else 0


def _target(fault: Fault) -> str:
    return f"{fault.program}_mutant_{fault.system}"


def _build(targets: set[str]) -> None:
    command = ["cmake", "--build", str(BUILD), "--target", *sorted(targets)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode:
        raise Mistake(built.stdout + built.stderr)


def _passes(fault: Fault) -> bool:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_NO_GLIB": "1"}
    command = [str(MUTANT / "bin" / _target(fault)), fault.function]
    try:
        run = subprocess.run(command, capture_output=True, env=environment, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def _notices(fault: Fault) -> bool:
    original = (SOURCES / fault.file).read_text(encoding="utf-8")
    if original.count(fault.line) != 1:
        raise Mistake(f"no place for the fault: {fault.name}: {fault.line}")
    copy = MUTANT / fault.file
    copy.write_text(original.replace(fault.line, fault.instead), encoding="utf-8")
    try:
        _build({_target(fault)})
        noticed = not _passes(fault)
    finally:
        copy.write_text(original, encoding="utf-8")
    print(f"{'noticed' if noticed else 'NOT noticed'}: {fault.name} ({fault.system}): {fault.program} {fault.function}",
          flush=True)
    return noticed


if __name__ == "__main__":
    sys.exit(main())
