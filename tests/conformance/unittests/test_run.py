# SPDX-License-Identifier: MIT
"""Exit codes and the last line of run.py."""
import contextlib
import io
import unittest
from unittest import mock

from fakes import FakeTestCase
import run
from harness.commands import Failure
from harness.session import examine


class EndsWithACode(FakeTestCase):
    def main(self, reports) -> tuple[int, str]:
        """The exit code and the last line of run.py when its tests give these reports."""
        arguments = ["run.py", "--launcher", self.ours.launcher[0]]
        output = io.StringIO()
        with mock.patch("sys.argv", arguments), mock.patch.object(run, "_run", reports), \
                contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = run.main()
        return code, output.getvalue().strip().splitlines()[-1]

    def examined(self, plan: dict):
        report = examine(self.make(plan), [self.ours], self.runner)
        return lambda options: [report]

    def test_0_if_nothing_is_worse(self):
        self.assertEqual(self.main(self.examined({"one": {}})), (0, "2 passed, 0 failed"))

    def test_1_if_a_function_is_worse(self):
        self.assertEqual(self.main(self.examined({"one": {}, "two": {"ours": ["fail"]}})), (1, "2 passed, 1 failed"))

    def test_1_if_the_source_cannot_be_had(self):
        self.assertEqual(self.main(mock.Mock(side_effect=Failure("no network"))), (1, "0 passed, 1 failed"))

    def test_1_if_there_was_no_test(self):
        self.assertEqual(self.main(lambda options: []), (1, "0 passed, 0 failed"))

    def wrong_use(self, *arguments: str) -> int:
        with mock.patch("sys.argv", ["run.py", *arguments]), contextlib.redirect_stderr(io.StringIO()), \
                self.assertRaises(SystemExit) as ended:
            run.main()
        return ended.exception.code

    def test_2_for_wrong_use(self):
        self.assertEqual(self.wrong_use("--launcher", "/nonexistent"), 2)
        self.assertEqual(self.wrong_use("--tests", "qnothing"), 2)
        self.assertEqual(self.wrong_use("--pollers", "select"), 2)


if __name__ == "__main__":
    unittest.main()
