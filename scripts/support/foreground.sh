# shellcheck shell=bash
# Runs commands so that they can be stopped with all their children. Sourced, never run.
#
# A shell that waits for a foreground command runs its traps only when the command has ended, and a signal sent to
# the shell does not reach the command. So each command gets a process group of its own, and the shell waits for it.

# The groups of the commands that run, and by their numbers the processes that watch their time.
groups=()
watchdogs=()

# Seconds after which a command is stopped, because it hangs. Not set: never.
time_limit=''

# Starts a command. Its number is then in `group`.
start_in_group() {
    set -m
    "$@" </dev/null &
    group=$!
    if [ -n "$time_limit" ]; then
        (
            sleep "$time_limit"
            echo "stopped, because it had not ended after $time_limit s: $*" >&2
            stop_group "$group"
        ) &
        watchdogs[group]=$!
    fi
    set +m
    groups+=("$group")
}

# Waits for the command with number $1, and returns its status.
wait_for_group() {
    local ended=$1 status=0 left=() other
    wait "$ended" || status=$?
    if [ -n "${watchdogs[ended]:-}" ]; then kill -- "-${watchdogs[ended]}" 2>/dev/null || true; fi
    kill -KILL -- "-$ended" 2>/dev/null || true # what the command left behind
    for other in "${groups[@]}"; do [ "$other" = "$ended" ] || left+=("$other"); done
    groups=(${left[@]+"${left[@]}"})
    return "$status"
}

run_in_group() {
    start_in_group "$@"
    wait_for_group "$group"
}

# Interrupts a group as Ctrl-C would: SwiftPM, pytest and Larder then stop their own children and clean up. It does
# not wait for ever, because the services must go down even if a child hangs.
stop_group() {
    local signal deadline
    for signal in INT TERM KILL; do
        kill "-$signal" -- "-$1" 2>/dev/null || break
        deadline=$((SECONDS + 10))
        while kill -0 -- "-$1" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
            sleep 0.1
        done
    done
}

stop_groups() {
    local each
    for each in ${groups[@]+"${groups[@]}"}; do stop_group "$each"; done
    groups=()
}

stop_groups_on_signals() {
    trap 'stop_groups; exit 130' INT
    trap 'stop_groups; exit 143' TERM
    trap 'stop_groups; exit 129' HUP
}
