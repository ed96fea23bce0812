/* The lease on the cache of docs/freshness.md: members that may use it, one who cannot reach Redis and closes it or has
 * another announce, whoever opens it again, and readers. Members may stand still between any two steps.
 *
 * Reading and announcing are as in freshness.pml, but simpler: who writes is asked and the value is loaded in one step. Rules are
 * switched off as there (-DNO_RULE).
 */

#ifndef READERS
#define READERS 1 /* each at a member of its own; 2 at most */
#endif
#ifndef CUT_OFF
#define CUT_OFF 2 /* writes of the one who does not reach Redis */
#endif
#ifndef WRITES
#define WRITES 1  /* of the one who does */
#endif
#ifndef OUTSIDE
#define OUTSIDE 0 /* writes that bypass the service */
#endif
#ifndef TOKENS
#define TOKENS 3
#endif

#define KEYSPACES 2 /* it is opened again once */
#define NONE 15

#define NOTHING 0
#define TOKEN 1
#define MARK 2
#define PLACEHOLDER 3

#define one(x) (1 << (x))

/* ---- PostgreSQL ---- */

byte version;
byte nextId = 1;
byte running;     /* the service's transactions */
byte epoch;       /* the row */
bool isOpen = true;
byte keyspace;
byte obeys[2];    /* the members' rows: 0 serves reads, 1 writes, and reads if there is a second reader */
bool isListed[2]; /* whether the member has a row; one that was waited for in vain is forgotten */
byte passed;      /* the last epoch of which it is certain that its leases are over by the clock */

inline begin(id) { id = nextId; nextId++; running = running | one(id) }
inline commit(id, v) { version++; v = version; running = running & (255 - one(id)) }

/* ---- Redis: a keyspace's tag and entry ---- */

typedef Keyspace { byte kind; byte name; bool hasStamp; byte writers; bool isStored; byte stored; byte token }
Keyspace redis[KEYSPACES];
byte named;

inline announce(k, id) {
    if
    :: redis[k].kind == MARK
    :: redis[k].kind == TOKEN -> redis[k].hasStamp = true; redis[k].writers = 0
    :: else -> redis[k].hasStamp = false; redis[k].writers = 0
    fi;
    redis[k].kind = MARK; redis[k].writers = redis[k].writers | one(id)
}

byte known; /* the newest version that somebody was told of */
inline tell(v) { known = (v > known -> v : known) }

/* ---- Members ---- */

byte lease[2];         /* the keyspace that a member may use */
byte heard[2];         /* the epoch of the newest row that it has heard of */
byte replyEpoch[2];    /* a reply to its question, on the way */
byte replyKeyspace[2]; /* NONE if that says that the cache is closed, or if its time is over */

/* Nobody uses the cache any more that was closed in this epoch. */
#define obeysBy(m, e) (!isListed[m] || obeys[m] >= (e))
#define isSettled(e) ((obeysBy(0, e) && obeysBy(1, e)) || passed >= (e))

inline close() {
    if
    :: isOpen -> isOpen = false; epoch++
    :: else
    fi
}

inline open() {
    /* Who did not answer is forgotten: nobody waits for him again. */
    isListed[0] = (isListed[0] && obeys[0] >= epoch); isListed[1] = (isListed[1] && obeys[1] >= epoch);
#ifdef NO_EPOCH
    redis[keyspace + 1].kind = redis[keyspace].kind; redis[keyspace + 1].name = redis[keyspace].name;
    redis[keyspace + 1].hasStamp = redis[keyspace].hasStamp; redis[keyspace + 1].writers = redis[keyspace].writers;
    redis[keyspace + 1].isStored = redis[keyspace].isStored; redis[keyspace + 1].stored = redis[keyspace].stored;
    redis[keyspace + 1].token = redis[keyspace].token;
#endif
    isOpen = true; epoch++; keyspace++
}

/* It stops by what it hears, before it says so. What comes late does not count. */
inline obey(m) {
    if
    :: replyEpoch[m] >= heard[m] -> heard[m] = replyEpoch[m]; lease[m] = replyKeyspace[m]
    :: else
    fi
}

/* It writes what it obeys; then it reads the row; then it hears what that says. */
inline say(m) { obeys[m] = heard[m]; isListed[m] = true }

