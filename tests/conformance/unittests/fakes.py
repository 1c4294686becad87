# SPDX-License-Identifier: MIT
"""A program that behaves like a QtTest binary, as badly as a test wants, and a stand-in for flywheel-run."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

_HARNESS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_HARNESS))

from harness.catalogue import QtTest     # noqa: E402
from harness.execute import Runner, Side  # noqa: E402

PROOF = "flywheel: main thread on Flywheel (epoll)"
_LAUNCHER = f'#!/bin/sh\necho "{PROOF}" >&2\nFAKE_SIDE=ours exec "$@"\n'
_SILENT_LAUNCHER = '#!/bin/sh\nFAKE_SIDE=ours exec "$@"\n'

# The plan: {function: {"stock": [what, …], "ours": [what, …]}}; the nth start of the function does the nth thing,
# the last one is repeated. A function is started once a run.
_PROGRAM = '''#!{python} -IS
import os, sys, time
plan = {plan}
side = os.environ.get("FAKE_SIDE", "stock")
if sys.argv[1] == "-functions":
    print("\\n".join(name + "()" for name in plan if not name.startswith("(")))
    sys.exit()
if sys.argv[1] == "-datatags":
    print("tst_Fake one\\ntst_Fake two first __global__ all\\ntst_Fake two __global__ rest\\ntst_Fake three a row")
    sys.exit()
at = sys.argv.index("-o")
names, out = sys.argv[1:at], open(sys.argv[at + 1].removesuffix(",xml"), "w", buffering=1)

def next_action(name):
    with open("count-" + side + "-" + name.strip("()"), "ab") as counter:
        number = counter.tell()
        counter.write(b".")
    actions = plan.get(name, {{}}).get(side, ["pass"])
    return actions[min(number, len(actions) - 1)]

def act(action):
    if action == "crash":
        os.kill(os.getpid(), 9)
    if action == "exit":
        sys.exit(0)
    if action == "hang":
        time.sleep(600)
    if action == "timeout":   # what QtTest's watchdog does
        out.write('<Message type="qfatal"><Description><![CDATA[Test function timed out]]></Description></Message>')
        out.write('<Incident type="fail" file="" line="0"/></TestFunction><Duration msecs="1"/></TestCase>\\n')
        os.abort()
    if action == "chatter":
        print("flywheel: thread\\n" * 200_000, flush=True)
        action = "pass"
    if action == "skip":
        out.write('<Message type="skip" file="f.cpp" line="3"><Description><![CDATA[no]]></Description></Message>')
    else:
        for row, kind in enumerate(action.split("+")):   # "pass+fail": two data rows
            out.write('<Incident type="%s" file="" line="0"><DataTag>%d</DataTag></Incident>\\n' % (kind, row))

out.write('<?xml version="1.0" encoding="UTF-8"?>\\n<TestCase name="tst_Fake">\\n')
act_at_start = next_action("(start)")
if act_at_start != "pass":
    act(act_at_start)
for name in names:
    out.write('<TestFunction name="%s">\\n' % name.partition(":")[0])
    act(next_action(name))
    out.write('<Duration msecs="1"/></TestFunction>\\n')
out.write('<Duration msecs="1"/></TestCase>\\n')
action = next_action("(exit)")
if action != "pass":
    act(action)
'''


class FakeTestCase(unittest.TestCase):
    """Offers a fake test program, built from a plan, and the sides to run it on."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.runner = Runner(self.folder, self.folder)
        self.ours = Side("epoll", (self._executable("launcher", _LAUNCHER),), proof=PROOF)
        self.silent = Side("epoll", (self._executable("silent", _SILENT_LAUNCHER),), proof=PROOF)

    def make(self, plan: dict, **options) -> QtTest:
        home = self.folder / "fake"
        home.mkdir()
        self._executable("fake/tst_fake", _PROGRAM.format(python=sys.executable, plan=repr(plan)))
        return QtTest("fake", "fake", **({"limit_s": 20} | options))

    def _executable(self, name: str, text: str) -> str:
        file = self.folder / name
        file.write_text(text)
        os.chmod(file, 0o755)
        return str(file)
