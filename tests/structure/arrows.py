# SPDX-License-Identifier: MIT
"""Checks who includes whom, from the #include lines, and that docs/architecture.md shows it as it is.

usage: arrows.py [ROOT]           Prints each violation and exits with 1 if there is one.
       arrows.py [ROOT] --graph   Prints the graph of the folders for docs/architecture.md.
"""
import pathlib
import re
import sys

LONGEST_FILE = 400  # lines; longer files are to be split by mechanism

# Folder of dispatcher/ -> folders that it may use, itself aside. The longest name that fits a path counts.
ALLOWED = {
    "include": set(),
    "base": set(),
    "platform": {"base"},
    "poller": {"base", "platform", "include"},
    "timers": {"base"},
    "tasks": {"base", "include"},
    "journal": {"base", "platform", "include"},
    "stacks": {"base", "platform", "include"},
    "metrics": {"base", "platform", "journal", "stacks", "include"},
    "messages": {"base", "platform"},
    "depthprobe": {"platform", "include"},
    "loop": {"base", "platform", "tasks", "journal", "metrics", "depthprobe", "include"},
    "hooks": {"base", "loop", "metrics", "timers", "depthprobe", "include"},
    "pass": {"base", "platform", "poller", "timers", "tasks", "messages", "loop", "hooks", "include"},
    "hosting": {"base", "platform", "pass", "include"},
    "hosting/modules": {"base", "hosting", "poller"},
    "core": {"base", "platform", "poller", "timers", "tasks", "loop", "hooks", "pass", "hosting", "depthprobe",
             "include"},
    "telemetry/protocol": {"base", "platform", "journal", "include"},
    "telemetry/publisher": {"base", "platform", "metrics", "telemetry/protocol", "include"},
    "launcher": {"base", "platform", "hosting", "journal", "include"},
}
# Files with less freedom than their folder.
NARROWER = {"notifiertable": {"base", "poller"}, "pollbudget": {"base"}}
# Qt headers that a folder may use; a folder that is not named may use all public ones.
QT_HEADERS = {"base": {"qglobal.h", "qloggingcategory.h"}, "timers": {"qnamespace.h", "qglobal.h"}}
MAY_USE_PRIVATE_QT = {"hosting/modules", "depthprobe"}
# Folders whose files only Windows has.
OF_WINDOWS = {"windows", "iocp"}

# The monitor's models know no widget, and of the dispatcher only the messages, the public headers, and what reads the
# files that programs leave.
MODEL_QT_MODULES = {"QtCore", "QtNetwork", "QtSql"}
MODEL_TELEMETRY = {"base/leb128.h", "base/plaintext.h", "journal/journalreader.h", "journal/recordedprocess.h", "stacks/codetext.h", "stacks/stackreader.h",
                   *(f"telemetry/protocol/{name}.h" for name in
                   ("frame", "framecodec", "frameschema", "histogrampacking", "publishers"))}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        match = INCLUDE.match(line)
        if match:
            yield match.group(1) == "<", match.group(2)


def sources(root, program):
    for path in sorted((root / program).rglob("*")):
        if path.suffix in {".h", ".cpp"}:
            yield path


def folder_of(name):
    """The folder that has rules for a file of dispatcher/, or the first one of its path; "" for its root."""
    parts = pathlib.PurePath(name).parts[:-1]
    for count in range(len(parts), 0, -1):
        if "/".join(parts[:count]) in ALLOWED:
            return "/".join(parts[:count])
    return parts[0] if parts else ""


def used_file(path, name, is_system, root):
    """The file of dispatcher/ that an include line leads to, or None for what is not ours."""
    if name.startswith("flywheel/"):
        return "include/" + name
    if is_system:
        return None
    if "/" not in name and (path.parent / name).exists():
        return str(path.parent.relative_to(root / "dispatcher") / name)
    return name


def is_private_qt(name):
    return name.startswith("Qt") and "/private/" in name or name.startswith("private/") or "/qpa/" in name


def is_qt(name):
    return bool(re.match(r"(Qt[A-Z]\w*/|q[a-z]\w*\.h$|Q[A-Z]\w*$)", name))


def bare_declarations(text):
    """Forward declarations that a Qt in a namespace of its own would not know."""
    outside = re.sub(r"^QT_BEGIN_NAMESPACE$.*?^QT_END_NAMESPACE$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^class (Q[A-Z]\w*);", outside, re.MULTILINE)


def is_of_windows(name):
    return not OF_WINDOWS.isdisjoint(pathlib.PurePath(name).parts)


def chooses_by_system(path, name):
    """Whether a header includes the same of the other systems instead, elsewhere than on Windows."""
    return name.replace("/windows/", "/unix/") in {other for _, other in includes(path)}


