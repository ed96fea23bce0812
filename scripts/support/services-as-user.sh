# shellcheck shell=bash
# The half of scripts/services that runs as an unprivileged user. It gets common.sh before it, in one string:
#   bash -c "$program" services COMMAND "postgres redis" durable|ephemeral NAME FOLDER
set -euo pipefail

command=$1 which=$2 mode=$3 name=$4 folder=$5
# The caller's PGPORT, PGDATA and the like are about other servers.
unset REDISCLI_AUTH "${!PG@}"

cd "$folder" || fail "cannot enter $folder"
[ -O . ] || fail "$folder belongs to another user; delete it, or name another with --folder"
umask 077

# A unix socket's path is limited to 107 bytes (103 on macOS), and a URL should not need escapes.
sockets=$folder
if [ "${#folder}" -gt 80 ] || [[ $folder == *[!A-Za-z0-9/._-]* ]]; then
    sockets=/tmp/$name
    if [ "$command" = up ]; then
        mkdir "$sockets" 2>/dev/null || true
        if [ -L "$sockets" ] || [ ! -O "$sockets" ]; then
            fail "$sockets is in the way: it belongs to another user; delete it"
        fi
        chmod 700 "$sockets"
    fi
fi
redis_socket=$sockets/redis.sock
log=$folder/postgres.log

# Whether process $1 runs a program whose arguments contain $2. A pid file alone does not tell: after a crash its
# number may be another process's. Linux is read from /proc, because small images have no ps.
process_is() {
    local arguments
    [ -n "$1" ] && kill -0 "$1" 2>/dev/null || return 1
    if [ -r "/proc/$1/cmdline" ]; then
        arguments=$(tr '\0' ' ' <"/proc/$1/cmdline")
    else
        arguments=$(ps -ww -p "$1" -o args=)
    fi
    [[ $arguments == *"$2"* ]]
}

# Fails with the end of log $2: on a build machine nobody can look at it later.
fail_with_log() {
    tail -n 5 "$2" >&2 || true
    fail "$1; see $2"
}

first_line() { if [ -r "$1" ]; then head -n 1 "$1"; fi; }
postgres_pid() { first_line postgres/postmaster.pid; }
redis_pid() { first_line redis.pid; }
postgres_runs() { process_is "$(postgres_pid)" "$folder/postgres"; }
redis_runs() { process_is "$(redis_pid)" redis-server; }
query() { "$bin/psql" -X -q -t -A -h "$sockets" -p 5432 -U larder "$@" </dev/null; }

wait_until() {
    local tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || return 1
        sleep 0.1
    done
}

# A cluster is made under another name first, so that one whose making was interrupted is never taken for whole.
# Text sorts by code point, as it does in Swift.
make_cluster() {
    local ctype=C sync=()
    if locale -a 2>/dev/null | grep -qi '^C\.utf-\{0,1\}8$'; then ctype=C.UTF-8; fi
    if [ "$mode" = ephemeral ]; then sync=(--no-sync); fi
    rm -rf postgres.new
    "$bin/initdb" -D postgres.new -U larder --auth=trust --encoding=UTF8 --locale=C --lc-ctype="$ctype" \
        ${sync[@]+"${sync[@]}"} >initdb.log 2>&1 9>&- </dev/null ||
        fail_with_log 'initdb failed' "$folder/initdb.log"
    mv postgres.new postgres
}

# All that differs from PostgreSQL's defaults. The folder's permissions guard the socket, so any user of it is trusted.
write_settings() {
    cat <<SETTINGS
listen_addresses = ''
port = 5432
unix_socket_directories = '$sockets'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = '128MB'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
log_min_messages = warning
log_min_duration_statement = '1s'
log_lock_waits = on
SETTINGS
    if [ "$mode" = ephemeral ]; then
        printf '%s = off\n' fsync synchronous_commit full_page_writes
    fi
}

