# SPDX-License-Identifier: MIT
import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import compare

CONTEXT = {"date": "2025-01-01T00:00:00Z", "commit": "abc", "qtVersion": "6.4.2", "compiler": "GNU 12",
           "buildType": "Release", "kernel": "linux 6", "cpus": 2, "cpu": "A CPU", "architecture": "x86_64",
           "loadAverage": 0.5}


def document(rows, **context):
    """rows: (scenario, size, lane, measure, samples)"""
    results = []
    for scenario, size, lane, measure, samples in rows:
        middle = sorted(samples)[len(samples) // 2]
        value = {"median": middle, "minimum": min(samples), "maximum": max(samples), "samples": samples}
        results.append({"scenario": scenario, "size": size, "lane": lane, "measurements": {measure: value}})
    return {"format": compare.FORMAT, "context": CONTEXT | context, "repetitions": 5, "budgetMs": 200,
            "results": results}


def target(**bound):
    return {"case": "c", "scenario": "s", "size": 10, "measure": "operationNs"} | bound


class Verdict(unittest.TestCase):
    results = compare.Results(document([("s", 10, "unix", "operationNs", [100]),
                                        ("s", 10, "epoll", "operationNs", [40]),
                                        ("s", 1, "epoll", "operationNs", [30])]))

    def verdict(self, **bound):
        return compare.verdict(target(**bound), self.results, "epoll")

    def test_upper_bound_relative_to_a_lane(self):
        self.assertEqual(self.verdict(atMost=0.4, ofLane="unix"), "met")
        self.assertEqual(self.verdict(atMost=0.3, ofLane="unix"), "**missed: 0.4**")

    def test_lower_bound_relative_to_a_lane(self):
        self.assertEqual(self.verdict(atLeast=0.4, ofLane="unix"), "met")
        self.assertEqual(self.verdict(atLeast=1.15, ofLane="unix"), "**missed: 0.4**")

    def test_bound_relative_to_another_size(self):
        self.assertEqual(self.verdict(atMost=1.5, ofSize=1), "met")
        self.assertEqual(self.verdict(atMost=1.2, ofSize=1), "**missed: 1.33**")

    def test_absolute_bound(self):
        self.assertEqual(self.verdict(atMost=40), "met")
        self.assertEqual(self.verdict(atMost=39), "**missed: 40**")

    def test_what_is_missing_is_neither_met_nor_missed(self):
        self.assertEqual(self.verdict(atMost=1, ofLane="limit"), "not measured")
        self.assertEqual(self.verdict(atMost=1, ofSize=7), "not measured")
        self.assertEqual(compare.verdict(target(atMost=40), self.results, "poll"), "not measured")


class Table(unittest.TestCase):
    def test_names_context_lanes_ratio_and_verdict(self):
        results = compare.Results(document([("s", 10, "unix", "operationNs", [100_000]),
                                            ("s", 10, "epoll", "operationNs", [1, 2_000, 9_000])]))
        text = compare.render(results, {"groups": [
            {"title": "A group", "lane": "epoll", "lanes": ["unix", "glib", "epoll", "poll", "limit"],
             "rows": [target(atMost=0.1, ofLane="unix")]}]})
        self.assertIn("### A group", text)
        self.assertIn("commit abc, Qt 6.4.2", text)
        self.assertIn("| c | 10 | 100,000 |  | 2,000 |  |  | 0.02 | <= 0.1 x unix | met |", text)
        self.assertIn("| scenario | measure | n | unix | epoll |", text)
        self.assertIn("| s | operationNs | 10 | 100,000 | 2,000 |", text)

    def test_leaves_out_the_groups_of_lanes_that_were_not_measured(self):
        results = compare.Results(document([("s", 10, "iocp", "operationNs", [1])]))
        text = compare.render(results, {"groups": [
            {"title": "Of epoll", "lane": "epoll", "lanes": ["epoll"], "rows": [target(atMost=1)]},
            {"title": "Of iocp", "lane": "iocp", "lanes": ["iocp"], "rows": [target(atMost=1)]}]})
        self.assertNotIn("Of epoll", text)
        self.assertIn("Of iocp", text)

    def test_tells_the_load_only_where_it_is_counted(self):
        self.assertIn("A CPU, load 0.50 at the start;", compare.context_line(compare.Results(document([]))))
        uncounted = compare.Results(document([], loadAverage=None))
        self.assertIn("A CPU; medians", compare.context_line(uncounted))


class Change(unittest.TestCase):
    def change(self, before, after, **context):
        rows = [[("s", 10, "epoll", "operationNs", samples)] for samples in (before, after)]
        return compare.render_change(compare.Results(document(rows[0])),
                                     compare.Results(document(rows[1], **context)))

    def test_gives_the_ratio_and_whether_the_ranges_are_apart(self):
        self.assertIn("| 100 | 150 | 1.50 | yes |", self.change([90, 100, 110], [140, 150, 160]))
        self.assertIn("| 100 | 105 | 1.05 |  |", self.change([90, 100, 110], [95, 105, 115]))

    def test_says_when_the_machines_differ(self):
        self.assertIn("not the same machine or build: cpu, qtVersion",
                      self.change([1], [1], cpu="Another", qtVersion="6.8.2"))
        self.assertNotIn("not the same", self.change([1], [1]))

    def test_leaves_out_what_only_one_file_has(self):
        before = compare.Results(document([("old", 1, "epoll", "operationNs", [1])]))
        after = compare.Results(document([("new", 1, "epoll", "operationNs", [1])]))
        self.assertNotIn("operationNs", compare.render_change(before, after))


class CommandLine(unittest.TestCase):
    def run_with(self, content):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "results.json"
            file.write_text(content, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                return compare.main([str(file)])

    def test_renders_with_the_real_targets(self):
        rows = [("s", 1, lane, "operationNs", [1]) for lane in ("epoll", "hosted-glib")]
        self.assertEqual(self.run_with(json.dumps(document(rows))), 0)

    def test_refuses_what_is_not_a_result_file(self):
        for content in ("", "{}", '{"format": 0}'):
            self.assertEqual(self.run_with(content), 2, content)


class Targets(unittest.TestCase):
    def test_each_row_has_one_bound_and_at_most_one_reference(self):
        groups = json.loads(compare.TARGETS.read_text(encoding="utf-8"))["groups"]
        rows = [row for group in groups for row in group["rows"]]
        self.assertTrue(rows)
        for row in rows:
            self.assertEqual(len({"atMost", "atLeast"} & set(row)), 1, row)
            self.assertLessEqual(len({"ofLane", "ofSize"} & set(row)), 1, row)


if __name__ == "__main__":
    unittest.main()
