# shellcheck shell=bash
# Runs a command so that it can be stopped with all its children. Sourced, never run.
#
# A shell that waits for a foreground command runs its traps only when the command has ended, and a signal sent to
# the shell does not reach the command. So the command gets a process group of its own, and the shell waits for it.

group=''

# Seconds after which a command is stopped, because it hangs. Not set: never.
time_limit=''

run_in_group() {
    local status=0 watchdog=''
    set -m
    "$@" </dev/null &
    group=$!
    if [ -n "$time_limit" ]; then
        (
            sleep "$time_limit"
            echo "stopped, because it had not ended after $time_limit s: $*" >&2
            stop_group
        ) &
        watchdog=$!
    fi
    set +m
    wait "$group" || status=$?
    [ -z "$watchdog" ] || kill -- "-$watchdog" 2>/dev/null || true
    kill -KILL -- "-$group" 2>/dev/null || true # what the command left behind
    group=''
    return "$status"
}

# Interrupts the group as Ctrl-C would: SwiftPM, pytest and Larder then stop their own children and clean up. It does
# not wait for ever, because the services must go down even if a child hangs.
stop_group() {
    local signal deadline
    [ -n "$group" ] || return 0
    for signal in INT TERM KILL; do
        kill "-$signal" -- "-$group" 2>/dev/null || break
        deadline=$((SECONDS + 10))
        while kill -0 -- "-$group" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
            sleep 0.1
        done
    done
    group=''
}

stop_group_on_signals() {
    trap 'stop_group; exit 130' INT
    trap 'stop_group; exit 143' TERM
    trap 'stop_group; exit 129' HUP
}
