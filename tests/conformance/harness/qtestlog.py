# SPDX-License-Identifier: MIT
"""Reads the log that a QtTest program writes with "-o FILE,xml", also one that breaks off in the middle."""

import re
from dataclasses import dataclass, field
from enum import Enum
from xml.etree import ElementTree


class Outcome(Enum):
    PASS = "pass"
    SKIP = "skip"
    FAIL = "fail"
    MISSING = "not reached"
    CRASH = "crash"
    HANG = "hang"


# An unexpected pass counts as passed: some of Qt's tests expect failures from any dispatcher but Qt's own.
_INCIDENTS = {
    "pass": Outcome.PASS, "xfail": Outcome.PASS, "xpass": Outcome.PASS,
    "bpass": Outcome.PASS, "bxfail": Outcome.PASS, "bxpass": Outcome.PASS,
    "fail": Outcome.FAIL, "bfail": Outcome.FAIL, "skip": Outcome.SKIP,
}
_SEVERITY = list(Outcome)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Result:
    outcome: Outcome
    detail: str = ""


@dataclass
class Log:
    rows: dict[tuple[str, str], Result] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)   # by function; only those that returned
    running: str = ""                                         # the function in which the log breaks off
    last: str = ""                                            # the function that was entered last
    complete: bool = False
    fatal: str = ""                                           # the message that ended the program

    def add(self, function: str, row: str, result: Result) -> None:
        """Keeps the worst of all results of a row."""
        old = self.rows.get((function, row))
        if old is None or _SEVERITY.index(result.outcome) > _SEVERITY.index(old.outcome):
            self.rows[(function, row)] = result


def parse(data: bytes) -> Log:
    log = Log()
    parser = ElementTree.XMLPullParser(("start", "end"))
    parser.feed(_NOT_IN_XML.sub("?", data.decode("utf-8", "replace")))
    try:
        for event, element in parser.read_events():
            _on_event(log, event, element)
    except ElementTree.ParseError as error:
        raise ValueError(f"not a QtTest log: {error}") from error
    return log


def _on_event(log: Log, event: str, element: ElementTree.Element) -> None:
    if log.fatal:
        return   # QtTest ends its log properly then, as if nothing were missing
    if element.tag == "TestFunction":
        if event == "start":
            log.running = log.last = element.get("name", "")
        else:
            _on_return(log, element)
    elif event == "end" and element.tag == "TestCase":
        log.complete = True
    elif event == "end" and element.tag in ("Incident", "Message"):
        _on_incident(log, element)


def _on_return(log: Log, element: ElementTree.Element) -> None:
    duration = element.find("Duration")
    spent = float(duration.get("msecs", "0")) / 1000 if duration is not None else 0.0
    log.seconds[log.running] = log.seconds.get(log.running, 0.0) + spent
    log.running = ""


def _on_incident(log: Log, element: ElementTree.Element) -> None:
    kind = element.get("type", "")
    if kind == "qfatal":
        log.fatal = (element.findtext("Description") or "").strip() or "a fatal message"
    if element.tag == "Message" and kind != "skip":
        return
    if kind not in _INCIDENTS:
        raise ValueError(f"unknown kind of incident: {kind!r}")
    description = (element.findtext("Description") or "").strip()
    place = f"{element.get('file', '').rpartition('/')[2]}:{element.get('line')}" if element.get("file") else ""
    detail = " ".join(part for part in (place, description) if part)
    log.add(log.running, element.findtext("DataTag") or "", Result(_INCIDENTS[kind], detail))
