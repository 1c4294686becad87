// SPDX-License-Identifier: MIT
/*
 * The wake-up protocol: dispatcher/base/wakeflag.h, with the pass of OwnPass::run() and with
 * AbstractPoller::wait() around it. check.sh searches all of its states; -D… makes the mutants that it must refute.
 *
 * Proved: whoever queues work and notifies is served, whatever else happens or stops happening; so the loop never sleeps
 * for ever with work queued. A poster touches the kernel only if the loop sleeps, and one poster a sleep does. Each
 * wake-up is consumed, and makes processEvents() return unless exec() calls it. Nothing deadlocks.
 *
 * Memory model. Spin interleaves sequentially consistent steps; C++ promises less. What it promises is modelled:
 *  - Read-modify-write operations read the newest value of an object's modification order ([atomics.order]), whatever
 *    their memory order is. All writes to the flag are such operations, so each is a single step on one variable.
 *  - A loop's plain load of the flag (the shortcut in consume(), isNotified()) may be stale. It returns the newest value or
 *    the newest that the loop's thread met before (coherence): `known`. A stale "Awake" in consume() loses nothing: the
 *    wake-up was not taken, so the compare-exchange of fallAsleep() meets it, fails, and makes it known.
 *  - A poster's plain load may be stale, too, and that is the store-buffer case: it may still find "Notified" after the loop
 *    consumed that (`stale`), while the loop does not see yet what the poster queued before the load. Two fences forbid it
 *    ([atomics.order], 4): of the poster's and the loop's one comes first. If it is the poster's, the loop sees after its own
 *    what the poster wrote before (`fenced`, `visible`). If it is the loop's, the poster loads what the loop wrote before,
 *    or something newer (`consumedIsFenced`).
 *  - Without fences, what a poster queued may stay invisible to the loop until an acquire operation of the loop reads its
 *    exchange or a later read-modify-write (the release sequence): `released`, `visible`. Until then take() may miss it.
 *  - An exit flag is written before `interrupted`, with release: a loop that sees the latter sees the former.
 *  - The kernel orders the eventfd's write(2) before the epoll_wait(2) that it ends (both take the lock of the eventfd's wait
 *    queue): the flag as the writer left it is then known. Nothing more is assumed of it.
 *  - A store becomes visible in finite time ([intro.progress]): a load is stale for one pass at most.
 *  - The loop's own thread posts in handlers and in signal handlers. The latter run between any two of the loop's steps, and
 *    are one step themselves, for the loop does not go on meanwhile. A thread sees its own writes.
 */

#define Posters 3
#define Interrupter 1 /* QEventLoop::exit() and interrupt(), from another thread */
#define Self 2        /* the loop's own thread */

mtype = { Awake, Asleep, Notified };

mtype flag = Awake;    /* WakeFlag::m_state */
mtype known = Awake;   /* the newest value that the loop's thread has met */
bool own;              /* WakeFlag::m_notifiedFromLoop */
bool queued[Posters];  /* the poster's work waits */
bool released[Posters]; /* … and its exchange is in the flag's release sequence */
bool fenced[Posters];  /* … and its fence came after it */
bool visible[Posters]; /* … and the loop sees it */
bool stale[Posters];   /* the poster may still load a "Notified" that was consumed */
bool consumedIsFenced = true; /* the loop's fence has followed its last exchange */
bool fresh[Posters];   /* the poster is about to write the eventfd, and its exchange came after the loop's last one */
bool edge;             /* the eventfd was written since the last epoll_wait(2): edge-triggered, never read */
bool edgeIsFresh;      /* … by a poster that is fresh */
bool readiness;        /* a descriptor is ready or the deadline passed */
bool interrupted;
bool interruptedIsNew; /* … by the interrupter's last call, so that the loop that sees it sees its exit flag, too */

/* For the properties alone. */
bool sleeping;
byte touches;
bool unconsumed; /* a wake-up of another thread waits in the flag */
bool unreported; /* a bare processEvents() has consumed one, or taken work, and has not returned since */

#ifdef CHANNEL_OPENED_ASLEEP
bool channelOpen;
#else
#define channelOpen true
#endif

/* ---- Posters ---- */

inline enqueue(p)
{
    atomic {
        queued[p] = true;
        if
        :: p == Interrupter -> interruptedIsNew = false
        :: else
        fi
    };
    if
    :: p == Interrupter -> atomic {
           interrupted = true;
#ifndef INTERRUPT_WITHOUT_RELEASE
           interruptedIsNew = true
#endif
       }
    :: else
    fi
}

#if defined(NOTIFY_WITHOUT_RELEASE)
#define Release false
#else
#define Release (queued[p] && !visible[p])
#endif

#if defined(POSTERS_ALWAYS_TOUCH)
#define mustTouch(state) true
#elif defined(TOUCH_UNLESS_AWAKE)
#define mustTouch(state) (state != Awake)
#else
#define mustTouch(state) (state == Asleep)
#endif

