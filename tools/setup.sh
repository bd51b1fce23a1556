#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# setup.sh [--quiet] [--allow-upgrade] GROUP... - installs missing packages.
#
# Groups are the lists below; "all" is every one but "fresh".  Does nothing when
# nothing is missing.  Says before it starts what it will fetch.  Never changes
# package sources, never removes a package, and changes an installed one only
# when the release's own archive leaves no other way and the user agrees.
# Interrupted, it leaves no process and no lock behind; the next run repairs
# what dpkg had begun.  Works as root or by sudo.
set -eu

# One package per line of a list: name, then what it is for.
packages_python='
python3                     the pride command
'
packages_build='
make                        runs the build
clang                       compiler for the target
lld                         linker for the target
llvm                        archiver, object tools
gcc                         compiler for the host
libc6-dev                   host headers
libexpat1-dev               XML for the tool
libfdt-dev                  device trees for the tool
device-tree-compiler        board device trees
picolibc-aarch64-linux-gnu  C library of network clients
'
packages_run='
qemu-system-arm             the machine
ipxe-qemu                   boot ROM of the network card that QEMU adds unasked
ca-certificates             third-party sources
'
packages_unit='
libcmocka-dev               unit tests
'
packages_style='
clang-format                style check
'
packages_net='
python3-scapy               frames for network tests
iproute2                    namespaces and taps
iputils-ping                peers for network tests
netcat-openbsd              peers for network tests
curl                        peers for network tests
iperf3                      peers for network tests
tcpdump                     looking at failures
nmap                        peers for network tests
'
packages_web='
apache2-utils               web load
wrk                         web load
chromium                    the status page in a real browser
'
packages_debug='
gdb-multiarch               debugger
'
packages_fresh='
debootstrap                 minimal installs
'
all='python build run unit style net web debug'

lock_seconds=300 # how long another apt is waited for
case ${PRIDE_LOCK_SECONDS:-} in
"" | *[!0-9]*) ;;
*) lock_seconds=$PRIDE_LOCK_SECONDS ;;
esac
quiet=no
upgrade=no
groups=
for word in "$@"; do
    case $word in
    --quiet) quiet=yes ;;
    --allow-upgrade) upgrade=yes ;;
    all) groups=$all ;;
    *)
        case " $all fresh " in
        *" $word "*) groups="$groups $word" ;;
        *)
            echo "setup: unknown argument '$word'; groups: $all" >&2
            exit 2
            ;;
        esac
        ;;
    esac
done

say() {
    printf 'setup: %s\n' "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# --- What is missing ---------------------------------------------------------

wanted=
for group in ${groups:-$all}; do
    eval "list=\$packages_$group"
    wanted="$wanted $(printf '%s\n' "$list" | awk 'NF { print $1 }')"
done

if ! command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086 # a list of words
    die 'this is not a Debian system; please install the equivalents of:' $wanted
fi

find_missing() {
    # shellcheck disable=SC2086
    have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted \
        2>/dev/null || true)
    missing=
    for package in $wanted; do
        case "
$have
" in
        *"
$package installed
"*) ;;
        *) missing="$missing $package" ;;
        esac
    done
}

find_missing
if [ -z "$missing" ]; then
    [ $quiet = yes ] || say 'all packages are installed'
    exit 0
fi

