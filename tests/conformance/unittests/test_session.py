# SPDX-License-Identifier: MIT
"""The whole way from a program that misbehaves to the numbers of the last line."""
import unittest

from fakes import FakeTestCase
from harness.catalogue import Excluded, Racy
from harness.compare import Verdict, by_function
from harness.report import findings, totals
from harness.session import TestReport, choose, examine


class ExaminesAProgram(FakeTestCase):
    def report(self, plan: dict, **options) -> TestReport:
        return examine(self.make(plan, **options), [self.ours], self.runner)

    def verdicts(self, report: TestReport) -> dict[str, Verdict]:
        self.assertEqual(report.problem, "")
        return by_function(report.comparisons[0].items)

    def test_equal_sides_pass(self):
        report = self.report({"one": {}, "two": {"stock": ["xfail"], "ours": ["xpass"]}})
        self.assertEqual(totals([report]), (3, 0))   # with the program's end

    def test_a_worse_function_fails(self):
        report = self.report({"one": {}, "two": {"ours": ["fail"]}})
        self.assertEqual(totals([report]), (2, 1))
        self.assertIn("worse: fake epoll two(0)", findings([report]))

    def test_a_skip_where_stock_passes_fails(self):
        self.assertIs(self.verdicts(self.report({"one": {"ours": ["skip"]}}))["one"], Verdict.WORSE)

    def test_a_crash_fails_and_the_functions_behind_it_are_still_compared(self):
        found = self.verdicts(self.report({"one": {}, "two": {"ours": ["crash"]}, "three": {}}))
        self.assertEqual((found["one"], found["two"], found["three"]),
                         (Verdict.PASSED, Verdict.WORSE, Verdict.PASSED))

    def test_an_early_exit_without_an_error_code_fails(self):
        found = self.verdicts(self.report({"one": {"ours": ["exit"]}, "two": {}}))
        self.assertEqual((found["one"], found["two"]), (Verdict.WORSE, Verdict.PASSED))

    def test_a_function_that_exceeds_its_time_fails(self):
        report = self.report({"one": {"ours": ["timeout"]}, "two": {}})
        found = self.verdicts(report)
        self.assertEqual((found["one"], found["two"]), (Verdict.WORSE, Verdict.PASSED))
        self.assertIn("hang a row took more than", findings([report]))

    def test_a_hang_of_the_program_fails(self):
        report = self.report({"one": {"ours": ["hang"]}, "two": {}}, limit_s=1)
        found = self.verdicts(report)
        self.assertEqual((found["one"], found["two"]), (Verdict.WORSE, Verdict.PASSED))

    def test_a_crash_before_the_first_function_fails_them_all(self):
        found = self.verdicts(self.report({"one": {}, "two": {}, "(start)": {"ours": ["crash"]}}))
        self.assertEqual((found["one"], found["two"]), (Verdict.WORSE, Verdict.WORSE))

    def test_a_crash_at_exit_fails(self):
        found = self.verdicts(self.report({"one": {}, "(exit)": {"ours": ["crash"]}}))
        self.assertEqual((found["one"], found["(exit)"]), (Verdict.PASSED, Verdict.WORSE))

    def test_what_stock_fails_now_and_then_is_neither_passed_nor_failed(self):
        report = self.report({"one": {}, "two": {"stock": ["fail", "pass"]}})
        self.assertEqual(totals([report]), (2, 0))
        self.assertIs(self.verdicts(report)["two"], Verdict.FLAKY)

    def test_a_row_that_stock_fails_is_repeated_though_the_function_has_rows_that_pass(self):
        report = self.report({"one": {"stock": ["pass+fail", "pass+pass"], "ours": ["pass+fail"]}})
        self.assertIs(self.verdicts(report)["one"], Verdict.WORSE)

    def test_what_ours_failed_once_is_listed_and_not_passed(self):
        report = self.report({"one": {}, "two": {"ours": ["fail", "pass"]}})
        self.assertEqual(totals([report]), (2, 0))
        self.assertIs(self.verdicts(report)["two"], Verdict.NOT_REPRODUCED)

    def test_what_ours_fails_now_and_then_fails(self):
        report = self.report({"one": {}, "two": {"ours": ["fail", "pass", "pass", "fail", "pass"]}})
        self.assertIs(self.verdicts(report)["two"], Verdict.WORSE)

    def test_what_fails_only_in_the_full_run_fails(self):
        alone_ten_times = ["pass"] * 10
        report = self.report({"one": {}, "two": {"ours": ["fail", *alone_ten_times, "fail"]}})
        self.assertIs(self.verdicts(report)["two"], Verdict.WORSE)

    def test_a_racy_function_is_repeated_even_when_it_passed(self):
        report = self.report({"one": {"ours": ["pass", "fail", "pass"]}, "two": {}}, racy=(Racy("why", "one"),))
        self.assertIs(self.verdicts(report)["one"], Verdict.FLAKY)

    def test_what_stock_passes_seldom_is_repeated_until_ours_has_passed(self):
        seldom = ["fail"] * 5 + ["pass"] + ["fail"] * 20
        report = self.report({"one": {}, "two": {"stock": seldom, "ours": ["fail"] * 20 + ["pass"]}})
        self.assertIs(self.verdicts(report)["two"], Verdict.FLAKY)

    def test_what_stock_passes_seldom_and_ours_never_fails(self):
        seldom = ["fail"] * 5 + ["pass"] + ["fail"] * 20
        report = self.report({"one": {}, "two": {"stock": seldom, "ours": ["fail"]}})
        self.assertIs(self.verdicts(report)["two"], Verdict.WORSE)

    def test_a_missing_binary_fails(self):
        test = self.make({"one": {}})
        (self.folder / test.binary).unlink()
        report = examine(test, [self.ours], self.runner)
        self.assertEqual(totals([report]), (0, 1))

    def test_a_run_without_flywheel_fails_though_all_functions_pass(self):
        report = examine(self.make({"one": {}}), [self.silent], self.runner)
        self.assertEqual(totals([report]), (0, 1))
        self.assertIn("Flywheel was not active", findings([report]))

    def test_a_program_that_skips_everything_fails(self):
        report = self.report({"one": {"stock": ["skip"], "ours": ["skip"]}, "(exit)": {"stock": ["crash"]}})
        self.assertEqual(totals([report]), (0, 1))
        self.assertIn("nothing was compared", findings([report]))


    def test_a_long_output_keeps_its_beginning_and_its_end(self):
        report = self.report({"one": {"stock": ["chatter"], "ours": ["chatter"]}})
        self.assertEqual(totals([report]), (2, 0))
        sizes = [file.stat().st_size for file in self.folder.glob("*full*.txt")]
        self.assertEqual([1_000_000 < size < 1_001_000 for size in sizes], [True, True])


class ChoosesRows(FakeTestCase):
    def test_without_exclusions_whole_functions_are_selected(self):
        self.assertEqual(choose(self.make({"one": {}, "two": {}}), self.runner), (["one", "two"], []))

    def test_excluded_rows_are_left_out_and_reported(self):
        test = self.make({"one": {}, "two": {}, "three": {}}, excluded=(Excluded("why", row="all*"),))
        selection, excluded = choose(test, self.runner)
        self.assertEqual(selection, ["one", "two:rest", "three"])
        self.assertEqual(excluded, [("two", "all:first", "why")])

    def test_a_whole_function_can_be_left_out(self):
        test = self.make({"one": {}, "two": {}, "three": {}}, excluded=(Excluded("why", "three"),))
        selection, excluded = choose(test, self.runner)
        self.assertEqual(selection, ["one", "two"])
        self.assertEqual(excluded, [("three", "a row", "why")])


if __name__ == "__main__":
    unittest.main()
