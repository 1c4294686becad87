# SPDX-License-Identifier: MIT
"""Qt's tests as data: what is run, how, and what cannot be run here and why."""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Excluded:
    """Rows that say nothing here. Patterns as in a shell; a row of global data is "global:row"."""
    reason: str
    function: str = "*"
    row: str = "*"

    def covers(self, function: str, row: str) -> bool:
        return fnmatchcase(function, self.function) and fnmatchcase(row, self.row)


@dataclass(frozen=True)
class Racy:
    """A function that fails now and then with Qt's own dispatcher, because of a race in the test itself."""
    reason: str
    function: str
    limit_s: int = 0   # of a repetition; 0: by the time of the full run


@dataclass(frozen=True)
class QtTest:
    name: str
    folder: str                            # below tests/auto
    exact_timing: bool = False             # measures time, or loads the machine: never beside another test
    limit_s: int = 180                     # the whole program; many times what it takes with Qt's own dispatcher
    row_limit_s: int = 60                  # one data row of one function
    racy: tuple[Racy, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    program: str = ""                      # if it is not the name
    pollers: tuple[str, ...] = ("epoll", "kqueue", "poll")

    def race(self, function: str) -> Racy | None:
        return next((known for known in self.racy if known.function == function), None)

    @property
    def binary(self) -> str:
        return f"{self.folder}/tst_{self.program or self.name}"

    @property
    def needs_display(self) -> bool:
        return ("QT_QPA_PLATFORM", "xcb") in self.environment


_SERVER = "needs Qt's network test server"
_ENGINE = "needs a developer build of Qt: a distribution's library ignores the choice of the polling engine"

_TERMINATE = "QThread::terminate() hits at any point of the start of a thread"
_EARLY_EXIT = Racy("another thread may end the event loop before the main thread has entered it: then that never ends",
                   "singleShotToFunctors", limit_s=8)

# What runs once for each of _PLATFORMS: the dispatcher inside ours is another one there.
_GUI_TESTS = (
    QtTest("qguieventdispatcher", "gui/kernel/qguieventdispatcher"),
    QtTest("qguieventloop", "gui/kernel/qguieventloop"),
    QtTest("qguitimer", "gui/kernel/qguitimer", row_limit_s=30, racy=(_EARLY_EXIT,)),
    QtTest("qguiapplication", "gui/kernel/qguiapplication"),
    QtTest("qwindow", "gui/kernel/qwindow"),
    QtTest("qclipboard", "gui/kernel/qclipboard"),
    QtTest("qapplication", "widgets/kernel/qapplication"),
    QtTest("qshortcut", "widgets/kernel/qshortcut"),
    QtTest("qtooltip", "widgets/kernel/qtooltip"),
    QtTest("qpropertyanimation", "corelib/animation/qpropertyanimation"),
    QtTest("qpauseanimation", "corelib/animation/qpauseanimation"),
    QtTest("qparallelanimationgroup", "corelib/animation/qparallelanimationgroup"),
    QtTest("qsequentialanimationgroup", "corelib/animation/qsequentialanimationgroup"),
)
_PLATFORMS = {
    "xcb-glib": (("QT_QPA_PLATFORM", "xcb"), ("QT_NO_GLIB", "")),   # empty counts as unset
    "xcb-unix": (("QT_QPA_PLATFORM", "xcb"),),
    "offscreen": (),
}


def _on(platform: str, test: QtTest) -> QtTest:
    """Alone, for there is one pointer and one keyboard focus; without poll, which cannot be hosted."""
    return replace(test, name=f"{test.name}-{platform}", program=test.name, exact_timing=True, pollers=("epoll",),
                   environment=_PLATFORMS[platform])


TESTS = (
    QtTest("qeventdispatcher", "corelib/kernel/qeventdispatcher", exact_timing=True),
    QtTest("qeventloop", "corelib/kernel/qeventloop", exact_timing=True),
    QtTest("qtimer", "corelib/kernel/qtimer", exact_timing=True, row_limit_s=30, racy=(_EARLY_EXIT,)),
    QtTest("qsocketnotifier", "corelib/kernel/qsocketnotifier", exact_timing=True),
    QtTest("qobject", "corelib/kernel/qobject"),
    QtTest("qthread", "corelib/thread/qthread", exact_timing=True, limit_s=400, row_limit_s=150,
           racy=(Racy(_TERMINATE, "terminateAndPrematureDestruction"), Racy(_TERMINATE, "terminateAndDoubleDestruction"))),
    QtTest("qlocalsocket", "network/socket/qlocalsocket"),
    QtTest("qtcpserver", "network/socket/qtcpserver", excluded=(
        Excluded(_SERVER, row="WithSocks5Proxy*"),
        Excluded(_SERVER, "waitForConnectionTest"),
        Excluded(_SERVER, "invalidProxy", "*socks5-on-http"),
        Excluded(_SERVER, "proxyFactory", "*socks5*"),
    )),
    QtTest("qprocess", "corelib/io/qprocess"),
    QtTest("qfilesystemwatcher", "corelib/io/qfilesystemwatcher", limit_s=500,
           excluded=(Excluded(_ENGINE, row="poller backend*"),)),
    *(_on(platform, test) for platform in _PLATFORMS for test in _GUI_TESTS),
)


def select(names: list[str]) -> list[QtTest]:
    """The tests of these names in the order of the catalogue; all if there is none. Raises KeyError."""
    known = {test.name for test in TESTS}
    for name in names:
        if name not in known:
            raise KeyError(name)
    return [test for test in TESTS if not names or test.name in names]
