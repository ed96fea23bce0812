/* The freshness protocol of docs/freshness.md: one value, its tags, writers, readers, and what may go wrong.
 *
 * Whoever starts a read may expect `known`: the newest version that somebody was told of. The only assertion is that no read
 * returns less. Each rule can be switched off (-DNO_RULE), and then that assertion has to fail; docs/models.md says how
 * to run it and how to add a rule. The inlines have the names of steps in the code.
 */

#ifndef WRITERS
#define WRITERS 2 /* each writes once */
#endif
#ifndef OUTSIDE
#define OUTSIDE 0 /* one who bypasses the service, with so many late marks: one of each instance that hears of it */
#endif
#ifndef READERS
#define READERS 2 /* each reads again and again */
#endif
#ifndef TAGS
#define TAGS 1 /* with 2, the second is found by the load */
#endif
#ifndef FAULTS
#define FAULTS 1 /* deaths, evictions, flushes */
#endif
#ifndef TOKENS
#define TOKENS 4 /* random names that are given in all */
#endif
#ifndef LISTED
#define LISTED 1 /* how many writers a mark lists before it stands for all up to the last */
#endif
#ifndef LATE
#define LATE 0 /* whether a writer may get no answer, so that another announces for it, and its own comes later */
#endif
#ifndef LINE
#define LINE 0 /* whether all readers are of one worker, where one load of the value runs at a time */
#endif

#define NOTHING 0
#define TOKEN 1
#define MARK 2
#define PLACEHOLDER 3
#define NO_STAMP 15

/* Sets of transactions and of readers are bits. */
#define one(x) (1 << (x))
#define under(x) (one(x) - 1)

/* ---- PostgreSQL: a snapshot is (next, running): what is at or beyond next is not listed, though it may run. ---- */

byte version;   /* commits of writers so far: the value in the database */
byte nextId = 1;
byte running;   /* transactions that have an id and are not finished */
byte writing;   /* those of them that are the service's, which pg_stat_activity tells */
byte newest;    /* finished */

#define isFinished(next, listed, ids) (((ids) & (listed)) == 0 && ((ids) & (255 - under(next))) == 0)
#define isFinishedBelow(next, listed, stamp) (next >= (stamp) && ((listed) & under(stamp)) == 0)

inline begin(id) { id = nextId; nextId++; running = running | one(id) }
inline finish(id) {
    running = running & (255 - one(id)); writing = writing & (255 - one(id));
    newest = (id > newest -> id : newest)
}
inline snapshot(next, listed) { next = newest + 1; listed = running & under(newest + 1) }

/* ---- Redis ---- */

typedef TagState { byte kind; byte name; byte stamp; byte writers }
TagState tag[TAGS];
bool isStored; /* the entry */
byte stored;   /* its value */
byte tokens[TAGS];
byte named;    /* random names given so far */
byte faults = FAULTS;

#ifdef NO_KEYSPACE
/* What a replica that lags still has. */
TagState oldTag; bool oldIsStored; byte oldStored; byte oldToken; bool hasOld;
#endif

byte known; /* the newest version that somebody was told of */

inline clear(t) { tag[t].kind = NOTHING; tag[t].name = 0; tag[t].stamp = 0; tag[t].writers = 0 }
inline drop() { isStored = false; stored = 0; tokens[0] = 0; tokens[TAGS - 1] = 0 }

/* A mark keeps the name of what it took the place of: what looks the same may be another, which came later. */
inline announce(t, id) {
    if
    :: tag[t].kind == NOTHING || tag[t].kind == PLACEHOLDER ->
        tag[t].stamp = NO_STAMP; tag[t].writers = one(id);
        if
#ifndef NO_NAME
        :: tag[t].kind == NOTHING -> named++; tag[t].name = named
#endif
        :: else
        fi
    :: tag[t].kind == TOKEN -> tag[t].writers = one(id)
    :: tag[t].kind == MARK -> add(t, one(id))
    fi;
    tag[t].kind = MARK;
#ifdef NO_NAME
    tag[t].name = 0
#endif
}

inline add(t, ids) {
    tag[t].writers = tag[t].writers | (ids);
    /* More than one bit, where one is listed: all up to the last. */
    if
    :: LISTED == 1 && (tag[t].writers & (tag[t].writers - 1)) != 0 ->
#ifdef NO_BOUND
        tag[t].writers = (tag[t].writers >= 8 -> 8 : (tag[t].writers >= 4 -> 4 : 2))
#else
        tag[t].writers = (tag[t].writers >= 8 -> 14 : (tag[t].writers >= 4 -> 6 : 2)) | tag[t].writers
#endif
    :: else
    fi
}

