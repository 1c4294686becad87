# SPDX-License-Identifier: MIT
"""Deliberate faults of the kqueue poller, each with the program and the function of it that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    name: str
    file: str        # of dispatcher/poller
    line: str        # found exactly once
    instead: str
    program: str
    function: str
    system: str = "FreeBSD"


FAULTS = (
    Fault("wake-up with EV_ADD", "kqueue/kqueuewaker.cpp",
          "Kqueue::change(target, WakeIdent, EVFILT_USER, 0, NOTE_TRIGGER, WakeToken)",
          "Kqueue::change(target, WakeIdent, EVFILT_USER, EV_ADD | EV_CLEAR, NOTE_TRIGGER, WakeToken)",
          "tst_wakeup", "duringWait"),
    Fault("udata dropped", "kqueue/poller_kqueue.cpp",
          "each.notes, registration.token)",
          "each.notes, 0)",
          "tst_registration", "reportsTokenAndReadiness"),
    Fault("no generation check", "interestset.cpp",
          " && entry->generation == event.token >> 32",
          "",
          "tst_interestset", "oldGenerationIsNotReported"),
    Fault("remove without EV_DELETE", "kqueue/poller_kqueue.cpp",
          "Kqueue::change(m_queue.get(), fd, each.filter, EV_DELETE, 0, 0)",
          "Kqueue::change(m_queue.get(), fd, each.filter, 0, 0, 0)",
          "tst_registration", "removeSilences"),
    Fault("truncated time-out", "kqueue/poller_kqueue.cpp",
          "toTimespec(timeout)",
          "toTimespec(std::chrono::floor<std::chrono::milliseconds>(timeout))",
          "tst_wait", "isNeverEarly"),
    Fault("edge instead of level", "kqueue/poller_kqueue.cpp",
          "EV_ADD | each.flags",
          "EV_ADD | EV_CLEAR | each.flags",
          "tst_registration", "isLevelTriggered"),
    Fault("no NOTE_OOB check", "kqueue/poller_kqueue.cpp",
          "if (event.fflags & NOTE_OOB)",
          "if (event.filter == EVFILT_EXCEPT)",
          "tst_registration", "plainDataIsNotExceptional", system="macOS"),
)
