#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# stop.sh COMMAND... - interrupts set-up while dpkg works, in three ways.
#
# COMMAND begins set-up on an install where nothing is there yet.  It is stopped
# by Ctrl-C (a signal to its process group) while it installs Python, and then by
# SIGTERM and SIGKILL (to its process alone).  Nothing of set-up may outlive it, and it may leave nothing in
# /tmp.  The last line says what came of it.
set -u

out=$(mktemp -d)
trap 'cat "$out"/log-*; rm -rf "$out"; echo $word' EXIT

# Names of set-up's processes.
running() {
    for directory in /proc/[0-9]*; do
        read -r name 2>/dev/null <"$directory/comm" || continue
        case $name in
        apt-get | dpkg | setup.sh | sources.py) printf '%s ' "$name" ;;
        esac
    done
}

# Whether dpkg has begun something that it has not ended.
midway() {
    running | grep -q dpkg && [ -n "$(ls /var/lib/dpkg/updates)" ]
}

# Waits a tenth of a second, 600 times at most.
again() {
    count=$((count + 1))
    [ $count -le 600 ] || return 1
    sleep 0.1
}

step='setup: installing .* python3'
for how in INT TERM KILL; do
    env --default-signal=INT setsid "$@" >"$out/log-$how" 2>&1 </dev/null &
    pid=$!
    count=0
    until grep -q "$step" "$out/log-$how" && midway; do
        word="$how: set-up never came to dpkg"
        kill -0 $pid 2>/dev/null || exit 1
        again || exit 1
    done
    case $how in
    INT) kill -s INT -- -$pid ;;
    *) kill -s $how $pid ;;
    esac
    status=0
    wait $pid 2>/dev/null || status=$?
    word="$how: exit status $status"
    [ $status != 0 ] || exit 1
    count=0
    while [ -n "$(running)" ]; do
        word="$how: left behind: $(running)"
        again || exit 1
    done
    left=$(ls /tmp | grep -v '^apt-')
    word="$how: left in /tmp: $left"
    [ "$left" = "${out#/tmp/}" ] || exit 1
    step='setup: installing .* qemu-system-arm'
done
word='interrupted by INT, TERM and KILL; nothing was left'
