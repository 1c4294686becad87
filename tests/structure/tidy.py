# SPDX-License-Identifier: MIT
"""usage: tidy.py BUILD COMMANDS CHECKS [--CLANG-TIDY-OPTION...] SOURCE...

clang-tidy on those of the sources that BUILD, a folder that is built with Ninja, compiles; COMMANDS is the folder of the
compile_commands.json that clang-tidy is to use. Ends with 1 if it finds something.

A source that was found clean is not read again until something changes that its result depends on: its text, a header, its
command, the checks, clang-tidy. What is kept of it is one empty file in the user's cache."""
import concurrent.futures
import functools
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

CACHE = Path(os.environ.get("FLYWHEEL_CACHE")
             or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "flywheel") / "tidy"


@functools.cache
def contents(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dependencies(build: str) -> dict[str, list[str]]:
    """Of each object of the build: the files that it was compiled from, as Ninja knows them."""
    result: dict[str, list[str]] = {}
    files: list[str] = []
    listing = subprocess.run(["ninja", "-C", build, "-t", "deps"], capture_output=True, text=True, check=True)
    for line in listing.stdout.splitlines():
        if line.startswith(" "):
            files.append(os.path.join(build, line.strip()))
        elif line:
            files = result[line.split(": #deps")[0]] = []
    return result


def key(entry: dict, files: list[str], fixed: list[str]) -> str:
    parts = fixed + [entry["command"], entry["file"], contents(entry["file"])]
    parts += [part for file in sorted(files) for part in (file, contents(file))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_clean(source: str, mark: Path | None, command: list[str]) -> bool:
    if mark and mark.exists():
        return True
    tidy = subprocess.run(command + [source], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if tidy.returncode != 0 or tidy.stdout.strip():
        print(tidy.stdout + tidy.stderr, flush=True)
        return False
    if mark:
        mark.touch()
    return True


def main(build: str, commands: str, checks: str, *arguments: str) -> int:
    options = [argument for argument in arguments if argument.startswith("-")]
    command = ["clang-tidy", "--quiet", f"--checks={checks}", "-p", commands, *options]
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True, check=True).stdout
    fixed = [version, contents(".clang-tidy"), *command]
    entries = {entry["file"]: entry for entry in json.loads(Path(build, "compile_commands.json").read_text())}
    known = dependencies(build)
    CACHE.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        results = []
        for source in arguments[len(options):]:
            if entry := entries.get(os.path.abspath(source)):
                # An object that was not built yet has no list of headers: its source is read each time.
                files = known.get(entry["command"].split(" -o ")[1].split(" ")[0])
                mark = CACHE / key(entry, files, fixed) if files else None
                results.append(workers.submit(is_clean, source, mark, command))
        return 0 if all([result.result() for result in results]) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
