/* The readers of freshness.pml: from the look to what is told Redis. */

#define WAITING 1
#define LOOK 2
#define LEAD 3
#define TAKE 4

inline look(t) {
#ifndef NO_PLACEHOLDER
    if
    :: tag[t].kind == NOTHING -> place(t)
    :: else
    fi;
#endif
    saw[t].kind = tag[t].kind; saw[t].name = tag[t].name; saw[t].stamp = tag[t].stamp; saw[t].writers = tag[t].writers
}

inline place(t) { named++; tag[t].kind = PLACEHOLDER; tag[t].name = named }

#define isUnknown(t) (saw[t].kind == NOTHING || saw[t].kind == PLACEHOLDER || (saw[t].kind == MARK && saw[t].stamp == NO_STAMP))
#define isSame(t) (tag[t].kind == saw[t].kind && tag[t].name == saw[t].name && tag[t].stamp == saw[t].stamp && tag[t].writers == saw[t].writers)
#ifdef NO_EVIDENCE
#define isMarkFinished(t) true
#else
#define isMarkFinished(t) isFinished(next, listed, saw[t].writers)
#endif
#ifdef NO_QUIET
#define isQuiet true
#else
#define isQuiet isFinished(next, listed, who)
#endif
/* Looked at before the load. */
#define isCurrent(t) (saw[t].kind == TOKEN || (saw[t].kind == MARK && isMarkFinished(t) && (saw[t].stamp != NO_STAMP || isQuiet)) || ((saw[t].kind == PLACEHOLDER || saw[t].kind == NOTHING) && isQuiet))
/* Looked at after the load, where there is a stamp. */
#ifdef NO_STAMPS
#define isCurrentBefore(t) true
#else
#define isCurrentBefore(t) (isFinishedBelow(next, listed, saw[t].stamp) && (saw[t].kind == TOKEN || isFinished(next, listed, saw[t].writers)))
#endif

/* What a load showed. */
#define STALE 1   /* maybe: somebody may have committed since */
#define CURRENT 2
#define UNSEEN 3  /* as far as its tags were looked at: there is one more */

/* Compare and set: a token where the value is current, else the mark of those to wait for. */
inline fill(t) {
    if
    :: saw[t].kind == TOKEN -> mine[t] = saw[t].name
#ifdef NO_COMPARE
    :: saw[t].kind != TOKEN ->
#else
    :: saw[t].kind != TOKEN && isSame(t) ->
#endif
        makeToken(t, next); mine[t] = named
    :: else -> mine[t] = 0
    fi
}
inline wait(t) {
    if
    :: (saw[t].kind == PLACEHOLDER || (saw[t].kind == MARK && saw[t].stamp == NO_STAMP)) && isSame(t) ->
        tag[t].kind = MARK; tag[t].stamp = next; add(t, who)
    :: else
    fi
}

inline keep() {
    fill(0); isKept = (mine[0] != 0);
    if :: TAGS == 2 -> fill(TAGS - 1); isKept = (isKept && mine[TAGS - 1] != 0) :: else fi;
    if
    :: isKept -> isStored = true; stored = value; tokens[0] = mine[0]; tokens[TAGS - 1] = mine[TAGS - 1]
    :: else
    fi;
    isKept = true /* so it believes: it does not hear whether a compare failed */
}

/* Where nothing is known of writers before the look: nobody writes, and nobody has finished since the load. */
inline confirm() {
#ifdef NO_CONFIRM
    verdict = CURRENT; listed = 0
#else
#ifdef NO_CONFIRM_ORDER
    d_step { verdict = (newest + 1 == next && (running & under(next)) == listed -> CURRENT : STALE); listed = 0 }
    if
    :: writing != 0 -> verdict = STALE
    :: else
    fi
#else
#ifndef NO_CONFIRM_ASK
    if
    :: writing != 0 -> verdict = STALE
    :: else
    fi;
#endif
#ifdef NO_CONFIRM_SNAPSHOT
    verdict = (verdict == UNSEEN -> CURRENT : STALE); listed = 0
#else
    d_step { verdict = (verdict == UNSEEN && newest + 1 == next && (running & under(next)) == listed -> CURRENT : STALE); listed = 0 }
#endif
#endif
#endif
}

/* Readers of one worker: one load runs at a time, and who came while it ran does not take its value. */
byte loading;       /* the reader whose load runs, from 1 */
byte waiting;       /* who waits for it, and shares the next */
byte sharing;       /* who shares the one that runs */
byte word[READERS]; /* what one who waited is told */
byte taken;         /* the value for those who share */
byte r;

