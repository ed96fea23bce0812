/* The readers of lease.pml. */

proctype reader(byte m) {
    byte floor, k, kind, name, writers, who, value;
    bool hasStamp;

start:
    atomic { floor = known; k = lease[m]; if :: k == NONE -> value = version; goto answer :: else fi }
    atomic {
        if
        :: redis[k].kind == TOKEN && redis[k].isStored && redis[k].token == redis[k].name -> value = redis[k].stored; goto answer
        :: else
        fi;
        if
        :: redis[k].kind == NOTHING -> named < TOKENS; named++; redis[k].kind = PLACEHOLDER; redis[k].name = named
        :: else
        fi;
        kind = redis[k].kind; name = redis[k].name; hasStamp = redis[k].hasStamp; writers = redis[k].writers
    }
    d_step { who = running; value = version }
    atomic {
        if
        :: kind == TOKEN -> redis[k].isStored = true; redis[k].stored = value; redis[k].token = name
        :: kind != TOKEN && redis[k].kind == kind && redis[k].name == name && redis[k].hasStamp == hasStamp && redis[k].writers == writers ->
            if
#ifdef NO_ASK
            :: (who & writers) == 0 && named < TOKENS ->
#else
            :: (who & writers) == 0 && (who == 0 || (kind == MARK && hasStamp)) && named < TOKENS ->
#endif
                named++; redis[k].kind = TOKEN; redis[k].name = named; redis[k].hasStamp = false; redis[k].writers = 0;
                redis[k].isStored = true; redis[k].stored = value; redis[k].token = named
            :: else ->
                if
                :: kind == PLACEHOLDER || !hasStamp -> redis[k].kind = MARK; redis[k].hasStamp = true; redis[k].writers = writers | who
                :: else
                fi
            fi
        :: else
        fi;
answer:
        assert(value >= floor);
        tell(value);
        floor = 0; k = 0; kind = 0; name = 0; writers = 0; hasStamp = false; who = 0; value = 0;
        goto start
    }
}