def complaints_about_include(path, is_system, name, root):
    own = str(path.relative_to(root / "dispatcher"))
    folder = folder_of(own)
    used = used_file(path, name, is_system, root)
    if used is not None:
        allowed = NARROWER.get(path.stem, ALLOWED.get(folder, set()))
        if folder_of(used) != folder and folder_of(used) not in allowed:
            yield f"{folder} must not use {folder_of(used) or name}: {name}"
        if path.stem in NARROWER and folder_of(used) == folder and pathlib.PurePath(used).stem not in NARROWER:
            yield f"{path.stem} must not use {name}"
        if is_of_windows(used) and not is_of_windows(own) and not chooses_by_system(path, name):
            yield f"only Windows has {name}"
    if is_private_qt(name) and folder not in MAY_USE_PRIVATE_QT:
        yield f"private Qt header outside of {' and '.join(sorted(MAY_USE_PRIVATE_QT))}: {name}"
    if is_qt(name) and folder in QT_HEADERS and name.split("/")[-1] not in QT_HEADERS[folder]:
        yield f"{folder} must not use Qt's {name}"


def complaints(root):
    for path in sources(root, "dispatcher"):
        folder = folder_of(path.relative_to(root / "dispatcher"))
        if folder not in ALLOWED:
            yield f"{path}: a folder without rules; add it to arrows.py and docs/architecture.md"
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE:
            yield f"{path}: over {LONGEST_FILE} lines"
        for name in bare_declarations(path.read_text(encoding="utf-8")):
            yield f"{path}: {name} is declared without QT_BEGIN_NAMESPACE"
        for is_system, name in includes(path):
            for complaint in complaints_about_include(path, is_system, name, root):
                yield f"{path}: {complaint}"


def complaints_about_models(root):
    for path in sources(root, "monitor-app/model"):
        for is_system, name in includes(path):
            module, _, rest = name.partition("/")
            is_known = not rest or module == "flywheel" or name in MODEL_TELEMETRY or module in MODEL_QT_MODULES
            if not is_known and not (is_system and not module.startswith("Qt")):
                yield f"{path}: a model of the monitor must not use {name}"
            if is_private_qt(name):
                yield f"{path}: private Qt header: {name}"


def edges(root):
    """The pairs of folders of dispatcher/ of which one includes the other."""
    found = set()
    for path in sources(root, "dispatcher"):
        folder = folder_of(path.relative_to(root / "dispatcher"))
        for is_system, name in includes(path):
            used = used_file(path, name, is_system, root)
            if used is not None and folder_of(used) != folder:
                found.add((folder, folder_of(used)))
    return found


def reaches(arrows, begin, end):
    seen, waiting = set(), [begin]
    while waiting:
        folder = waiting.pop()
        if folder == end:
            return True
        if folder not in seen:
            seen.add(folder)
            waiting += [used for user, used in arrows if user == folder]
    return False


def graph(root):
    """For Mermaid. An arrow that follows from two others is left out."""
    arrows = edges(root)
    for arrow in sorted(arrows):
        if reaches(arrows - {arrow}, *arrow):
            arrows.discard(arrow)
    lines = [f"    {user.replace('/', '_')}[{user}] --> {used.replace('/', '_')}[{used}]"
             for user, used in sorted(arrows)]
    return "\n".join(["```mermaid", "graph TD", *lines, "```"])


def documented_folders(text, program):
    """The folders that have a line in the table of a program."""
    section = re.search(rf"^## The folders of `{program}/`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^\| `([\w/-]+)/` \|", section.group(1), re.MULTILINE)) if section else set()


def complaints_about_document(root):
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    for program in ("dispatcher", "monitor-app"):
        there = {str(path.parent.relative_to(root / program)) for path in sources(root, program)} - {"."}
        there = {folder.removesuffix("/flywheel") for folder in there}
        told = documented_folders(text, program)
        for folder in sorted(there - told):
            yield f"docs/architecture.md: no line for {program}/{folder}/"
        for folder in sorted(told - there):
            yield f"docs/architecture.md: {program}/{folder}/ does not exist"
    if graph(root) not in text:
        yield "docs/architecture.md: the graph is out of date; put the output of arrows.py --graph there"


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--graph"]
    root = pathlib.Path(arguments[0] if arguments else ".").resolve()
    if not (root / "dispatcher").is_dir():
        sys.exit(f"arrows.py: no dispatcher/ in {root}")
    if "--graph" in sys.argv:
        print(graph(root))
        return 0
    found = [*complaints(root), *complaints_about_models(root), *complaints_about_document(root)]
    print("\n".join(found) if found else "the arrows hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
