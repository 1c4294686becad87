// SPDX-License-Identifier: MIT
#include "attachscript.h"

namespace Flywheel::Preload {

const char attachScript[] = R"python(
import os
import signal
import threading
import time

import gdb

CANCEL_DESCRIPTOR = int(os.environ["FLYWHEEL_ATTACH_CANCEL"])
PATIENCE = 10  # seconds, for a main thread that is busy
ATTEMPTS = 200
FRAMES = 8

# The main thread is in one of these, or at the beginning of a pass, when it is made to call us: then it holds none of
# the allocator's and the linker's locks.
WAITS = ("poll", "ppoll", "select", "pselect", "epoll_wait", "epoll_pwait", "epoll_pwait2")
# No other thread may be in one of these while Qt's list of hooks grows.
UNSAFE = ("malloc", "free", "calloc", "realloc", "reallocarray", "memalign", "aligned_alloc", "posix_memalign",
          "QInternal::activateCallbacks")
PASS_BEGINS = "_ZN24QAbstractEventDispatcher5awakeEv"


class Refused(Exception):
    pass


class Launcher:
    """Who started us. That it ends, or closes its end of the pipe, means: give up, as long as nothing was done."""

    def __init__(self):
        self.gave_up = False
        self.waiting = False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while os.read(CANCEL_DESCRIPTOR, 1):
            pass
        self.gave_up = True
        if self.waiting:
            os.kill(os.getpid(), signal.SIGINT)

    def check(self):
        if self.gave_up:
            raise Refused("cancelled")


launcher = Launcher()
ran_meanwhile = 0  # seconds in which the program went on, from when we came to when we left


def answer(text):
    print("flywheel-attach: " + text.replace("\n", " "), flush=True)


def function_names(thread):
    thread.switch()
    names = []
    frame = gdb.newest_frame()
    while frame is not None and len(names) < FRAMES:
        names.append((frame.name() or "").split("(")[0])
        try:
            frame = frame.older()
        except gdb.error:
            break
    return names


def bare(name):
    return name.replace("__GI_", "").lstrip("_")


def is_waiting(thread):
    names = function_names(thread)
    return bool(names) and bare(names[0]) in WAITS


def main_thread(process):
    for thread in gdb.selected_inferior().threads():
        if thread.ptid[1] == process:
            return thread
    raise Refused("its first thread has ended")


def wait_for_pass(thread):
    thread.switch()
    try:
        begin = gdb.Breakpoint(PASS_BEGINS, internal=True)
    except (gdb.error, RuntimeError) as error:
        raise Refused("gdb does not find where a pass of its loop begins: %s" % error)
    begin.thread = thread.num
    begin.silent = True
    timer = threading.Timer(PATIENCE, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    launcher.waiting = True
    try:
        if not launcher.gave_up:
            gdb.execute("continue", to_string=True)
    except (gdb.error, KeyboardInterrupt):
        pass
    launcher.waiting = False
    timer.cancel()
    global ran_meanwhile
    ran_meanwhile += time.monotonic() - began
    came = begin.hit_count > 0
    where = "" if came else function_names(thread)
    begin.delete()
    launcher.check()
    if not came:
        where = ", ".join(name.split("<")[0] for name in where if name) or "code without symbols"
        raise Refused("its main thread has not come to its loop for %d s; it is in: %s. Try again later" % (PATIENCE, where))


def call(kind, function, arguments=""):
    return gdb.parse_and_eval("((%s) %s)(%s)" % (kind, function, arguments))


def function_of(module, name):
    address = call("void *(*)(void *, const char *)", "dlsym", '(void *)%d, "%s"' % (module, name))
    if int(address) == 0:
        raise Refused("%s has no %s; install Flywheel completely" % (os.environ["FLYWHEEL_ATTACH_MODULE"], name))
    return "(void *)%d" % int(address)


def load_module():
    path = os.environ["FLYWHEEL_ATTACH_MODULE"].replace("\\", "\\\\").replace('"', '\\"')
    module = int(call("void *(*)(const char *, int)", "dlopen", '"%s", 2' % path))
    if module == 0:
        why = call("char *(*)(void)", "dlerror")
        raise Refused("it cannot load our library: %s" % why.string())
    return module


def let_others_come_to_rest(main):
    for _ in range(ATTEMPTS):
        others = [thread for thread in gdb.selected_inferior().threads() if thread.num != main.num]
        if not any(bare(name) in UNSAFE for thread in others for name in function_names(thread)):
            main.switch()
            return
        main.switch()
        call("int (*)(void)", "getpid")  # meanwhile they go on
    raise Refused("its other threads allocate memory all the time. Try again")


def add_hook(module, main):
    hook = function_of(module, "flywheelAttachHook")
    let_others_come_to_rest(main)
    gdb.execute("set scheduler-locking on", to_string=True)
    try:
        added = int(call("int (*)(void)", hook))
    finally:
        gdb.execute("set scheduler-locking off", to_string=True)
    if not added:
        raise Refused("Qt refuses the hook for events")


def attach(process):
    began = time.monotonic()
    try:
        gdb.execute("attach %d" % process, to_string=True)
    except gdb.error as error:
        raise Refused("gdb cannot attach to it: %s" % error)
    # A signal that stopped us in the middle of a call would leave it half done.
    gdb.execute("handle all nostop noprint pass", to_string=True)
    for library in (r"/libc\.so", r"/libc-", r"/libQt6Core"):
        gdb.execute("sharedlibrary " + library, to_string=True)
    main = main_thread(process)
    if not is_waiting(main):
        wait_for_pass(main)
    launcher.check()
    main.switch()
    module = load_module()
    wanted = os.environ["FLYWHEEL_ATTACH_FUNCTION"]
    if wanted == "flywheelAttach":
        add_hook(module, main)
    problem = call("const char *(*)(void)", function_of(module, wanted)).string()
    if problem:
        raise Refused(problem)
    return int((time.monotonic() - began - ran_meanwhile) * 1000)


def run():
    try:
        stood_still = attach(int(os.environ["FLYWHEEL_ATTACH_PROCESS"]))
        gdb.execute("detach", to_string=True)
        answer("done %d" % stood_still)
    except Refused as refusal:
        answer("refused " + str(refusal))
    except gdb.error as error:
        answer("refused gdb says: " + str(error))


run()
)python";

} // namespace Flywheel::Preload
