# SPDX-License-Identifier: MIT
import unittest

import fakes  # noqa: F401  (finds the harness)
from harness.compare import Evidence, Verdict, by_function, compare, judge
from harness.execute import ABORTED, EXIT, Run
from harness.qtestlog import Outcome, Result

_LETTERS = {"P": Outcome.PASS, "F": Outcome.FAIL, "S": Outcome.SKIP, "C": Outcome.CRASH, "H": Outcome.HANG,
            "M": Outcome.MISSING}


def _results(letters: str) -> tuple[Result, ...]:
    return tuple(Result(_LETTERS[letter]) for letter in letters)


def _run(**rows: str) -> Run:
    return Run({(name, ""): Result(_LETTERS[letter]) for name, letter in rows.items()})


class JudgesARow(unittest.TestCase):
    def check(self, stock: str, ours: str, expected: Verdict, racy: bool = False) -> None:
        self.assertIs(judge(_results(stock), _results(ours), racy), expected, f"{stock} against {ours}")

    def test_same_is_passed(self):
        self.check("P", "P", Verdict.PASSED)
        self.check("PPP", "PPP", Verdict.PASSED)

    def test_whatever_does_not_pass_where_stock_passes_is_worse(self):
        for letter in "FSCHM":
            self.check("P", letter, Verdict.WORSE)
            self.check("PPPP", letter * 4, Verdict.WORSE)

    def test_one_failure_among_the_repetitions_is_worse(self):
        self.check("PPPPPP", "FPPFPP", Verdict.WORSE)
        self.check("PPPPPP", "PPPFPP", Verdict.WORSE)

    def test_a_failure_of_the_full_run_alone_is_not_reproduced(self):
        self.check("PPPPPP", "FPPPPP", Verdict.NOT_REPRODUCED)

    def test_a_crash_or_hang_is_worse_even_if_it_never_comes_back(self):
        self.check("PPPPPP", "CPPPPP", Verdict.WORSE)
        self.check("PPPPPP", "HPPPPP", Verdict.WORSE)

    def test_what_is_flaky_on_stock_is_reported_as_such_and_not_as_passed(self):
        self.check("FPPPPP", "PPPPPP", Verdict.FLAKY)
        self.check("PPHPPP", "PPPHPP", Verdict.FLAKY)

    def test_flaky_on_stock_is_no_excuse_for_never_passing(self):
        self.check("FPPPPP", "FFFFFF", Verdict.WORSE)
        self.check("FPP", "FFF", Verdict.WORSE)

    def test_flaky_on_stock_is_no_excuse_for_failing_far_more_often(self):
        self.check("FPPPPPPPPPP", "PPPFFFFFFFF", Verdict.WORSE)

    def test_a_racy_function_may_fail_now_and_then(self):
        self.check("PPPPPPPPPPP", "PPPPHPPPPPP", Verdict.FLAKY, racy=True)
        self.check("PPPPPPPPPPP", "PPPPFFFFFFF", Verdict.WORSE, racy=True)
        self.check("PPPPPPPPPPP", "PPPPPPPPPPP", Verdict.PASSED, racy=True)

    def test_what_never_passes_stock_is_not_compared(self):
        self.check("FFF", "FFF", Verdict.STOCK_FAILS)
        self.check("FFF", "PPP", Verdict.STOCK_FAILS)
        self.check("S", "S", Verdict.SKIPPED)


class ComparesRuns(unittest.TestCase):
    def verdicts(self, stock: Run, ours: Run) -> dict[str, Verdict]:
        return by_function(compare(Evidence(stock), Evidence(ours), set()))

    def test_a_function_that_ours_never_reached_is_worse(self):
        self.assertEqual(self.verdicts(_run(a="P", b="P"), _run(a="P")), {"a": Verdict.PASSED, "b": Verdict.WORSE})

    def test_an_empty_run_of_ours_is_worse_everywhere(self):
        self.assertEqual(set(self.verdicts(_run(a="P", b="P"), Run()).values()), {Verdict.WORSE})

    def test_rows_lost_to_a_hang_are_hangs(self):
        stock = Run({("f", row): Result(Outcome.PASS) for row in ("one", "two")})
        ours = Run({("f", "one"): Result(Outcome.PASS), ("f", ABORTED): Result(Outcome.HANG)})
        items = {item.row: item for item in compare(Evidence(stock), Evidence(ours), set())}
        self.assertIs(items["one"].verdict, Verdict.PASSED)
        self.assertIs(items["two"].ours[0].outcome, Outcome.HANG)
        self.assertIs(items["two"].verdict, Verdict.WORSE)

    def test_a_crash_after_all_rows_of_a_function_passed_is_worse(self):
        ours = Run({("f", ""): Result(Outcome.PASS), ("f", ABORTED): Result(Outcome.CRASH)})
        self.assertEqual(self.verdicts(_run(f="P"), ours), {"f": Verdict.WORSE})

    def test_a_crash_at_exit_is_worse(self):
        stock = Run({("f", ""): Result(Outcome.PASS), (EXIT, ""): Result(Outcome.PASS)})
        ours = Run({("f", ""): Result(Outcome.PASS), (EXIT, ABORTED): Result(Outcome.CRASH)})
        self.assertEqual(self.verdicts(stock, ours), {"f": Verdict.PASSED, EXIT: Verdict.WORSE})

    def test_a_crash_of_stock_is_not_held_against_ours(self):
        stock = Run({("f", ABORTED): Result(Outcome.CRASH)})
        self.assertEqual(self.verdicts(stock, _run(f="P")), {"f": Verdict.STOCK_FAILS})

    def test_one_worse_row_makes_the_function_worse(self):
        stock = Run({("f", row): Result(Outcome.PASS) for row in ("one", "two")})
        ours = Run({("f", "one"): Result(Outcome.FAIL), ("f", "two"): Result(Outcome.PASS)})
        self.assertEqual(self.verdicts(stock, ours), {"f": Verdict.WORSE})


if __name__ == "__main__":
    unittest.main()
