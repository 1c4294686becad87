# SPDX-License-Identifier: MIT
"""Compares the binary interface of the built libraries with interface.txt, or writes it there.

usage: abi.py [--update] --version MAJOR.MINOR --made-with TEXT --headers DIRECTORY --layouts OBJECT LIBRARY...

OBJECT is the public headers, compiled with debugging information; TEXT says what an interface depends on besides our sources.
Exits with 1 if the interface differs, and with 77 (SKIPPED) if interface.txt was made with something else.
docs/decisions/0013-compatibility.md has the reasons.
"""
import argparse
import difflib
import pathlib
import re
import sys

import dwarf

BASELINE = pathlib.Path(__file__).parent / "interface.txt"
SKIPPED = 77
EXPORT = re.compile(r"^\w+ [TDBRV] ((?:(?:vtable|typeinfo|typeinfo name|VTT) for )?(Flywheel::.*))$")


class NoLayouts(Exception):
    pass


def code_of(headers):
    """The text of the public headers, without comments and forward declarations, by file."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(pathlib.Path(headers).glob("*.h"))}
    return {name: re.sub(r"//.*|^(class|struct) \w+;", "", text, flags=re.MULTILINE) for name, text in texts.items()}


def functions(code):
    """The exported functions outside of classes, as the headers declare them: with results and default arguments."""
    for name, text in code.items():
        for declaration in re.findall(r"^FLYWHEEL_\w*EXPORT ([^;]*);", text, re.MULTILINE):
            yield f"{name}: {' '.join(declaration.split())}"


def is_public(symbol, words):
    """Whether the headers have the function or the class that a symbol belongs to."""
    return re.match(r"Flywheel::(?:Detail::)?(\w+)", symbol).group(1) in words


def exports(library, words):
    """What a library exports: of the public headers, and for Flywheel's other libraries."""
    public, internal = set(), set()
    for line in dwarf.output_of("nm", "--dynamic", "--defined-only", "--demangle", library).splitlines():
        if match := EXPORT.match(line):
            (public if is_public(match.group(2), words) else internal).add(match.group(1))
    return sorted(public), sorted(internal)


def soname(library):
    match = re.search(r"\(SONAME\).*\[(.*)\]", dwarf.output_of("readelf", "--dynamic", library))
    return match.group(1) if match else pathlib.Path(library).name


def interface(arguments):
    types = dwarf.Layouts(arguments.layouts).describe("Flywheel")
    if not types:
        raise NoLayouts
    code = code_of(arguments.headers)
    words = set(re.findall(r"\w+", " ".join(code.values())))
    lines = ["The binary interface, made by ./dev abi --update; not to be edited.", f"version: {arguments.version}",
             f"made with: {arguments.made_with}", "", "== functions", *functions(code)]
    for library in arguments.libraries:
        public, internal = exports(library, words)
        lines += ["", f"== {soname(library)} exports", *public]
        if internal:
            lines += ["", f"== {soname(library)} exports for Flywheel's other libraries", *internal]
    lines += ["", "== types: offset in bytes, type, member"]
    for paragraph in types:
        lines += [*paragraph, ""]
    return "\n".join(lines)


def told(baseline, key):
    match = re.search(rf"^{key}: (.*)$", baseline, re.MULTILINE)
    return match.group(1) if match else sys.exit(f"the baseline has no line \"{key}: ...\"; ./dev abi --update makes it")


def compare(baseline, now, version):
    difference = list(difflib.unified_diff(baseline.splitlines(), now.splitlines(), "interface.txt", "built now", lineterm=""))
    if not difference:
        print(f"the interface is that of {version}")
        return 0
    print("\n".join(difference))
    print(f"\nThe binary interface of {version} has changed: a program built before would load this library and not fit it.")
    print("If that is meant: ./dev abi --update, and a line in CHANGELOG.md that programs have to be built anew.")
    return 1


def check(arguments):
    baseline = arguments.baseline.read_text(encoding="utf-8")
    if (made_with := told(baseline, "made with")) != arguments.made_with:
        print(f"SKIPPED: interface.txt was made with {made_with}; this is {arguments.made_with}")
        return SKIPPED
    if (version := told(baseline, "version")) != arguments.version:
        print(f"interface.txt is of version {version}; this is {arguments.version}. A new minor version begins a new interface: "
              "./dev abi --update")
        return 1
    return compare(baseline, interface(arguments), arguments.version)


def update(arguments):
    arguments.baseline.write_text(interface(arguments), encoding="utf-8")
    print(f"wrote {arguments.baseline}")
    return 0


def main(words):
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--baseline", type=pathlib.Path, default=BASELINE)
    for option in ("--version", "--made-with", "--headers", "--layouts"):
        parser.add_argument(option, required=True)
    parser.add_argument("libraries", nargs="+")
    arguments = parser.parse_args(words)
    try:
        return update(arguments) if arguments.update else check(arguments)
    except NoLayouts:
        print(f"SKIPPED: {arguments.layouts} has no debugging information")
        return SKIPPED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
