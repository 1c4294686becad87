# SPDX-License-Identifier: MIT
"""The sources for a Qt for Windows: tests/windows/qtsource.py."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

_SCRIPT = Path(__file__).resolve().parents[2] / "windows/qtsource.py"


class PutsSources(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = Path(scratch.name)
        self.target = self.scratch / "target"
        self.fake("dpkg-query", "echo qt6-svg 6.4.2-2")
        self.fake("apt-get", "echo '404  Not Found'; exit 100")

    def fake(self, command, script):
        file = self.scratch / "bin" / command
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def give(self, version):
        given = self.scratch / "given/qt6-svg"
        given.mkdir(parents=True)
        (given / ".cmake.conf").write_text(f'set(QT_REPO_MODULE_VERSION "{version}")\n')

    def run_script(self, *arguments):
        environment = dict(os.environ, FLYWHEEL_QT_SOURCES=str(self.scratch / "given"),
                           PATH=f"{self.scratch}/bin:{os.environ['PATH']}")
        return subprocess.run([sys.executable, "-B", _SCRIPT, *arguments], env=environment, stderr=subprocess.PIPE,
                              encoding="utf-8", check=False)

    def test_what_is_given_is_copied(self):
        self.give("6.4.2")
        self.assertEqual(self.run_script(self.target, "qt6-svg-dev").returncode, 0)
        self.assertTrue((self.target / ".cmake.conf").is_file())

    def test_another_version_is_refused(self):
        self.give("6.4.3")
        done = self.run_script(self.target, "qt6-svg-dev")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is of Qt 6.4.3, installed is 6.4.2-2", done.stderr)
        self.assertFalse(self.target.exists())

    def test_a_mirror_without_it_is_told_with_the_way_out(self):
        done = self.run_script(self.target, "qt6-svg-dev")
        self.assertEqual(done.returncode, 1)
        self.assertIn("404  Not Found", done.stderr)
        self.assertIn("FLYWHEEL_QT_SOURCES", done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_wrong_use_is_told(self):
        self.assertEqual(self.run_script().returncode, 2)
