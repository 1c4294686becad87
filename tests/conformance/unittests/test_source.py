# SPDX-License-Identifier: MIT
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import fakes  # noqa: F401  (finds the harness)
from harness import source
from harness.commands import Failure

_SHOWSRC = "Package: qt6-base\nBinary: a\nVersion: {}\n\nPackage: qt6-base-extra\nVersion: 6.9-1\n\n"


class WritesSourceLists(unittest.TestCase):
    def test_one_line_format_keeps_options_and_drops_comments(self):
        text = "# deb http://off bookworm main\ndeb [signed-by=/k.gpg] http://a bookworm main contrib\n\n"
        self.assertEqual(source.one_line_sources(text), "deb-src [signed-by=/k.gpg] http://a bookworm main contrib\n")

    def test_deb822_format_keeps_all_but_the_types(self):
        text = "Types: deb\nURIs: http://a\nSigned-By:\n -----BEGIN\n .\n\nTypes: deb deb-src\nURIs: http://b\n"
        expected = "Types: deb-src\nURIs: http://a\nSigned-By:\n -----BEGIN\n .\n\nTypes: deb-src\nURIs: http://b\n"
        self.assertEqual(source.deb822_sources(text), expected)

    def test_both_formats_are_found_where_apt_looks(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "sources.list").write_text("deb http://a s main\n")
            for part in ("parts", "target"):
                (folder / part).mkdir()
            (folder / "parts/b.list").write_text("deb http://b s main\n")
            (folder / "parts/c.sources").write_text("Types: deb\nURIs: http://c\n")
            (folder / "parts/d.list.off").write_text("deb http://d s main\n")
            source.write_source_lists(folder / "sources.list", folder / "parts", folder / "target")
            written = "".join(sorted(file.read_text() for file in (folder / "target").iterdir()))
        self.assertEqual(written, "Types: deb-src\nURIs: http://c\ndeb-src http://a s main\ndeb-src http://b s main\n")


class ChoosesAVersion(unittest.TestCase):
    def test_the_installed_one_is_preferred(self):
        offered = _SHOWSRC.format("6.4.2+dfsg-10") + _SHOWSRC.format("6.4.2+dfsg-11")
        self.assertEqual(source.choose_version(offered, "qt6-base", "6.4.2+dfsg-10"), "6.4.2+dfsg-10")

    def test_another_packaging_of_the_same_qt_will_do(self):
        offered = _SHOWSRC.format("6.4.2+dfsg-11")
        self.assertEqual(source.choose_version(offered, "qt6-base", "6.4.2+dfsg-10"), "6.4.2+dfsg-11")

    def test_another_qt_will_not(self):
        for offered in (_SHOWSRC.format("6.5.0-1"), ""):
            with self.assertRaises(Failure):
                source.choose_version(offered, "qt6-base", "6.4.2+dfsg-10")


class KeepsTheCache(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.cache = Path(scratch.name)
        self.unpackings = 0
        for name, fake in (("installed", lambda: ("qt6-base", "6.4.2-1")), ("_unpacked", self.unpack)):
            patch = mock.patch.object(source, name, fake)
            patch.start()
            self.addCleanup(patch.stop)

    def unpack(self, scratch: Path, package: str, version: str) -> Path:
        self.unpackings += 1
        unpacked = scratch / "qt6-base"
        (unpacked / "tests").mkdir(parents=True)
        (unpacked / ".cmake.conf").touch()
        return unpacked

    def fetch(self) -> Path:
        return source.fetch(self.cache, ["tests"])

    def test_a_whole_source_is_fetched_once(self):
        self.assertEqual(self.fetch(), self.fetch())
        self.assertEqual(self.unpackings, 1)

    def test_a_source_without_its_marker_is_fetched_anew(self):
        found = self.fetch()
        (found.parent / "source.complete").unlink()
        self.assertTrue((self.fetch() / "tests").exists())
        self.assertEqual(self.unpackings, 2)

    def test_a_source_that_lost_files_is_fetched_anew(self):
        (self.fetch() / "tests").rmdir()
        self.assertTrue((self.fetch() / "tests").exists())
        self.assertEqual(self.unpackings, 2)

    def test_an_interrupted_fetch_leaves_no_marker_and_is_repaired(self):
        with mock.patch.object(source, "_unpacked", mock.Mock(side_effect=Failure("no network"))):
            with self.assertRaises(Failure):
                self.fetch()
        self.assertTrue((self.fetch() / "tests").exists())

    def test_a_package_without_the_tests_is_an_error(self):
        with self.assertRaises(Failure):
            source.fetch(self.cache, ["tests/auto/of/another/version"])


if __name__ == "__main__":
    unittest.main()
