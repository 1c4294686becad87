# SPDX-License-Identifier: MIT
"""usage: qtsource.py FOLDER   Puts the whole source of the installed Qt there."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "conformance"))
from harness import source  # noqa: E402 the path first


def main() -> None:
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        source.unpack(Path(scratch), *source.installed()).rename(target)


if __name__ == "__main__":
    main()