/* A value is loaded: those who share it came before. */
inline share() {
    r = 0;
    do
    :: r < READERS -> if :: (sharing & one(r)) != 0 -> word[r] = TAKE; taken = value :: else fi; r++
    :: else -> break
    od;
    sharing = 0; r = 0
}

/* What there was to tell Redis is sent. */
inline endLoad() {
    if
    :: LINE && loading == me + 1 ->
        loading = 0;
        r = 0;
        do
        :: r < READERS ->
            if
            :: (waiting & one(r)) == 0
#ifdef NO_LATER_LOAD
            :: (waiting & one(r)) != 0 -> word[r] = TAKE; taken = value
#endif
            :: (waiting & one(r)) != 0 && isKept -> word[r] = LOOK
            :: (waiting & one(r)) != 0 && !isKept && loading == 0 -> word[r] = LEAD; loading = r + 1
            :: (waiting & one(r)) != 0 && !isKept && loading != 0 -> sharing = sharing | one(r)
            fi;
            r++
        :: else -> break
        od;
        waiting = 0; r = 0
    :: else
    fi
}

inline forget(t) { mine[t] = 0; saw[t].kind = 0; saw[t].name = 0; saw[t].stamp = 0; saw[t].writers = 0 }
inline forgetAll() {
    next = 0; listed = 0; who = 0; verdict = 0; isReloaded = false; knowsAll = false; isKept = false;
    forget(0); forget(TAGS - 1)
}

#define isHit(t) (isStored && tag[t].kind == TOKEN && tag[t].name == tokens[t])

proctype reader(byte me) {
    byte floor, value;
    byte next, listed; /* the load's snapshot */
    byte who;          /* wrote when it was asked */
    byte verdict, other;
    byte mine[TAGS];   /* tokens for the entry */
    TagState saw[TAGS];
    bool knowsAll, isReloaded, isKept;

start:
    atomic {
        floor = known;
        if :: TAGS == 1 -> knowsAll = true :: TAGS == 2 :: TAGS == 2 -> knowsAll = true fi;
lookAgain:
        if
        :: isHit(0) && isHit(TAGS - 1) -> value = stored; goto answer
        :: else
        fi;
        hasName;
        look(0);
        if :: TAGS == 2 && knowsAll -> look(TAGS - 1) :: else fi;
        if
        :: LINE && loading == 0 -> loading = me + 1
        :: LINE && loading != 0 && loading != me + 1 -> waiting = waiting | one(me); word[me] = WAITING; goto waitForLoad
        :: else
        fi
    }
load:
    /* Who writes is asked after the look and before the load. */
    if
    :: isUnknown(0) || (TAGS == 2 && knowsAll && isUnknown(TAGS - 1)) -> who = writing
    :: else
    fi;
    atomic {
        snapshot(next, listed);
#ifdef NO_ASK
        who = listed; /* as if a snapshot listed all who run */
#endif
        value = version;
        share();
        if
        :: !(isCurrent(0) && (!knowsAll || isCurrent(TAGS - 1))) -> verdict = STALE; listed = 0
        :: else -> verdict = (knowsAll -> CURRENT : UNSEEN); who = 0; listed = (knowsAll -> 0 : listed)
        fi
    }
    if
    :: verdict != UNSEEN
    :: atomic { verdict == UNSEEN && hasName ->
            /* A tag that the load found is looked at after it. Under a stamp the snapshot decides. */
            look(TAGS - 1);
            if
            :: isUnknown(TAGS - 1)
            :: !isUnknown(TAGS - 1) && isCurrentBefore(TAGS - 1) -> verdict = CURRENT; listed = 0
            :: else -> verdict = STALE
            fi
        };
        if
        :: verdict == UNSEEN -> confirm()
        :: else
        fi;
        if
        :: verdict == STALE && !isReloaded -> atomic { verdict = 0; isReloaded = true; knowsAll = true; goto lookAgain }
        :: else
        fi
    fi;
    atomic {
        if
        /* A process may die now; what it would have told Redis is lost. */
        :: true
        :: verdict == CURRENT && hasName -> keep()
        :: verdict == STALE -> wait(0); if :: TAGS == 2 && knowsAll && !isReloaded -> wait(TAGS - 1) :: else fi
        fi;
answer:
        endLoad();
        assert(value >= floor);
        tell(value);
        floor = 0; value = 0;
        forgetAll();
        goto start
    }
waitForLoad:
    if
    :: atomic { word[me] == LOOK -> word[me] = 0; goto lookAgain }
    :: atomic { word[me] == LEAD -> word[me] = 0; goto load }
    :: atomic { word[me] == TAKE -> word[me] = 0; value = taken; goto answer }
    fi
}
