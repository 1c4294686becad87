# SPDX-License-Identifier: MIT
"""Fetches the distribution's own source package of qtbase into the cache; the system's apt set-up stays untouched."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .commands import Failure, run

PACKAGE = "qt6-base-dev"
_KEPT = (".cmake.conf", "src", "tests")
_ONE_LINE = re.compile(r"^\s*deb(?:-src)?\s+(?P<rest>\S.*)$")
_TYPES = re.compile(r"^Types\s*:.*$", re.MULTILINE | re.IGNORECASE)


def installed(binary: str = PACKAGE) -> tuple[str, str]:
    """Name and version of the source package that an installed package was built from; that of Qt itself if not named."""
    words = run(["dpkg-query", "-W", "-f", "${source:Package} ${source:Version}", binary]).split()
    if len(words) != 2:
        raise Failure(f"{binary} is not installed")
    return words[0], words[1]


def fetch(cache: Path, needed: list[str]) -> Path:
    """The unpacked source of the installed Qt, fetched anew unless the cache holds it whole.
    `needed`: paths that it must contain."""
    package, version = installed()
    home = cache / f"{package}_{version.replace(':', '%')}"
    source, marker = home / "source", home / "source.complete"
    if marker.exists() and marker.read_text() == version and _is_whole(source, needed):
        return source
    print(f"Fetching the source of {package} {version}", flush=True)
    marker.unlink(missing_ok=True)
    shutil.rmtree(source, ignore_errors=True)
    scratch = home / "fetching"
    shutil.rmtree(scratch, ignore_errors=True)
    _unpacked(scratch, package, version).rename(source)
    shutil.rmtree(scratch)
    if not _is_whole(source, needed):
        raise Failure(f"{source} lacks one of {', '.join(needed)}")
    marker.write_text(version)
    return source


def _is_whole(source: Path, needed: list[str]) -> bool:
    return all((source / path).exists() for path in (".cmake.conf", *needed))


def unpack(scratch: Path, package: str, version: str) -> Path:
    """Downloads the source package into `scratch`. Where it was unpacked."""
    options = _private_apt(scratch)
    run(["apt-get", *options, "update"])
    chosen = choose_version(run(["apt-cache", *options, "showsrc", package]), package, version)
    run(["apt-get", *options, "source", f"{package}={chosen}"], cwd=scratch)
    (unpacked,) = (path for path in scratch.iterdir() if (path / "debian/control").exists())
    return unpacked


def _unpacked(scratch: Path, package: str, version: str) -> Path:
    """The parts that tests are built from: a tenth of the whole."""
    unpacked = unpack(scratch, package, version)
    for path in unpacked.iterdir():
        if path.name not in _KEPT:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return unpacked


def choose_version(showsrc: str, package: str, version: str) -> str:
    """The version itself, else another packaging of the same upstream version: the mirror may have moved on."""
    stanzas = [dict(re.findall(r"^(Package|Version): *(.*)$", text, re.MULTILINE)) for text in showsrc.split("\n\n")]
    offered = [stanza["Version"] for stanza in stanzas if stanza.get("Package") == package and "Version" in stanza]
    same = [other for other in offered if _upstream(other) == _upstream(version)]
    if not same:
        raise Failure(f"the package sources offer {package} {offered or 'not at all'}, installed is {version}")
    return version if version in same else same[-1]


def _upstream(version: str) -> str:
    return version.rpartition("-")[0] or version


def _private_apt(scratch: Path) -> list[str]:
    """Options that keep lists, caches and sources of an apt command below `scratch`."""
    for folder in ("lists/partial", "archives/partial", "parts"):
        (scratch / folder).mkdir(parents=True)
    write_source_lists(Path(_apt_path("Dir::Etc::sourcelist")), Path(_apt_path("Dir::Etc::sourceparts")),
                       scratch / "parts")
    settings = {
        "Dir::Etc::sourcelist": "/dev/null", "Dir::Etc::sourceparts": scratch / "parts",
        "Dir::State::lists": scratch / "lists", "Dir::Cache": scratch, "APT::Sandbox::User": "",
    }
    return [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]


def _apt_path(key: str) -> str:
    root = run(["apt-config", "shell", "found", f"{key}/f"])
    return root.partition("=")[2].strip().strip("'")


def write_source_lists(main_list: Path, parts: Path, target: Path) -> None:
    """Writes lists of the same package sources as the machine's, but of source packages."""
    one_line = [main_list, *sorted(parts.glob("*.list"))]
    for number, file in enumerate(file for file in one_line if file.is_file()):
        (target / f"{number}.list").write_text(one_line_sources(file.read_text()))
    for number, file in enumerate(sorted(parts.glob("*.sources"))):
        (target / f"{number}.sources").write_text(deb822_sources(file.read_text()))


def one_line_sources(text: str) -> str:
    found = (_ONE_LINE.match(line) for line in text.splitlines())
    return "".join(f"deb-src {match['rest']}\n" for match in found if match)


def deb822_sources(text: str) -> str:
    return _TYPES.sub("Types: deb-src", text)


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(os.environ.get("FLYWHEEL_CACHE") or f"{base}/flywheel").absolute()
