# shellcheck shell=bash
# Small functions that several scripts share. Sourced, never run.

# Says in one sentence what went wrong and what to do, and ends the script.
fail() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 1
}

# Holds a lock on file $1 until this shell ends, so that two runs in one checkout take turns. The kernel lets go
# of it even after kill -9. macOS has no flock program; Python can lock the descriptor that this shell keeps open.
hold_lock() {
    exec 9>>"$1"
    if command -v flock >/dev/null; then
        flock 9
    else
        python3 -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
    fi
}

# The folder of PostgreSQL's programs, of major version $1 or of the `newest`. Debian keeps the server's out of PATH,
# so that several versions can live side by side.
postgres_bin() {
    local wanted=$1 folder found='' best=0 major
    for folder in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
        "$(dirname "$(command -v postgres || echo /nowhere/postgres)")"; do
        [ -x "$folder/postgres" ] || continue
        major=$("$folder/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        if [ "$major" = "$wanted" ]; then
            found=$folder
            break
        fi
        if [ "$wanted" = newest ] && [ "$major" -gt "$best" ]; then
            found=$folder best=$major
        fi
    done
    [ -n "$found" ] && printf '%s\n' "$found"
}
