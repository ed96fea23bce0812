#!/usr/bin/env bash
# Installs the packages it is given, as root, so that no server starts now or at the next boot because of us.
# Everything it puts in the way for that is taken back when it ends.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
cluster_rule=$clusters/larder-makes-its-own.conf
undo=()

take_back() {
    local file
    for file in ${undo[@]+"${undo[@]}"}; do
        rm -f "$file"
    done
    rmdir "$clusters" 2>/dev/null || true
}
trap take_back EXIT

# Keeps the packages' own scripts from starting services.
if [ ! -e "$policy" ]; then
    undo+=("$policy")
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"
}
install() { apt install --yes --no-install-recommends "$@" </dev/null; }

# An old index is better than none: what is needed may be in it.
apt update || echo 'apt-get update failed; going on with the package index as it is' >&2

case " $* " in
*' postgresql '*)
    # The server package makes a cluster unless its common package, installed first, was told otherwise.
    install postgresql-common
    mkdir -p "$clusters"
    undo+=("$cluster_rule")
    echo 'create_main_cluster = false' >"$cluster_rule"
    ;;
esac

install "$@"

for service in redis-server pgbouncer; do
    case " $* " in
    *" $service "*)
        if [ -d /run/systemd/system ]; then systemctl disable --quiet "$service"; fi
        ;;
    esac
done