start_postgres() {
    local attempt
    if ! postgres_runs; then
        if [ ! -d postgres ]; then make_cluster; fi
        write_settings >postgres/postgresql.conf
        # A pid file left by a crash, whose number now is another program's, would stop PostgreSQL from starting.
        if kill -0 "$(postgres_pid)" 2>/dev/null; then rm -f postgres/postmaster.pid "$sockets"/.s.PGSQL.*; fi
        if [ -f "$log" ]; then mv -f "$log" "$log.1"; fi
        # After a kill -9 the old server's children may take a moment to notice and to go.
        for attempt in 1 2 3 failed; do
            if [ "$attempt" = failed ]; then fail_with_log 'PostgreSQL did not start' "$log"; fi
            "$bin/pg_ctl" -D "$folder/postgres" -l "$log" -w -t 60 start >/dev/null 2>&1 9>&- </dev/null && break
            sleep 1
        done
    fi
    wait_until query -d postgres -c 'select 1' || fail_with_log 'PostgreSQL does not answer' "$log"
    if [ -z "$(query -d postgres -c "select 1 from pg_database where datname = 'larder'")" ]; then
        query -d postgres -c 'create database larder'
    fi
}

start_redis() {
    if ! redis_runs; then
        if [ -f redis.log ]; then mv -f redis.log redis.log.1; fi
        redis-server --port 0 --unixsocket "$redis_socket" --unixsocketperm 700 --save '' --appendonly no \
            --maxmemory 256mb --maxmemory-policy allkeys-lru \
            --daemonize yes --pidfile "$folder/redis.pid" --logfile "$folder/redis.log" --dir "$folder" \
            >/dev/null 2>&1 9>&- </dev/null || fail_with_log 'Redis did not start' "$folder/redis.log"
    fi
    wait_until redis-cli -s "$redis_socket" ping || fail_with_log 'Redis does not answer' "$folder/redis.log"
}

stop_postgres() {
    if postgres_runs; then
        "$bin/pg_ctl" -D "$folder/postgres" -m fast -w -t 30 stop >/dev/null 2>&1 ||
            "$bin/pg_ctl" -D "$folder/postgres" -m immediate -w -t 10 stop >/dev/null 2>&1 ||
            fail "PostgreSQL (process $(postgres_pid)) does not stop; see $log"
    fi
}

redis_stopped() { ! redis_runs; }
stop_redis() {
    if redis_runs; then
        kill -TERM "$(redis_pid)"
        # It has nothing to save, so nothing is lost by force.
        wait_until redis_stopped || kill -KILL "$(redis_pid)"
    fi
}

show_status() {
    local service status=0
    for service in $which; do
        if "${service}_runs"; then
            echo "$service runs (process $("${service}_pid"), log $folder/$service.log)"
        else
            echo "$service does not run (folder $folder)"
            status=3
        fi
    done
    return "$status"
}

show_env() {
    case $which in *postgres*) echo "DATABASE_URL=postgresql://larder@:5432/larder?host=$sockets" ;; esac
    case $which in *redis*) echo "REDIS_URL=unix://$redis_socket" ;; esac
}

find_programs() {
    local version
    version=$(first_line postgres/PG_VERSION)
    bin=$(postgres_bin "${version:-newest}") ||
        fail "no PostgreSQL ${version:-server} found; run scripts/install-dependencies${version:+, or delete $folder/postgres}"
}

for_each() { local service; for service in $which; do "$1_$service"; done; }

# Deletes what was made here and nothing else, whatever folder was named.
remove_all() {
    which='postgres redis'
    if [ -d postgres ]; then find_programs; fi
    for_each stop
    rm -rf postgres postgres.new postgres.log postgres.log.1 initdb.log redis.log redis.log.1 redis.pid redis.sock \
        .s.PGSQL.5432 .s.PGSQL.5432.lock lock
    if [ "$sockets" != "$folder" ]; then rm -rf "$sockets"; fi
    cd /
    rmdir "$folder" 2>/dev/null || true
}

case $command in
status) show_status ;;
env) show_env ;;
up)
    find_programs
    hold_lock lock
    for_each start
    ;;
down)
    if [ -d postgres ]; then find_programs; fi
    hold_lock lock
    for_each stop
    ;;
remove)
    hold_lock lock
    remove_all
    ;;
esac