proctype member(byte m) {
#ifndef NO_ORDER
    atomic { say(m) }
#endif
renew:
    atomic {
#if !defined(NO_LISTED) && !defined(NO_ORDER)
        /* It was forgotten meanwhile. */
        if :: !isListed[m] -> say(m) :: else fi;
#endif
        replyEpoch[m] = epoch; replyKeyspace[m] = (isOpen -> keyspace : NONE)
    }
#ifdef NO_ORDER
    atomic { say(m) }
#endif
#ifdef NO_OBEY
    atomic { obeys[m] = replyEpoch[m]; isListed[m] = true }
#endif
    do
    /* Before the reply comes, it may be told of the row as it is now. */
    :: atomic { heard[m] != epoch && !isOpen -> heard[m] = epoch; lease[m] = NONE }
    :: atomic {
            obey(m); replyEpoch[m] = 0; replyKeyspace[m] = NONE;
#ifndef NO_ORDER
            say(m);
#endif
            goto renew
        }
    od
}

/* Time, and whoever opens the cache. */
proctype world() {
    do
    /* Each counts its lease from when it asked, so those of the epoch before are over; what was asked for before, too. */
    :: atomic { !isOpen && passed < epoch ->
        passed = epoch; lease[0] = NONE; lease[1] = NONE;
#ifndef NO_SENT
        replyKeyspace[0] = NONE; replyKeyspace[1] = NONE
#endif
       }
#ifdef NO_OPEN_WAIT
    :: atomic { !isOpen && keyspace + 1 < KEYSPACES -> open() }
#else
    :: atomic { !isOpen && keyspace + 1 < KEYSPACES && isSettled(epoch) -> open() }
#endif
    od
}

/* ---- Writers ---- */

/* It reaches Redis, and has a lease. */
proctype writer() {
    byte id, k, v, n;

    do
    :: n < WRITES ->
        n++;
#ifdef NO_LATE_LOOK
        atomic { lease[1] != NONE -> k = lease[1] }
        atomic { begin(id) }
#else
        atomic { begin(id) }
        atomic { lease[1] != NONE -> k = lease[1] }
#endif
        atomic { announce(k, id) }
        atomic { commit(id, v) }
        atomic { tell(v); id = 0; k = 0; v = 0 }
    :: else -> break
    od
}

byte relayed;      /* the transaction that the other member is to announce; 0 for none */
byte relayedTo;    /* in which keyspace */
bool isAcknowledged;

/* Another announces where the row was when the transaction had its id, and says so. If it does not, the cache is closed. */
inline relay(k, id) {
    atomic { relayed = id; relayedTo = k; isAcknowledged = false }
#ifdef NO_ACKNOWLEDGEMENT
    goto committing;
#endif
    if
    :: atomic { isAcknowledged -> isAcknowledged = false; goto committing }
    :: true
    fi
}

/* Nobody uses the cache any more when something is committed that was not announced. */
inline holdClosed(e) {
#ifdef NO_WAIT
    skip
#else
    isSettled(e)
#endif
}

/* It does not reach Redis. */
proctype cutOff() {
    byte id, e, k, v, n;

    do
    :: n < CUT_OFF ->
        n++;
#ifdef NO_HOLD
        id = 0;
#else
        atomic { begin(id) }
#endif
        do
        :: atomic { isOpen && id != 0 && relayed == 0 -> k = keyspace }
            relay(k, id)
        :: atomic { isOpen -> close(); e = epoch }
            goto waitUntilSettled
        :: atomic { !isOpen -> e = epoch }
waitUntilSettled:
            holdClosed(e);
            break
        od;
committing:
#ifdef NO_HOLD
        if :: id == 0 -> atomic { begin(id) } :: else fi;
#endif
        atomic { commit(id, v) }
        atomic { tell(v); id = 0; e = 0; k = 0; v = 0 }
    :: else -> break
    od
}

/* The other member, asked for that; maybe long after. */
proctype helper() {
    do
    :: atomic { relayed != 0 -> announce(relayedTo, relayed); relayed = 0; isAcknowledged = true }
    od
}

/* Its change is seen once a member has heard of it, or knows that it may have missed it. */
proctype outsider() {
    byte v;

    atomic { version++; v = version }
    if
    :: atomic { isOpen -> announce(keyspace, 7); tell(v) }
    :: skip;
        /* A gap: another epoch, whatever was missed. */
#ifdef NO_GAP
        skip;
#else
        atomic { close(); v = v | (epoch << 4) }
        isSettled(v >> 4);
#endif
        atomic { tell((v & 15)); v = 0 }
    fi
}

#include "lease.readers.pml"

init {
    atomic {
        byte i;
        lease[0] = NONE; lease[1] = NONE; replyKeyspace[0] = NONE; replyKeyspace[1] = NONE;
        run member(0); run member(1); run world(); run writer(); run cutOff(); run helper();
        if :: OUTSIDE > 0 -> run outsider() :: else fi;
        do :: i < READERS -> run reader(i); i++ :: else -> break od;
        i = 0
    }
}