if [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null; then
    root='sudo'
else
    die "missing packages can only be installed by root, and there is no sudo;" \
        "as root: apt-get install --no-install-recommends$missing"
fi

# --- Running apt -------------------------------------------------------------

private=$(mktemp -d)
chmod 755 "$private"
child=
shower=

# The running apt, with whatever it started, ends before we do.
finish() {
    status=$?
    trap '' INT TERM HUP
    [ -z "$shower" ] || kill "$shower" 2>/dev/null || true
    if [ -n "$child" ] && [ -s "$private/group" ]; then
        # a shell's own kill: a minimal system has no other
        $root sh -c 'kill -s TERM -- "-$0"' "$(cat "$private/group")" \
            2>/dev/null || true
        wait "$child" 2>/dev/null || true
        # what apt started may take longer
        tries=0
        while [ $tries -lt 30 ] && $root sh -c 'kill -s 0 -- "-$0"' \
            "$(cat "$private/group")" 2>/dev/null; do
            sleep 1
            tries=$((tries + 1))
        done
    fi
    rm -rf "$private"
    exit $status
}
trap finish EXIT
trap 'say "interrupted; the next run goes on"; exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Runs a command as root in a process group of its own, so that all of it can be
# ended; its output goes to a file.  Should we be killed, the group ends itself.
as_root() {
    : >"$private/log"
    : >"$private/group"
    # shellcheck disable=SC2086
    $root env LC_ALL=C DEBIAN_FRONTEND=noninteractive setsid --wait sh -c \
        'echo $$ >"$0"
        us=$1
        shift
        while sleep 1 && kill -0 $$ 2>/dev/null; do
            kill -0 "$us" 2>/dev/null || kill -s TERM -- -$$
        done &
        exec "$@"' "$private/group" $$ "$@" \
        >"$private/log" 2>&1 </dev/null &
    child=$!
    status=0
    wait $child || status=$?
    child=
    return $status
}

# apt-get as root, which may not remove anything; another apt that holds the
# lock is waited for.
apt_root() {
    waited=0
    # shellcheck disable=SC2086
    until as_root apt-get $options --no-remove "$@"; do
        if ! grep -q 'Could not get lock\|locked by another' "$private/log"; then
            return 1
        fi
        if [ "$waited" -ge "$lock_seconds" ]; then
            die "another program has been installing packages for" \
                "$lock_seconds seconds; try again when it is done"
        fi
        [ "$waited" != 0 ] ||
            say 'another program is installing packages; waiting for it'
        sleep 5
        waited=$((waited + 5))
    done
}

# What went wrong, in one sentence if it is known.
failed() {
    if grep -q -e 'failure resolving' -e 'Could not resolve' \
        -e 'Could not connect' -e 'Unable to connect' -e 'Network is unr' \
        "$private/log"; then
        die 'the Debian archive cannot be reached: is there a network?'
    fi
    tail -20 "$private/log" >&2
    die "$@"
}

# Where several releases are configured side by side, take the installed one.
# without a terminal of its own, dpkg can be ended with the rest of the group
options='-q -y --no-install-recommends -o Dpkg::Use-Pty=0'
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
if [ -n "$release" ]; then
    mkdir "$private/none"
    cat >"$private/preferences" <<END
Package: *
Pin: release n=$release*
Pin-Priority: 990

Package: *
Pin: release n=/./
Pin-Priority: 90
END
    options="$options -o Dir::Etc::Preferences=$private/preferences"
    options="$options -o Dir::Etc::PreferencesParts=$private/none"
fi

# --- The plan ----------------------------------------------------------------

# Makes $private/plan; "Inst name [installed version] (new version ...".  What it
# says of dependencies stands there, too.
plan() {
    # shellcheck disable=SC2086
    LC_ALL=C apt-get $options --simulate install $missing \
        >"$private/plan" 2>&1 && return
    cat "$private/plan" >"$private/log"
    return 1
}

# Reads the package lists, and plans anew.
update() {
    apt_root update || failed 'the package lists could not be read'
    # without a network, apt-get update only warns
    cat "$private/log" >"$private/update"
    if ! plan; then
        cat "$private/update" >>"$private/log"
        failed "cannot install:$missing"
    fi
}

# Ends the program if the plan is not one that may be carried out.
check_plan() {
    awk '$1 == "Remv" { print $2 }' "$private/plan" >"$private/removed"
    if [ -s "$private/removed" ]; then
        # shellcheck disable=SC2046
        die "installing$missing would remove" $(cat "$private/removed")
    fi
    awk '$1 == "Inst" && $3 ~ /^\[/ {
        print $2 " " substr($3, 2, length($3) - 2) " -> " substr($4, 2)
    }' "$private/plan" >"$private/changed"
    if [ ! -s "$private/changed" ] || [ $upgrade = yes ]; then
        return
    fi
    say 'the archive of your release has newer versions of packages that are' \
        'installed, and what is missing needs them:'
    sed 's/^/setup:   /' "$private/changed" >&2
    answer=no
    if [ -t 0 ] && [ -t 2 ]; then
        printf 'setup: update these? [y/N] ' >&2
        read -r answer || answer=no
    fi
    case $answer in
    [yY]*) ;;
    *)
        die 'update the system first (apt-get upgrade),' \
            'or allow it: ./pride setup --allow-upgrade'
        ;;
    esac
}

# A dpkg that was interrupted must end what it had begun.
if [ -n "$(dpkg --audit 2>/dev/null)" ] ||
    [ -n "$(ls /var/lib/dpkg/updates 2>/dev/null)" ]; then
    say 'an earlier installation was interrupted; ending it'
    as_root dpkg --configure -a || true
    apt_root -f install || failed 'it could not be ended'
    find_missing
    [ -n "$missing" ] || exit 0
fi

if ! plan; then
    say 'reading the package lists'
    update
fi
check_plan

# --- Doing it ----------------------------------------------------------------

# "Need to get 6309 kB of archives." and "... 23.9 MB of additional disk space".
count=$(grep -c '^Inst ' "$private/plan") ||
    die "apt-get would install nothing, but these are missing:$missing"
# --print-uris, unlike --assume-no, installs nothing, whatever else is said
# shellcheck disable=SC2086
LC_ALL=C apt-get $options --print-uris install $missing \
    >"$private/sizes" 2>/dev/null || true
sizes=$(sed -n 's/^Need to get \(.*\) of archives.*/\1 to fetch/p
    s/^After this operation, \(.*\) of additional.*/, \1 on disk/p' \
    "$private/sizes" | tr -d '\n')
say "installing $count packages${sizes:+ ($sizes)} for$missing"

# Follows apt's output: how far it is, now and then.
show() {
    tty=no
    [ ! -t 2 ] || tty=yes
    while sleep 1 && kill -0 $$ 2>/dev/null && [ ! -e "$private/shown" ]; do
        awk -v count="$count" '
            /^Get:/ { fetched++ }
            /^Unpacking / { unpacked++ }
            /^Setting up / { ready++ }
            END {
                printf "fetched %d, unpacked %d, ready %d of %d",
                    fetched, unpacked, ready, count
            }' "$private/log" >"$private/line" 2>/dev/null || continue
        line=$(cat "$private/line")
        if [ $tty = yes ]; then
            printf '\rsetup:   %s' "$line" >&2
        elif [ "$line" != "${last:-}" ] && [ $(($(date +%s) % 15)) = 0 ]; then
            say "  $line"
            last=$line
        fi
    done
}

install_missing() {
    rm -f "$private/shown"
    show &
    shower=$!
    status=0
    # shellcheck disable=SC2086
    apt_root install $missing || status=$?
    # a signal alone may come before the new process is ready for it
    : >"$private/shown"
    kill $shower 2>/dev/null || true
    wait $shower 2>/dev/null || true
    shower=
    [ ! -t 2 ] || printf '\r\033[K' >&2
    return $status
}

if ! install_missing; then
    grep -q '404\|Failed to fetch' "$private/log" ||
        failed "could not install:$missing"
    # the lists are older than the archive; new ones may make another plan
    update
    check_plan
    install_missing || failed "could not install:$missing"
fi
say 'done'
