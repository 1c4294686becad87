# SPDX-License-Identifier: MIT
"""Runs one QtTest program on one side, whatever it does: pass, fail, crash, hang or not even start."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import qtestlog
from .catalogue import QtTest
from .qtestlog import Log, Outcome, Result

ABORTED = "(aborted)"    # the row that stands for a function's crash or hang, whichever row it was in
START = "(start)"        # the function that stands for what happens before the first function
EXIT = "(exit)"          # and for what happens after the last one
_SETUP = ("initTestCase", "cleanupTestCase")
_MAX_STARTS = 6
_OUTPUT_KEPT = 500_000    # bytes, at each end
_INHERITED = re.compile("(?!FLYWHEEL_|QT_|QTEST_|QML|LD_PRELOAD$)")
_CLAIM = "flywheel: main thread on Flywheel"


@dataclass(frozen=True)
class Side:
    """A way to run a program: through a launcher, or as it is."""
    name: str
    launcher: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    proof: str = ""          # what the program's output must hold


@dataclass
class Run:
    """All results of one program on one side, put together from as many starts as it took."""
    rows: dict[tuple[str, str], Result] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    problem: str = ""        # why the run as a whole says nothing

    def of_function(self, function: str) -> dict[str, Result]:
        return {row: result for (name, row), result in self.rows.items() if name == function}

    def has_hung(self, function: str) -> bool:
        result = self.rows.get((function, ABORTED))
        return result is not None and result.outcome is Outcome.HANG


@dataclass(frozen=True)
class _Ending:
    log: Log
    abort: Outcome | None    # CRASH or HANG
    detail: str
    output: str


class Runner:
    """Binaries below `build`; logs go to `logs`. `emulator`: the beginning of each command line, for programs of
    another system."""

    def __init__(self, build: Path, logs: Path, emulator: tuple[str, ...] = (), suffix: str = ""):
        self._build = build
        self._logs = logs
        self._emulator = emulator
        self._suffix = suffix

    def _binary(self, test: QtTest) -> Path:
        return self._build / (test.binary + self._suffix)

    def listing(self, test: QtTest, option: str) -> list[str]:
        """The lines of -functions or -datatags. Raises CalledProcessError, TimeoutExpired or OSError."""
        binary = self._binary(test)
        done = subprocess.run([*self._emulator, binary, option], capture_output=True, timeout=60, check=True,
                              cwd=binary.parent, env=_environment(test, Side("stock"), "/tmp"))
        return done.stdout.decode().splitlines()

    def run(self, test: QtTest, side: Side, selection: list[str], label: str = "full") -> Run:
        """Runs the selected functions ("function" or "function:row"); after a crash or hang goes on behind it."""
        run = Run()
        rest = selection
        for start in range(_MAX_STARTS):
            try:
                ending = self._start(test, side, rest, f"{test.name}-{side.name}-{label}-{start}")
            except (OSError, ValueError) as error:
                run.problem = str(error)
                return run
            run.problem = run.problem or _proof_problem(side, ending.output)
            _merge(run, ending)
            rest = _behind(rest, ending.log.last) if ending.abort and not ending.log.complete else []
            if not rest:
                return run
        return run

    def _start(self, test: QtTest, side: Side, arguments: list[str], label: str) -> _Ending:
        binary = self._binary(test)
        if not os.access(binary, os.X_OK):
            raise OSError(f"{binary} is missing")
        log, output = (self._logs / f"{label}.{suffix}" for suffix in ("xml", "txt"))
        log.unlink(missing_ok=True)
        command = [*self._emulator, *side.launcher, str(binary), *arguments, "-o", f"{log},xml", "-o", "-,txt"]
        scratch = tempfile.mkdtemp(prefix="fwc", dir="/tmp")   # short: the paths of local sockets hold 107 bytes
        try:
            code = _run_group(command, binary.parent, _environment(test, side, scratch), output, test.limit_s)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return _ending(log, output, code, test)


def _environment(test: QtTest, side: Side, scratch: str) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if _INHERITED.match(key)}
    own = {
        "QT_NO_GLIB": "1", "QT_QPA_PLATFORM": "offscreen", "TMPDIR": scratch,
        "QTEST_FUNCTION_TIMEOUT": str(test.row_limit_s * 1000), "QTEST_DISABLE_STACK_DUMP": "1",
        "QTEST_DISABLE_CORE_DUMP": "1",
    }
    return inherited | own | dict(test.environment) | dict(side.environment)


def _run_group(command: list[str], cwd: Path, env: dict[str, str], output: Path, limit: float) -> int | None:
    """The exit code, or None after the limit. Nothing of the program's process group is left."""
    with open(output, "wb") as sink:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=sink,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        return None
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def _ending(log_file: Path, output_file: Path, code: int | None, test: QtTest) -> _Ending:
    log = qtestlog.parse(log_file.read_bytes()) if log_file.exists() else Log()
    output = _shortened(output_file)
    if code is None:
        return _Ending(log, Outcome.HANG, f"still running after {test.limit_s} s", output)
    if log.fatal == "Test function timed out":
        return _Ending(log, Outcome.HANG, f"a row took more than {test.row_limit_s} s", output)
    if code < 0 or code > 127 or not log.complete:
        return _Ending(log, Outcome.CRASH, log.fatal or f"exit code {code}", output)
    return _Ending(log, None, "", output)


def _shortened(file: Path) -> str:
    """The beginning and the end of a program's output; a million threads announce themselves in qthread's."""
    with open(file, "r+b") as output:
        text = output.read(_OUTPUT_KEPT)
        size = output.seek(0, os.SEEK_END)
        if size > 2 * _OUTPUT_KEPT:
            output.seek(-_OUTPUT_KEPT, os.SEEK_END)
            text += b"\n(...)\n" + output.read()
            output.seek(0)
            output.write(text)
            output.truncate()
        else:
            output.seek(len(text))
            text += output.read()
    return text.decode("utf-8", "replace")


def _proof_problem(side: Side, output: str) -> str:
    if side.proof and side.proof not in output:
        return f"Flywheel was not active: no line \"{side.proof}\""
    if not side.proof and _CLAIM in output:
        return "Flywheel was active in the run that should be stock"
    return ""


def _merge(run: Run, ending: _Ending) -> None:
    for key, result in ending.log.rows.items():
        if key[0] not in _SETUP or result.outcome is not Outcome.PASS or key not in run.rows:
            run.rows[key] = result
    for function, seconds in ending.log.seconds.items():
        run.seconds[function] = run.seconds.get(function, 0.0) + seconds
    if ending.abort is not None:
        function = EXIT if ending.log.complete else ending.log.last or START
        run.rows[(function, ABORTED)] = Result(ending.abort, ending.detail)
    else:
        run.rows[(EXIT, "")] = Result(Outcome.PASS)


def _behind(arguments: list[str], function: str) -> list[str]:
    """What was selected after the last argument that names this function."""
    names = [argument.partition(":")[0] for argument in arguments]
    last = max((place for place, name in enumerate(names) if name == function), default=len(names))
    return arguments[last + 1:]
