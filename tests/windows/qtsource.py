# SPDX-License-Identifier: MIT
"""usage: qtsource.py FOLDER [PACKAGE]   Puts the whole source of the installed Qt, or of another package, there.

A folder in $FLYWHEEL_QT_SOURCES that is named as the source package (qt6-svg, qt6-charts) is copied instead: not every mirror
has all sources.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "conformance"))
from harness import source  # noqa: E402 the path first


def main() -> None:
    target = Path(sys.argv[1])
    package, version = source.installed(*sys.argv[2:])
    given = Path(os.environ.get("FLYWHEEL_QT_SOURCES", "/nonexistent")) / package
    if given.is_dir():
        shutil.copytree(given, target, symlinks=True)
        return
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        source.unpack(Path(scratch), package, version).rename(target)


if __name__ == "__main__":
    main()
