// SPDX-License-Identifier: MIT
/*
 * The wake-up protocol: dispatcher/base/wakeflag.h, with the pass of OwnPass::run() and with
 * AbstractPoller::wait() around it. check.sh searches all of its states; -D… makes the mutants that it must refute.
 *
 * Proved: whoever queues work and notifies is served, whatever else happens or stops happening; so the loop never sleeps
 * for ever with work queued. A poster touches the kernel only if the loop sleeps, and one poster a sleep does. Each
 * wake-up is consumed, and makes processEvents() return. Nothing deadlocks.
 *
 * Memory model. Spin interleaves sequentially consistent steps; C++ promises less. What it promises is modelled:
 *  - All writes to the flag are read-modify-write operations of one atomic object. Such an operation reads the newest
 *    value of the object's modification order ([atomics.order]), whatever its memory order is. So these are single
 *    steps on one variable, and nobody depends on the order of a store and a later load of two variables (the
 *    store-buffer case): the poster's last step and the loop's last step before it sleeps meet in one object.
 *  - A plain load of the flag (the shortcut in consume(), isNotified()) may be stale. It returns the newest value or the
 *    newest that the loop's thread met before (coherence): `known`. A stale "Awake" in consume() loses nothing: the
 *    wake-up was not taken, so the compare-exchange of fallAsleep() meets it, fails, and makes it known.
 *  - What a poster queued may stay invisible to the loop until an acquire operation of the loop reads its exchange or a
 *    later read-modify-write (the release sequence): `released`, `visible`. Until then take() may miss it.
 *  - The loop's plain store that clears `interrupted` may be delayed until its next read-modify-write: `clearing`.
 *  - The kernel orders the eventfd's write(2) before the epoll_wait(2) that it ends (both take the lock of the eventfd's wait
 *    queue): the flag as the writer left it is then known. Nothing more is assumed of it.
 *  - A store becomes visible in finite time ([intro.progress]): a load is stale for one pass at most.
 */

#define Posters 3
#define Interrupter 2 /* QEventLoop::exit() and interrupt(), from another thread */

mtype = { Awake, Asleep, Notified };

mtype flag = Awake;    /* WakeFlag::m_state */
mtype known = Awake;   /* the newest value that the loop's thread has met */
bool queued[Posters];  /* the poster's work waits */
bool released[Posters]; /* … and its exchange is in the flag's release sequence */
bool visible[Posters]; /* … and the loop has acquired it */
bool fresh[Posters];   /* the poster is about to write the eventfd, and its exchange came after the loop's last one */
bool edge;             /* the eventfd was written since the last epoll_wait(2): edge-triggered, never read */
bool edgeIsFresh;      /* … by a poster that is fresh */
bool readiness;        /* a descriptor is ready or the deadline passed */
bool interrupted;
bool clearing;         /* `interrupted = false` stands in the loop's store buffer */

/* For the properties alone. */
bool sleeping;
byte touches;
bool unconsumed; /* a wake-up waits in the flag */
bool unreported; /* one was consumed, and processEvents() has not returned since */

#ifdef CHANNEL_OPENED_ASLEEP
bool channelOpen;
#else
#define channelOpen true
#endif

/* ---- Posters ---- */

inline enqueue(p)
{
    queued[p] = true;
    if
    :: p == Interrupter -> interrupted = true
    :: else
    fi
}

#if defined(NOTIFY_WITHOUT_RELEASE)
#define Release false
#else
#define Release queued[p]
#endif

#if defined(POSTERS_ALWAYS_TOUCH)
#define mustTouch(state) true
#elif defined(TOUCH_UNLESS_AWAKE)
#define mustTouch(state) (state != Awake)
#else
#define mustTouch(state) (state == Asleep)
#endif

