# SPDX-License-Identifier: MIT
"""Checks who includes whom: the arrows of docs/architecture.md, read from the #include lines.

usage: arrows.py [ROOT]   Prints each violation and exits with 1 if there is one.
"""
import pathlib
import re
import sys

LONGEST_FILE = 400  # lines; longer files are to be split by mechanism

# Folder -> folders of dispatcher/ it may use, itself aside. "." is dispatcher/ itself.
ALLOWED = {
    "include": set(),
    "base": set(),
    "poller": {"base", "include"},
    "timers": {"base"},
    "tasks": {"base", "include"},
    "metrics": {"base", "include"},
    ".": {"base", "poller", "timers", "tasks", "metrics", "hosting", "probe", "include"},
    "hosting": {".", "base", "poller", "timers", "include"},
    "telemetry": {"base", "metrics", "include"},
    "gui": {"base", "hosting"},
    "probe": {"base", "include"},
    "preload": {"base", "hosting", "include"},
}
# Files with less freedom than their folder.
NARROWER = {"notifiertable": {"base", "poller"}, "pollbudget": {"base"}}
# Qt headers that a folder may use; a folder that is not named may use all public ones.
QT_HEADERS = {"base": {"qglobal.h", "qloggingcategory.h"}, "timers": {"qnamespace.h", "qglobal.h"}}
MAY_USE_PRIVATE_QT = {"gui", "probe"}

# The monitor's models know no widget, and of the dispatcher only the messages and the public headers.
MODEL_QT_MODULES = {"QtCore", "QtNetwork", "QtSql"}
MODEL_TELEMETRY = {"base/plaintext.h", "telemetry/frame.h", "telemetry/framecodec.h", "telemetry/frameschema.h",
                   "telemetry/histogrampacking.h", "telemetry/publishers.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        match = INCLUDE.match(line)
        if match:
            yield match.group(1) == "<", match.group(2)


def folder_of(path, root):
    relative = path.relative_to(root / "dispatcher")
    return relative.parts[0] if len(relative.parts) > 1 else "."


def used_folder(path, name, is_system, root):
    """The folder of dispatcher/ that an include line leads to, or None for what is not ours."""
    if name.startswith("flywheel/"):
        return "include"
    if is_system:
        return None
    if (path.parent / name).exists() and "/" not in name:
        return folder_of(path, root)
    return name.split("/")[0] if "/" in name else "."


def is_private_qt(name):
    return name.startswith("Qt") and "/private/" in name or name.startswith("private/") or "/qpa/" in name


def is_qt(name):
    return bool(re.match(r"(Qt[A-Z]\w*/|q[a-z]\w*\.h$|Q[A-Z]\w*$)", name))


def complaints_about_include(path, is_system, name, root):
    folder = folder_of(path, root)
    used = used_folder(path, name, is_system, root)
    allowed = NARROWER.get(path.stem, ALLOWED.get(folder, set()))
    if used is not None and used != folder and used not in allowed:
        yield f"{folder} must not use {used}: {name}"
    if path.stem in NARROWER and used == "." and pathlib.PurePath(name).stem not in NARROWER:
        yield f"{path.stem} must not use {name}"
    if is_private_qt(name) and folder not in MAY_USE_PRIVATE_QT:
        yield f"private Qt header outside of gui and probe: {name}"
    if is_qt(name) and folder in QT_HEADERS and name.split("/")[-1] not in QT_HEADERS[folder]:
        yield f"{folder} must not use Qt's {name}"


def complaints(root):
    for path in sorted((root / "dispatcher").rglob("*")):
        if path.suffix not in {".h", ".cpp"}:
            continue
        if folder_of(path, root) not in ALLOWED:
            yield f"{path}: a folder without rules; add it to arrows.py and docs/architecture.md"
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE:
            yield f"{path}: over {LONGEST_FILE} lines"
        for is_system, name in includes(path):
            for complaint in complaints_about_include(path, is_system, name, root):
                yield f"{path}: {complaint}"


def complaints_about_models(root):
    for path in sorted((root / "monitor-app" / "model").glob("*")):
        if path.suffix not in {".h", ".cpp"}:
            continue
        for is_system, name in includes(path):
            module, _, rest = name.partition("/")
            is_known = not rest or module == "flywheel" or name in MODEL_TELEMETRY or module in MODEL_QT_MODULES
            if not is_known and not (is_system and not module.startswith("Qt")):
                yield f"{path}: a model of the monitor must not use {name}"
            if is_private_qt(name):
                yield f"{path}: private Qt header: {name}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    if not (root / "dispatcher").is_dir():
        sys.exit(f"arrows.py: no dispatcher/ in {root}")
    found = [*complaints(root), *complaints_about_models(root)]
    print("\n".join(found) if found else "the arrows hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
