# SPDX-License-Identifier: MIT
"""usage: qtsource.py FOLDER [PACKAGE]   Puts the whole source of the installed Qt, or of another package, there.

A folder in $FLYWHEEL_QT_SOURCES that is named as the source package (qt6-svg, qt6-charts) is copied instead: not every mirror
has all sources.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "conformance"))
from harness import source  # noqa: E402 the path first
from harness.commands import Failure  # noqa: E402

_MODULE_VERSION = re.compile(r'QT_REPO_MODULE_VERSION "([\d.]+)"')


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        put(Path(sys.argv[1]), *source.installed(*sys.argv[2:]))
    except (Failure, OSError) as failure:
        print(f"qtsource.py: {failure}", file=sys.stderr)
        return 1
    return 0


def put(target: Path, package: str, version: str) -> None:
    given = Path(os.environ.get("FLYWHEEL_QT_SOURCES", "/nonexistent")) / package
    if given.is_dir():
        check_version(given, version)
        shutil.copytree(given, target, symlinks=True)
        return
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        try:
            source.unpack(Path(scratch), package, version).rename(target)
        except Failure as failure:
            raise Failure(f"{failure}\nThe source of {package} {version} can be given instead: as a folder '{package}' in a"
                          " folder that FLYWHEEL_QT_SOURCES names") from failure


def check_version(given: Path, version: str) -> None:
    """Modules of different versions of Qt do not fit together."""
    configuration = given / ".cmake.conf"
    found = configuration.is_file() and _MODULE_VERSION.search(configuration.read_text())
    if found and found[1] != re.match(r"[\d.]*", version)[0]:
        raise Failure(f"{given} is of Qt {found[1]}, installed is {version}")


if __name__ == "__main__":
    sys.exit(main())
