#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program as it is and under flywheel-run on the display, does the same with both, and compares what
they show, print and return.

usage: compare.py PROGRAM FLYWHEEL_RUN   (PROGRAM: designer, pyqt)
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATIENCE_S = 60
PROOF = "flywheel: main thread on Flywheel"


class Failure(Exception):
    pass


@dataclass
class Session:
    """A running program, and what it has shown so far."""
    process: subprocess.Popen
    environment: dict[str, str]
    screens: list[tuple[str, set[str]]] = field(default_factory=list)

    def window(self, title: str) -> str:
        """The id of the visible window with that title, once there is one."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure(f"ended with {self.process.returncode} before it showed {title!r}")
            found = self._xdotool("search", "--onlyvisible", "--name", title, check=False)
            if found:
                return found.splitlines()[-1]
            time.sleep(0.05)
        raise Failure(f"shows no window {title!r}")

    def gone(self, title: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self._xdotool("search", "--onlyvisible", "--name", title, check=False):
            if time.monotonic() > deadline:
                raise Failure(f"does not close {title!r}")
            time.sleep(0.05)

    def click(self, window: str, x: int, y: int) -> None:
        self._xdotool("mousemove", "--window", window, str(x), str(y), "click", "1")
        self._xdotool("mousemove", "1000", "700")   # out of the way: no hovering in the pictures

    def key(self, name: str) -> None:
        self._xdotool("key", name)

    def look(self, name: str) -> None:
        """Remembers the pictures of a second once the screen has settled: a cursor may blink."""
        deadline = time.monotonic() + PATIENCE_S
        last, same = "", 0
        while same < 3:
            if time.monotonic() > deadline:
                raise Failure(f"the screen does not settle at {name!r}")
            time.sleep(0.25)
            now = self._picture()
            last, same = now, same + 1 if now == last else 0
        if self.screens and last in self.screens[-1][1]:
            raise Failure(f"shows nothing new at {name!r}")
        pictures = {last}
        for _ in range(4):
            time.sleep(0.25)
            pictures.add(self._picture())
        self.screens.append((name, pictures))

    def _picture(self) -> str:
        image = subprocess.run(["xwd", "-silent", "-root"], env=self.environment, capture_output=True, check=True,
                               timeout=PATIENCE_S).stdout
        return hashlib.sha256(image).hexdigest()

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, check=False,
                              timeout=PATIENCE_S)
        if check and done.returncode != 0:
            raise Failure(f"xdotool {' '.join(arguments)}: {done.stderr.decode()}")
        return done.stdout.decode().strip()


def use_designer(session: Session) -> None:
    session.window("New Form")
    session.look("the modal dialog at the start")
    session.key("Return")   # the default form
    session.gone("New Form")
    session.look("a new form")
    session.click(session.window("^Qt Designer"), 20, 10)
    session.look("a menu")
    session.key("Escape")
    session.key("ctrl+q")


def use_pyqt(session: Session) -> None:
    window = session.window("PyQt6 program")
    session.look("the window")
    session.click(window, 200, 278)
    session.window("Answer")
    session.look("the answer, which came from a thread")
    session.key("Return")
    session.gone("Answer")
    session.look("the window after the dialog")
    session.key("alt+F4")


PROGRAMS: dict[str, tuple[list[str], Callable[[Session], None]]] = {
    "designer": (["/usr/lib/qt6/bin/designer"], use_designer),
    "pyqt": (["/usr/bin/python3", str(HERE / "pyqtprogram.py")], use_pyqt),
}


@dataclass
class Outcome:
    screens: list[tuple[str, set[str]]]
    output: list[str]
    errors: list[str]
    code: int


def run(command: list[str], use: Callable[[Session], None], launcher: list[str]) -> Outcome:
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o700)
        environment = os.environ | {"HOME": home, "XDG_RUNTIME_DIR": home, "XDG_CONFIG_HOME": home,
                                    "XDG_CACHE_HOME": home, "QT_QPA_PLATFORM": "xcb"}
        if launcher:
            environment["FLYWHEEL_VERBOSE"] = "1"
        with open(f"{home}/out", "w+b") as out, open(f"{home}/err", "w+b") as err:
            process = subprocess.Popen([*launcher, *command], env=environment, stdout=out, stderr=err)
            session = Session(process, environment)
            try:
                use(session)
                code = process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired as error:
                raise Failure("does not end") from error
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            lines = [Path(file.name).read_text(errors="replace").splitlines() for file in (out, err)]
    return Outcome(session.screens, *lines, code)


def complaints(stock: Outcome, ours: Outcome) -> list[str]:
    found = []
    for (name, theirs), (_, mine) in zip(stock.screens, ours.screens, strict=True):
        if not theirs & mine:
            found.append(f"looks different: {name}")
    if stock.code != ours.code:
        found.append(f"exit code {ours.code}, without Flywheel {stock.code}")
    if stock.output != ours.output:
        found.append(f"prints {ours.output}, without Flywheel {stock.output}")
    if not any(line.startswith(PROOF) for line in ours.errors):
        found.append("Flywheel was not active")
    known = set(stock.errors)
    found += [f"new on stderr: {line}" for line in ours.errors
              if line not in known and not line.startswith("flywheel: ")]
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in PROGRAMS:
        print(__doc__, file=sys.stderr)
        return 2
    command, use = PROGRAMS[arguments[0]]
    if not os.access(command[0], os.X_OK):
        print(f"no program {command[0]}: install designer-qt6, python3-pyqt6", file=sys.stderr)
        return 1
    try:
        stock, again, ours = (run(command, use, launcher) for launcher in ([], [], [arguments[1]]))
    except Failure as failure:
        print(f"{arguments[0]} {failure}", file=sys.stderr)
        return 1
    unsteady = [line for line in complaints(stock, again) if line.startswith("looks")]
    found = [line for line in complaints(stock, ours) if line not in unsteady]
    found += [f"can't be compared, it differs without Flywheel too: {line}" for line in unsteady]
    for line in found:
        print(f"{arguments[0]}: {line}", file=sys.stderr)
    print(f"{arguments[0]}: {len(ours.screens)} screens, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
