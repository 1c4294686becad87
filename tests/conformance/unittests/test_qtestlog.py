# SPDX-License-Identifier: MIT
import unittest

import fakes  # noqa: F401  (finds the harness)
from harness.qtestlog import Outcome, parse

_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<TestCase name="tst_X">\n<Environment><QtVersion>6</QtVersion></Environment>'


def _function(name: str, body: str) -> bytes:
    return f'<TestFunction name="{name}">{body}<Duration msecs="1500.5"/></TestFunction>'.encode()


def _incident(kind: str, row: str = "", text: str = "") -> str:
    return (f'<Incident type="{kind}" file="/a/b.cpp" line="7"><DataTag><![CDATA[{row}]]></DataTag>'
            f"<Description><![CDATA[{text}]]></Description></Incident>")


class ReadsALog(unittest.TestCase):
    def outcome(self, body: str, row: str = "") -> Outcome:
        return parse(_HEAD + _function("f", body) + b"</TestCase>").rows[("f", row)].outcome

    def test_each_row_has_its_own_outcome(self):
        body = _incident("pass", "one") + _incident("fail", "two")
        self.assertIs(self.outcome(body, "one"), Outcome.PASS)
        self.assertIs(self.outcome(body, "two"), Outcome.FAIL)

    def test_expected_failures_and_unexpected_passes_count_as_passed(self):
        for kind in ("xfail", "xpass", "bpass"):
            self.assertIs(self.outcome(_incident(kind)), Outcome.PASS)

    def test_blacklisted_failure_is_a_failure(self):
        self.assertIs(self.outcome(_incident("bfail")), Outcome.FAIL)

    def test_worst_incident_of_a_row_wins_in_either_order(self):
        self.assertIs(self.outcome(_incident("xpass") + _incident("fail")), Outcome.FAIL)
        self.assertIs(self.outcome(_incident("fail") + _incident("pass")), Outcome.FAIL)

    def test_skip_is_a_skip_as_message_and_as_incident(self):
        self.assertIs(self.outcome('<Message type="skip" file="" line="0"/>'), Outcome.SKIP)
        self.assertIs(self.outcome(_incident("skip")), Outcome.SKIP)

    def test_warnings_are_no_results(self):
        log = parse(_HEAD + _function("f", '<Message type="qwarn" file="" line="0"/>') + b"</TestCase>")
        self.assertEqual(log.rows, {})

    def test_unknown_kind_is_an_error_and_no_pass(self):
        with self.assertRaises(ValueError):
            self.outcome(_incident("splendid"))

    def test_something_else_than_a_log_is_an_error(self):
        with self.assertRaises(ValueError):
            parse(b"Segmentation fault <")

    def test_names_the_function_in_which_the_log_breaks_off(self):
        log = parse(_HEAD + _function("done", _incident("pass")) + b'<TestFunction name="lost"><Incident type="pa')
        self.assertEqual((log.running, log.last, log.complete), ("lost", "lost", False))
        self.assertEqual(set(log.rows), {("done", "")})

    def test_between_functions_none_is_running(self):
        log = parse(_HEAD + _function("done", _incident("pass")))
        self.assertEqual((log.running, log.last, log.complete), ("", "done", False))

    def test_a_fatal_message_ends_the_log_where_it_stands(self):
        body = '<Message type="qfatal"><Description><![CDATA[out of luck]]></Description></Message>'
        log = parse(_HEAD + _function("f", body + _incident("fail", "", "Received a fatal error.")) + b"</TestCase>")
        self.assertEqual((log.running, log.complete, log.fatal, log.rows), ("f", False, "out of luck", {}))

    def test_an_empty_log_is_incomplete(self):
        self.assertFalse(parse(b"").complete)

    def test_adds_up_the_time_of_a_function_that_was_selected_row_by_row(self):
        log = parse(_HEAD + _function("f", _incident("pass", "a")) + _function("f", _incident("pass", "b")))
        self.assertAlmostEqual(log.seconds["f"], 3.001)

    def test_says_where_and_why(self):
        detail = parse(_HEAD + _function("f", _incident("fail", "", "no luck"))).rows[("f", "")].detail
        self.assertEqual(detail, "b.cpp:7 no luck")

    def test_survives_bytes_that_xml_forbids(self):
        data = _HEAD + b'<TestFunction name="f"><Incident type="fail" file="" line="0">' \
            b"<Description><![CDATA[\x01\xff\x1b[0m]]></Description></Incident></TestFunction>"
        self.assertIs(parse(data).rows[("f", "")].outcome, Outcome.FAIL)


if __name__ == "__main__":
    unittest.main()
