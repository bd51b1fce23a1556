#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# setup.sh [--quiet] [--allow-upgrade] GROUP... - installs missing packages.
#
# Groups: build run test debug.  Does nothing, quickly, when nothing is missing.
# Never changes package sources, and refuses to upgrade or remove what is
# installed: it simulates first and reads the plan.  Works as root or by sudo.
set -eu

# One package per line of the list: name, then what it is for.
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
xz-utils                    third-party sources
'
packages_run='
qemu-system-arm             the machine
ca-certificates             third-party sources
'
packages_test='
libcmocka-dev               unit tests
python3-scapy               frames for network tests
iproute2                    namespaces and taps
iputils-ping                peers for network tests
netcat-openbsd              peers for network tests
curl                        peers for network tests
iperf3                      peers for network tests
tcpdump                     looking at failures
nmap                        peers for network tests
apache2-utils               web load
wrk                         web load
chromium                    the status page in a real browser
clang-format                style check
'
packages_debug='
gdb-multiarch               debugger
'

quiet=no
upgrade=no
groups=
for word in "$@"; do
    case $word in
    --quiet) quiet=yes ;;
    --allow-upgrade) upgrade=yes ;;
    build | run | test | debug) groups="$groups $word" ;;
    *)
        echo "setup: unknown argument '$word'" >&2
        exit 2
        ;;
    esac
done

say() {
    printf 'setup: %s\n' "$*" >&2
}

wanted=
for group in ${groups:-build run test debug}; do
    eval "list=\$packages_$group"
    wanted="$wanted $(printf '%s\n' "$list" | awk 'NF { print $1 }')"
done

if ! command -v dpkg-query >/dev/null; then
    say 'this is not a Debian system; please install the equivalents of:'
    say $wanted
    exit 1
fi

# shellcheck disable=SC2086 # a list of words
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
if [ -z "$missing" ]; then
    [ $quiet = yes ] || say 'all packages are installed'
    exit 0
fi

if [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null; then
    root='sudo'
else
    say 'these packages are missing, and neither root nor sudo is at hand:'
    say "  apt-get install --no-install-recommends$missing"
    exit 1
fi

# Where several releases are configured side by side, take the installed one.
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
private=$(mktemp -d)
trap 'rm -rf "$private"' EXIT
chmod 755 "$private"
if [ -n "$release" ]; then
    cat >"$private/preferences" <<END
Package: *
Pin: release n=$release*
Pin-Priority: 990

Package: *
Pin: release n=/./
Pin-Priority: 90
END
    options="-o Dir::Etc::Preferences=$private/preferences"
    options="$options -o Dir::Etc::PreferencesParts=$private/none"
else
    options=
fi
options="$options --no-install-recommends"
[ $upgrade = yes ] || options="$options --no-upgrade"

plan() {
    # shellcheck disable=SC2086
    LC_ALL=C apt-get $options --simulate install $missing \
        >"$private/plan" 2>"$private/errors"
}

if ! plan; then
    say 'reading the package lists anew'
    $root apt-get -qq update >&2 || say 'apt-get update failed'
    if ! plan; then
        cat "$private/errors" >&2
        say "cannot install:$missing"
        exit 1
    fi
fi
# "Inst name [installed version] (...": an upgrade; "Remv": a removal.
changed=$(awk '$1 == "Inst" && $3 ~ /^\[/ { print $2 }
    $1 == "Remv" { print "-" $2 }' "$private/plan")
if [ -n "$changed" ] && [ $upgrade = no ]; then
    say "installing$missing would change installed packages:"
    say $changed
    say "bring the system up to date first (apt-get upgrade), or allow it:"
    say "  ./pride setup --allow-upgrade"
    exit 1
fi

say "installing$missing"
install() {
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get $options -q -y install \
        $missing >"$private/log" 2>&1
}
if ! install; then
    say 'that failed; once more with fresh package lists'
    $root apt-get -qq update >&2 || say 'apt-get update failed'
    if ! install; then
        tail -20 "$private/log" >&2
        say "could not install:$missing"
        exit 1
    fi
fi
say 'done'
