#!/bin/sh
# Gives strongSwan the new configuration of one tunnel, authenticates anew, and fails unless that worked.
# Argument: the connection's name. Standard input: its swanctl.conf, which holds the key. Runs as root, on the router.
set -eu
umask 077
name=$1
file=${SWANCTL_DIR:-/etc/swanctl}/conf.d/$name.conf
fail() {
  echo "$name: $1" >&2
  exit 1
}

# The old file is not kept: its key is in force no more.
cat >"$file.new"
[ -s "$file.new" ] || fail "no configuration on standard input"
mv "$file.new" "$file"

# swanctl ends with 0 also when it found nothing to load, so its words count.
loaded=$(swanctl --load-all --noprompt) || fail "strongSwan refuses the configuration"
case $loaded in
*"loaded connection '$name'"*) ;;
*) fail "strongSwan found no connection of this name in the configuration" ;;
esac

# A live SA would take a new child without any authentication: it has to end first.
swanctl --terminate --ike "$name" --force --timeout 5 >/dev/null 2>&1 || true
left=$(swanctl --list-sas --ike "$name")
[ -z "$left" ] || fail "the old IKE SA does not end"
said=$(swanctl --initiate --ike "$name" --child "$name" --timeout 20) || fail "not established: $said"
echo "$name: established"