/* WakeFlag::notify() and AbstractPoller::wakeUp() */
inline wakeUp(p)
{
    atomic {
        touch = mustTouch(flag);
        flag = Notified;
        released[p] = Release;
        unconsumed = true;
        if
        :: touch -> touches++; assert(sleeping && touches == 1); fresh[p] = true
        :: else
        fi
    }
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
    bool touch;
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

/* ---- The rest of the world ---- */

proctype Descriptors()
{
    do
    :: !readiness -> readiness = true
    :: break
    od
}

proctype StoreBuffer()
{
end:
    do
    :: atomic { clearing -> interrupted = false; clearing = false }
    od
}

/* ---- The loop ---- */

inline acquire()
{
    visible[0] = visible[0] || released[0];
    visible[1] = visible[1] || released[1];
    visible[2] = visible[2] || released[2];
    released[0] = false;
    released[1] = false;
    released[2] = false
}

inline isNotified(result)
{
    atomic {
        if
        :: result = (known == Notified)
        :: known = flag;
           result = (known == Notified);
           if
           :: result -> acquire()
           :: else
           fi
        fi
    }
}

inline exchangeAwake(result)
{
    atomic {
        !clearing;
        result = (flag == Notified);
        flag = Awake;
        known = Awake;
        fresh[0] = false;
        fresh[1] = false;
        fresh[2] = false;
        edgeIsFresh = false;
#ifndef CONSUME_WITHOUT_ACQUIRE
        acquire();
#endif
        unconsumed = unconsumed && !result;
        unreported = result
    }
}

inline consume(result)
{
    atomic {
        if
        :: result = (known != Awake)
        :: known = flag; result = (known != Awake)
        fi
    }
    if
    :: result ->
#ifdef CONSUME_BY_STORE
        atomic { flag = Awake; known = Awake; unconsumed = false; unreported = true }
#else
        exchangeAwake(result)
#endif
    :: else
    fi
}

inline fallAsleep(result)
{
    atomic {
        !clearing;
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
    }
}

inline arise()
{
    atomic {
        !clearing;
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

/* AbstractPoller::wait() with a deadline that need not come */
inline wait()
{
    fallAsleep(yes);
    if
    :: yes ->
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
        :: queued[p] -> queued[p] = false; released[p] = false; visible[p] = false
        :: !visible[p]
        fi
    }
}

inline loadInterrupted(result)
{
    atomic {
        if
        :: !clearing -> result = interrupted
        :: clearing || !visible[Interrupter] -> result = false
        fi
    }
}

/* QEventLoop::exec(), again and again, with WaitForMoreEvents */
proctype Loop()
{
    bool woken, yes;
    do
    :: atomic {
           take(Interrupter); /* exec() looks at its exit flag */
           clearing = true
       };
#ifdef CONSUME_AFTER_TAKING
       atomic { take(0); take(1) };
       consume(woken);
       woken = false;
#else
       consume(woken);
       atomic { take(0); take(1) };
#endif
#ifdef BLOCK_THOUGH_WOKEN
       woken = false;
#endif
       atomic {
           isNotified(yes);
           woken = woken || yes;
           loadInterrupted(yes)
       };
       if
       :: yes -> known = flag /* a store is visible in finite time, here before the next pass */
       :: else ->
          if
          :: woken -> atomic { collect(yes) } /* looks for readiness, does not wait */
          :: else -> wait()
          fi
       fi;
       atomic { unreported = false; woken = false; yes = false }
    od
}

#ifdef SAFETY
proctype Quiescence()
{
    timeout -> assert(!queued[0] && !queued[1] && !queued[2] && !unconsumed && !unreported)
}
#else
ltl served { [](queued[0] -> <>!queued[0]) }
ltl interruptible { [](queued[Interrupter] -> <>!queued[Interrupter]) }
ltl consumed { [](unconsumed -> <>!unconsumed) }
#endif

init {
    atomic {
        run Loop();
        run StoreBuffer();
        run Poster(0);
        run Poster(1);
        run Poster(Interrupter);
        run Descriptors();
#ifdef SAFETY
        run Quiescence()
#endif
    }
}