inline fence(p)
{
#ifdef NOTIFY_WITHOUT_FENCE
    skip
#else
    atomic {
        fenced[p] = queued[p] && !visible[p];
        stale[p] = stale[p] && !consumedIsFenced
    }
#endif
}

/* WakeFlag::notify() and AbstractPoller::wakeUp() */
inline wakeUp(p)
{
#ifndef SKIP_WITHOUT_LOOKING_AGAIN
    writes = true;
    if
    :: skip /* the first load found something else than Notified */
    :: fence(p);
       atomic {
           if
           :: flag == Notified || stale[p] -> writes = false
           :: skip
           fi
       }
    fi;
#else
    /* Decides by a load before the fence. */
    atomic { writes = (flag != Notified && !stale[p]) };
    fence(p);
#endif
    if
    :: writes -> atomic {
           touch = mustTouch(flag);
           flag = Notified;
           released[p] = Release;
           stale[p] = false;
           unconsumed = true;
           writes = false;
           if
           :: touch -> touches++; assert(sleeping && touches == 1); fresh[p] = true
           :: else
           fi
       }
    :: else
    fi;
    if
    :: touch -> atomic {
           if
           :: channelOpen -> edge = true; edgeIsFresh = edgeIsFresh || fresh[p]
           :: else
           fi;
           fresh[p] = false;
           touch = false
       }
    :: else
    fi
}

proctype Poster(byte p)
{
    bool touch, writes;
    do
    :: !queued[p] ->
#if defined(NOTIFY_BEFORE_QUEUEING)
        wakeUp(p);
        enqueue(p)
#elif defined(INTERRUPT_WITHOUT_WAKE_UP)
        enqueue(p);
        if
        :: p != Interrupter -> wakeUp(p)
        :: else
        fi
#else
        enqueue(p);
        wakeUp(p)
#endif
    :: break /* nobody has to post */
    od
}

/* A signal handler in the loop's thread, or any handler: WakeFlag::notifyFromLoop(). */
#ifdef OWN_THOUGH_ASLEEP
#define asleepInOwnThread false
#else
#define asleepInOwnThread (known == Asleep)
#endif

proctype OwnThread()
{
    do
    :: atomic {
           !queued[Self] ->
           queued[Self] = true;
           visible[Self] = true;
           if
           :: asleepInOwnThread && flag == Asleep ->
              flag = Notified; known = Notified; touches++; assert(sleeping && touches == 1);
              unconsumed = true; edge = true; edgeIsFresh = true
           :: asleepInOwnThread && flag != Asleep -> known = flag
           :: else -> own = true
           fi
       }
    :: break
    od
}

/* ---- The rest of the world ---- */

proctype Descriptors()
{
    do
    :: !readiness -> readiness = true
    :: break
    od
}

/* ---- The loop ---- */

/* What is visible need not be told apart any further. */
inline seeWork(p, really)
{
    if
    :: really -> visible[p] = true; released[p] = false; fenced[p] = false
    :: else
    fi
}

inline acquire()
{
    seeWork(0, released[0]);
    seeWork(Interrupter, released[Interrupter])
}

inline isNotified(result)
{
    atomic {
        if
        :: own -> result = true
        :: !own -> result = (known == Notified)
        :: !own -> known = flag;
           result = (known == Notified);
           if
           :: result -> acquire()
           :: else
           fi
        fi
    }
}

inline loopFence()
{
#ifdef CONSUME_WITHOUT_FENCE
    acquire() /* the exchange alone */
#else
    atomic {
        seeWork(0, released[0] || fenced[0]);
        seeWork(Interrupter, released[Interrupter] || fenced[Interrupter]);
        consumedIsFenced = true
    }
#endif
}

inline exchangeAwake(result)
{
    atomic {
        if
        :: flag == Notified ->
           result = true;
           stale[0] = true;
           stale[Interrupter] = true
        :: else
        fi;
        flag = Awake;
        known = Awake;
        unconsumed = false;
        consumedIsFenced = false;
        fresh[0] = false;
        fresh[Interrupter] = false;
        edgeIsFresh = false
    }
}

inline consumeOwn(result)
{
#ifdef CONSUME_OWN_BLINDLY
    atomic { result = own };
    own = false
#else
    if
    :: own -> own = false; result = true
    :: else -> result = false
    fi
#endif
}

inline consume(result)
{
    consumeOwn(result);
    atomic {
        if
        :: yes = (known != Awake)
        :: known = flag; yes = (known != Awake)
        fi
    };
    if
    :: yes ->
#ifdef CONSUME_BY_STORE
        atomic { flag = Awake; known = Awake; unconsumed = false; result = true }
#else
        exchangeAwake(result);
        loopFence()
#endif
    :: else
    fi;
    unreported = result && !inExec
}