inline makeToken(t, since) { named++; tag[t].kind = TOKEN; tag[t].name = named; tag[t].stamp = since; tag[t].writers = 0 }

#define hasName (named + TAGS <= TOKENS)

/* ---- Writers ---- */

inline tell(v) { known = (v > known -> v : known) }

/* The value of a commit is kept if its writer was alone on the tag. */
#ifdef NO_ALONE
#define isAlone(id) ((tag[0].writers & one(id)) != 0)
#else
#define isAlone(id) (tag[0].writers == one(id))
#endif
inline writeThrough(id, value) {
    if
    :: TAGS == 1 && tag[0].kind == MARK && tag[0].stamp != NO_STAMP && isAlone(id) && hasName ->
        if :: tag[0].stamp > id + 1 -> since = tag[0].stamp :: else -> since = id + 1 fi;
        makeToken(0, since); since = 0;
        isStored = true; stored = value; tokens[0] = named
    :: else
    fi
}

proctype writer() {
    byte id, value, t, since;
    bool isAnswered = true;

    atomic { begin(id); writing = writing | one(id); if :: t = 0 :: t = TAGS - 1 fi }
#ifndef NO_ANNOUNCE
    if
    :: atomic { hasName -> announce(t, id) }
    :: atomic { faults > 0 -> faults--; finish(id); goto dead }
    fi;
#endif
    if
    :: d_step { version++; value = version; finish(id) }
    :: atomic { faults > 0 -> faults--; finish(id); goto dead }
    :: atomic { faults > 0 -> faults--; goto committing }
    fi;
#ifdef NO_ANNOUNCE
    atomic { hasName -> announce(t, id) }
#endif
#if LATE
    if :: isAnswered = true :: isAnswered = false fi;
#endif
    if
    :: d_step { tell(value) }
    :: atomic { faults > 0 -> faults--; goto dead }
    fi;
#if LATE
    if
    :: atomic { !isAnswered && hasName -> announce(t, id) }
    :: true
    fi;
#endif
    atomic {
        /* Whose own announcement may come yet, must not take a later mark for his. */
        if
#ifdef NO_ANSWER
        :: true -> writeThrough(id, value)
#else
        :: isAnswered -> writeThrough(id, value)
#endif
        :: true /* it is not waited for */
        fi;
        goto dead
    }
committing:
    /* Its client is dead, and the commit takes effect when it likes, or never. */
    atomic { version++; finish(id);
dead:
    id = 0; value = 0; t = 0 }
}

/* Its changes are not a part of the promise, so they are no version; it must not make others stale. */
proctype outsider() {
    byte id, t, marks;

    atomic { begin(id); if :: t = 0 :: t = TAGS - 1 fi }
    d_step { finish(id); marks = OUTSIDE }
    do
    :: atomic { marks > 0 && hasName -> announce(t, id); marks-- }
    :: marks == 0 -> break
    od
}

#include "freshness.readers.pml"

/* ---- What Redis may do at any time ---- */

proctype redis() {
    do
    :: atomic { faults > 0 && isStored -> faults--; drop() }
    :: atomic { faults > 0 && tag[0].kind != NOTHING -> faults--; clear(0) }
    :: atomic { TAGS == 2 && faults > 0 && tag[TAGS - 1].kind != NOTHING -> faults--; clear(TAGS - 1) }
    /* Flushed; or another life of the server, which is another keyspace and begins empty. */
    :: atomic { faults > 0 && isStored -> faults--; drop(); clear(0); clear(TAGS - 1) }
#ifdef NO_KEYSPACE
    :: atomic { !hasOld && isStored && tag[0].kind == TOKEN -> hasOld = true; oldTag.kind = tag[0].kind; oldTag.name = tag[0].name; oldTag.stamp = tag[0].stamp; oldTag.writers = tag[0].writers; oldIsStored = isStored; oldStored = stored; oldToken = tokens[0] }
    :: atomic { hasOld && faults > 0 -> faults--; tag[0].kind = oldTag.kind; tag[0].name = oldTag.name; tag[0].stamp = oldTag.stamp; tag[0].writers = oldTag.writers; isStored = oldIsStored; stored = oldStored; tokens[0] = oldToken }
#endif
    od
}

init {
    atomic {
        byte i = 0;
        do :: i < WRITERS -> run writer(); i++ :: else -> break od;
        i = 0;
        do :: i < READERS -> run reader(i); i++ :: else -> break od;
        i = 0;
        if :: OUTSIDE > 0 -> run outsider() :: else fi;
        if :: FAULTS > 0 -> run redis() :: else fi
    }
}
