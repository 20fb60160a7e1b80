#!/bin/sh
# Loads the new configuration of one tunnel into strongSwan, authenticates again, and fails unless that works.
# Argument: the connection's name. Standard input: its swanctl.conf, which contains the key. Runs as root, on the router.
set -eu
umask 077
name=$1
file=${SWANCTL_DIR:-/etc/swanctl}/conf.d/$name.conf
fail() {
  echo "$name: $1" >&2
  exit 1
}

# The old file is not kept, because its key is no longer active.
cat >"$file.new"
[ -s "$file.new" ] || fail "no configuration on standard input"
mv "$file.new" "$file"

# swanctl exits with 0 even if it found nothing to load, so its output counts.
loaded=$(swanctl --load-all --noprompt) || fail "strongSwan refuses the configuration"
case $loaded in
*"loaded connection '$name'"*) ;;
*) fail "strongSwan found no connection of this name in the configuration" ;;
esac

# A live SA would accept a new child without authentication, so it must end first.
swanctl --terminate --ike "$name" --force --timeout 5 >/dev/null 2>&1 || true
left=$(swanctl --list-sas --ike "$name")
[ -z "$left" ] || fail "the old IKE SA does not end"
said=$(swanctl --initiate --ike "$name" --child "$name" --timeout 20) || fail "not established: $said"
# Only a child carries traffic. If the other side refuses the child, strongSwan keeps the IKE SA without one.
case $(swanctl --list-sas --ike "$name") in
*INSTALLED*) echo "$name: established" ;;
*) fail "authenticated, but without a child: $said" ;;
esac
