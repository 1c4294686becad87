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


def target(*bounds, **single):
    return {"case": "c", "scenario": "s", "size": 10, "measure": "operationNs", "bounds": list(bounds) or [single]}


def group(*rows, **changes):
    return {"title": "A group", "lane": "flywheel", "lanes": ["flywheel", "no-metrics", "unix", "limit"],
            "ratios": [["flywheel", "unix"]], "rows": list(rows)} | changes


def rendered(results, *groups):
    return compare.render(results, {"kernel": "linux", "groups": list(groups)})


class Verdict(unittest.TestCase):
    results = compare.Results(document([("s", 10, "unix", "operationNs", [100]),
                                        ("s", 10, "flywheel", "operationNs", [40]),
                                        ("s", 10, "no-metrics", "operationNs", [25]),
                                        ("s", 10, "silent", "operationNs", [0]),
                                        ("s", 1, "flywheel", "operationNs", [30])]))

    def verdict(self, *bounds, **single):
        return compare.verdicts(compare.bounds_of(target(*bounds, **single), group()), self.results)

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

    def test_bound_of_what_a_lane_has_more_than_another(self):
        self.assertEqual(self.verdict(atMost=15, aboveLane="no-metrics"), "met")
        self.assertEqual(self.verdict(atMost=14, aboveLane="no-metrics"), "**missed: 15**")

    def test_bound_of_a_lane_that_is_not_the_groups(self):
        self.assertEqual(self.verdict(lane="no-metrics", atMost=0.25, ofLane="unix"), "met")

    def test_each_bound_has_its_word_where_they_differ(self):
        met, missed = {"atMost": 40}, {"lane": "no-metrics", "atMost": 20}
        self.assertEqual(self.verdict(met, met), "met")
        self.assertEqual(self.verdict(met, missed), "met, **missed: 25**")

    def test_a_reference_of_nothing_is_a_bound_of_nothing(self):
        self.assertEqual(self.verdict(lane="silent", atMost=1, ofLane="silent"), "met")
        self.assertEqual(self.verdict(atMost=1, ofLane="silent"), "**missed: 40**")

    def test_what_is_missing_is_neither_met_nor_missed(self):
        for bound in ({"ofLane": "limit"}, {"ofSize": 7}, {"aboveLane": "limit"}, {"lane": "poll"}):
            self.assertEqual(self.verdict(atMost=40, **bound), "not measured")


class Table(unittest.TestCase):
    def test_names_context_lanes_ratio_and_verdict(self):
        results = compare.Results(document([("s", 10, "flywheel", "operationNs", [1, 2_000, 9_000]),
                                            ("s", 10, "unix", "operationNs", [100_000])]))
        text = rendered(results, group(target(atMost=0.1, ofLane="unix")))
        self.assertIn("### A group", text)
        self.assertIn("commit abc, Qt 6.4.2", text)
        self.assertIn("| case | n | flywheel | no-metrics | unix | limit | flywheel : unix | target | verdict |", text)
        self.assertIn("| c | 10 | 2,000 |  | 100,000 |  | 0.02 | <= 0.1 x unix | met |", text)
        self.assertNotIn("All measurements", text)

    def test_lists_all_measurements_if_asked_to_or_if_there_is_nothing_else(self):
        results = compare.Results(document([("s", 10, "flywheel", "operationNs", [2_000]),
                                            ("s", 10, "unix", "operationNs", [100_000])]))
        targets = {"kernel": "linux", "groups": [group(target(atMost=1))]}
        for text in (compare.render(results, targets, wants_all=True), rendered(results)):
            self.assertIn("| scenario | measure | n | flywheel | unix |", text)
            self.assertIn("| s | operationNs | 10 | 2,000 | 100,000 |", text)

    def test_names_the_lane_of_a_bound_that_is_not_the_groups(self):
        results = compare.Results(document([("s", 10, "flywheel", "operationNs", [40])]))
        bounds = {"atMost": 1, "ofLane": "unix"}, {"lane": "no-metrics", "atMost": 5, "aboveLane": "limit"}
        self.assertIn("| <= 1 x unix, no-metrics <= 5 above limit |", rendered(results, group(target(*bounds))))

    def test_leaves_out_the_groups_that_nothing_was_measured_of(self):
        results = compare.Results(document([("s", 10, "flywheel", "operationNs", [1])]))
        text = rendered(results, group(target(atMost=1)), group(target(atMost=1) | {"size": 7}, title="Another"))
        self.assertIn("A group", text)
        self.assertNotIn("Another", text)

    def test_has_no_targets_for_another_system(self):
        rows = [("s", 10, "flywheel", "operationNs", [1])]
        self.assertNotIn("A group", rendered(compare.Results(document(rows, kernel="winnt 10")), group(target(atMost=1))))

    def test_tells_the_load_only_where_it_is_counted(self):
        self.assertIn("A CPU, load 0.50 at the start;", compare.context_line(compare.Results(document([]))))
        uncounted = compare.Results(document([], loadAverage=None))
        self.assertIn("A CPU; medians", compare.context_line(uncounted))


class Change(unittest.TestCase):
    def change(self, before, after, **context):
        rows = [[("s", 10, "flywheel", "operationNs", samples)] for samples in (before, after)]
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
        before = compare.Results(document([("old", 1, "flywheel", "operationNs", [1])]))
        after = compare.Results(document([("new", 1, "flywheel", "operationNs", [1])]))
        self.assertNotIn("operationNs", compare.render_change(before, after))


class CommandLine(unittest.TestCase):
    def run_with(self, content):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "results.json"
            file.write_text(content, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                return compare.main([str(file)])

    def test_renders_with_the_real_targets(self):
        rows = [("loop/turn", 1, "flywheel", "cpuNs", [1]), ("gui-xcb/turn", 1, "hosted-glib", "threadCpuNs", [1])]
        self.assertEqual(self.run_with(json.dumps(document(rows))), 0)

    def test_refuses_what_is_not_a_result_file(self):
        for content in ("", "{}", '{"format": 0}'):
            self.assertEqual(self.run_with(content), 2, content)


class Targets(unittest.TestCase):
    groups = json.loads(compare.TARGETS.read_text(encoding="utf-8"))["groups"]

    def bounds(self):
        bounds = [(group, bound) for group in self.groups for row in group["rows"] for bound in row["bounds"]]
        self.assertTrue(bounds)
        return bounds

    def test_each_bound_has_one_limit_and_at_most_one_reference(self):
        for _, bound in self.bounds():
            self.assertEqual(len({"atMost", "atLeast"} & set(bound)), 1, bound)
            self.assertLessEqual(len({"ofLane", "ofSize", "aboveLane"} & set(bound)), 1, bound)

    def test_each_bound_is_about_lanes_of_its_table(self):
        for group, bound in self.bounds():
            lanes = {bound.get("lane", group.get("lane")), *(bound[name] for name in ("ofLane", "aboveLane") if name in bound)}
            self.assertLessEqual(lanes, set(group["lanes"]), bound)

    def test_the_default_comes_first(self):
        for group in self.groups:
            self.assertIn(group["lanes"][0], ("flywheel", "hosted-unix"), group["title"])


if __name__ == "__main__":
    unittest.main()
