# SPDX-License-Identifier: MIT
"""Builds the chosen tests beside their source in the cache."""

import shutil
from pathlib import Path

from .catalogue import QtTest
from .commands import Failure, run

_PROJECT = Path(__file__).resolve().parents[1] / "qttests"
PACKAGES = "qt6-base-dev qt6-base-private-dev libsctp-dev cmake ninja-build g++ dpkg-dev xvfb openbox"


def build(source: Path, tests: list[QtTest], jobs: int, name: str = "build", options: tuple[str, ...] = ()) -> Path:
    """The folder with the binaries, built for all tests ever asked for there. Starts over once if that fails.
    `options`: for CMake."""
    folder = source.parent / name
    try:
        _make(source, folder, tests, jobs, options)
    except Failure:
        shutil.rmtree(folder, ignore_errors=True)
        _make(source, folder, tests, jobs, options)
    return folder


def _make(source: Path, folder: Path, tests: list[QtTest], jobs: int, options: tuple[str, ...]) -> None:
    listed = folder / "tests"
    earlier = set(listed.read_text().split()) if listed.exists() else set()
    folders = sorted(earlier | {test.folder for test in tests})
    run(["cmake", "-G", "Ninja", "-S", str(_PROJECT), "-B", str(folder), "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
         f"-DQTBASE_SOURCE={source}", f"-DQTBASE_TESTS={';'.join(folders)}", *options])
    run(["ninja", "-C", str(folder), f"-j{jobs}"])
    listed.write_text("\n".join(folders) + "\n")
