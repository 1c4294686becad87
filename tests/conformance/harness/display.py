# SPDX-License-Identifier: MIT
"""An X server with a window manager, for the time of a run."""

import os
import select
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from .commands import Failure

_PATIENCE_S = 60


@contextmanager
def server() -> Iterator[None]:
    """Sets DISPLAY to a free display of its own; what runs there is ended at the end."""
    started: list[subprocess.Popen] = []
    before = os.environ.get("DISPLAY")
    try:
        os.environ["DISPLAY"] = f":{_start_server(started)}"
        _start_manager(started)
        yield
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
        os.environ.pop("DISPLAY", None)
        if before is not None:
            os.environ["DISPLAY"] = before


def _start_server(started: list[subprocess.Popen]) -> str:
    """The number of the display, which the server writes as soon as it accepts connections."""
    reading, writing = os.pipe()
    with open(reading, encoding="ascii") as numbers:
        try:
            started.append(_start(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24",
                                   "-nolisten", "tcp"], pass_fds=(writing,)))
        finally:
            os.close(writing)
        number = numbers.readline().strip()
    if not number:
        raise Failure("Xvfb gave up at its start")
    return number


def _start_manager(started: list[subprocess.Popen]) -> None:
    """openbox runs its start-up command, with descriptors closed, once it manages the display."""
    with tempfile.TemporaryDirectory(prefix="fwc") as scratch:
        ready = f"{scratch}/ready"
        os.mkfifo(ready)
        reading = os.open(ready, os.O_RDWR)   # for writing too: so it opens at once
        try:
            started.append(_start(["openbox", "--sm-disable", "--startup", f"sh -c 'echo >{ready}'"]))
            if not select.select([reading], [], [], _PATIENCE_S)[0]:
                raise Failure("openbox does not manage the display")
        finally:
            os.close(reading)


def _start(command: list[str], **settings) -> subprocess.Popen:
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, **settings)
    except OSError as error:
        raise Failure(f"{command[0]} cannot be started: {error.strerror}") from error