inline fallAsleep(result)
{
    yes = false;
#ifdef LOOK_AT_OWN_FIRST
    yes = own;
#endif
    atomic {
#ifdef FALL_ASLEEP_BLINDLY
        result = true;
#else
        result = (flag == Awake);
#endif
        if
        :: result -> flag = Asleep; known = Asleep; sleeping = true
        :: else -> known = flag; acquire()
        fi
#ifdef SLEEP_THOUGH_NOTIFIED
        result = true
#endif
    };
#ifndef LOOK_AT_OWN_FIRST
#ifndef SLEEP_THOUGH_NOTIFIED_FROM_LOOP
    yes = own;
#endif
#endif
    if
    :: result && yes -> arise(); result = false
    :: else
    fi
}

inline arise()
{
    atomic {
        sleeping = false;
        touches = 0;
#ifdef ARISE_OVERWRITES
        flag = Awake;
        known = Awake
#else
        if
        :: flag == Asleep -> flag = Awake; known = Awake
        :: else -> known = flag; acquire()
        fi
#endif
    }
}

/* What epoll_wait(2) reports: taken from the eventfd, whether anybody looks at it or not. */
inline collect(eventsFound)
{
    eventsFound = readiness;
    readiness = false;
    if
    :: edgeIsFresh -> known = flag
    :: else
    fi;
    edge = false;
    edgeIsFresh = false
}

/* AbstractPoller::wait() with a deadline that need not come; a signal handler ends it, too (EINTR). */
inline wait()
{
    fallAsleep(sleeps);
    if
    :: sleeps ->
#ifdef CHANNEL_OPENED_ASLEEP
        channelOpen = true;
#endif
end_blocked:
        do
        :: atomic { edge || readiness -> collect(yes) };
#ifndef WAIT_AGAIN_WITHOUT_LOOKING
           if
           :: !yes -> isNotified(yes)
           :: else
           fi;
#endif
           if
           :: yes -> break
           :: else /* a stale wake-up: wait again */
           fi
        od;
        arise()
    :: else -> atomic { collect(yes) }
    fi;
    yes = false
}

/* Work that is visible is taken; what is not yet may be seen or missed. */
inline take(p)
{
    atomic {
        if
        :: queued[p] ->
           queued[p] = false; released[p] = false; fenced[p] = false; visible[p] = false;
           unreported = unreported || (p != Interrupter && !inExec)
        :: !visible[p]
        fi
    }
}

inline seeInterrupt()
{
    seeWork(Interrupter, interruptedIsNew && queued[Interrupter])
}

inline loadInterrupted(result)
{
    atomic {
        if
        :: interrupted -> result = true
        :: !interrupted || !visible[Interrupter] -> result = false
        fi
    }
}

inline takeInterrupt(result)
{
#ifdef CLEAR_INTERRUPT_BLINDLY
    atomic { result = interrupted };
    interrupted = false
#else
    loadInterrupted(result);
    if
    :: result -> atomic {
#ifndef CLEAR_INTERRUPT_WITHOUT_ACQUIRE
           seeInterrupt();
#endif
           interrupted = false
       }
    :: else
    fi
#endif
}

/* QEventLoop::exec(), or processEvents() by hand, again and again, with WaitForMoreEvents */
proctype Loop()
{
    bool woken, yes, sleeps, wasInterrupted, inExec;
    do
    :: atomic {
           take(Interrupter); /* exec() looks at its exit flag */
           if
           :: inExec = true
           :: inExec = false
           fi
       };
       takeInterrupt(wasInterrupted);
#ifdef CONSUME_AFTER_TAKING
       atomic { take(0); take(Self) };
       consume(woken);
       woken = false;
#else
       consume(woken);
       atomic { take(0); take(Self) };
#endif
#ifndef BLOCK_THOUGH_WOKEN
       woken = woken && !inExec;
#else
       woken = false;
#endif
#ifdef BLOCK_THOUGH_INTERRUPTED
       wasInterrupted = false;
#endif
       atomic {
           isNotified(yes);
           woken = woken || yes || wasInterrupted;
           loadInterrupted(yes)
       };
       if
       :: yes -> known = flag /* a store is visible in finite time, here before the next pass */
       :: else ->
          if
          :: woken -> atomic { collect(yes); known = flag } /* looks for readiness, does not wait; as above */
          :: else -> wait()
          fi
       fi;
       atomic { unreported = false; woken = false; yes = false; sleeps = false; wasInterrupted = false }
    od
}

#ifdef SAFETY
proctype Quiescence()
{
    timeout -> assert(!queued[0] && !queued[Interrupter] && !queued[Self] && !own && !unconsumed && !unreported)
}
#else
ltl served { [](queued[0] -> <>!queued[0]) }
ltl servedself { [](queued[Self] -> <>!queued[Self]) }
ltl interruptible { [](queued[Interrupter] -> <>!queued[Interrupter]) }
ltl consumed { [](unconsumed -> <>!unconsumed) }
#endif

init {
    atomic {
        run Loop();
        run Poster(0);
#ifndef WITHOUT_INTERRUPTER
        run Poster(Interrupter);
#endif
#ifndef WITHOUT_OWN_THREAD
        run OwnThread();
#endif
#ifndef WITHOUT_DESCRIPTORS
        run Descriptors();
#endif
#ifdef SAFETY
        run Quiescence()
#endif
    }
}
