#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""tools/setup.sh among fake programs: apt-get, dpkg, sudo.

The fake apt-get notes how it is called and then does what the files of its
state directory say; nothing of this machine's packages is read or changed.
"""

import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import tap
import tree

SETUP = os.path.join(tree.TOP, "tools", "setup.sh")
TOOLS = ("awk cat chmod date env grep ls mkdir mktemp rm sed setsid sh tail "
         "tr").split()
APT = r"""#!/bin/sh
# apt-get: the first word that is no option is what to do.
state=${0%/bin/apt-get}
for word in "$@"; do
    case $word in
    --simulate) act=plan ;;
    --print-uris) act=sizes ;;
    install | update) act=${act:-$word} ;;
    -f) act=repair ;;
    --no-remove) careful=yes ;;
    esac
done
echo "$act" >>"$state/calls"
if [ -f "$state/$act-fails" ]; then
    read -r left <"$state/$act-fails"
    if [ "$left" -gt 0 ]; then
        echo $((left - 1)) >"$state/$act-fails"
        cat "$state/$act-error" >&2
        exit 100
    fi
fi
case $act in
update) [ ! -f "$state/new-plan" ] || cat "$state/new-plan" >"$state/plan" ;;
repair) [ "${careful:-no}" = yes ] || echo "careless" >>"$state/calls" ;;
esac
case $act in
install)
    echo 'Setting up make ...'
    if [ -f "$state/slow" ]; then
        read -r seconds <"$state/slow"
        : >"$state/begun"
        sleep "$seconds" &
        if [ -f "$state/stubborn" ]; then
            sh -c 'trap "sleep 1; : >\"$0/ended\"; exit" TERM
                while :; do sleep 1; done' "$state" &
        fi
        exec sleep "$seconds"
    fi
    ;;
*)
    cat "$state/$act" 2>/dev/null
    cat "$state/$act-warns" >&2 2>/dev/null
    ;;
esac
exit 0
"""
QUERY = """#!/bin/sh
cat "${0%/bin/dpkg-query}/installed" 2>/dev/null
"""
DPKG = """#!/bin/sh
state=${0%/bin/dpkg}
case $1 in
--audit) [ -f "$state/repaired" ] || cat "$state/audit" 2>/dev/null ;;
--configure) echo "configure" >>"$state/calls"; : >"$state/repaired" ;;
esac
exit 0
"""
ID = """#!/bin/sh
cat "${0%/bin/id}/uid"
"""
SUDO = """#!/bin/sh
echo sudo >>"${0%/bin/sudo}/calls"
exec "$@"
"""
# Nothing in set-up needs the seconds that it waits.
SLEEP = """#!/bin/sh
case $1 in
5) exec {sleep} 0.01 ;;
1) exec {sleep} 0.2 ;;
*) exec {sleep} "$1" ;;
esac
"""
PLAN = """Inst make (4.3 Debian:12 [amd64])
Inst libgc1 (1.8 Debian:12 [amd64])
Conf libgc1 (1.8 Debian:12 [amd64])
Conf make (4.3 Debian:12 [amd64])
"""
CHANGING = PLAN + "Inst libone [1.0] (1.1 Debian-Security:12 [amd64])\n"
SIZES = """Need to get 6309 kB of archives.
After this operation, 23.9 MB of additional disk space will be used.
"""
LOCK = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held\n"
OFFLINE = "W: Failed to fetch x  Temporary failure resolving 'mirror'\n"


class World:
    """A directory with a PATH in it, and what the programs there shall do."""

    def __init__(self, uid=0, sudo=False, **files):
        self.directory = tempfile.TemporaryDirectory()
        self.top = pathlib.Path(self.directory.name).resolve()
        (self.top / "bin").mkdir()
        (self.top / "tmp").mkdir()
        programs = {"apt-get": APT, "dpkg-query": QUERY, "dpkg": DPKG, "id": ID,
                    "sleep": SLEEP.format(sleep=shutil.which("sleep"))}
        if sudo:
            programs["sudo"] = SUDO
        for name, text in programs.items():
            path = self.top / "bin" / name
            path.write_text(text, "utf-8")
            path.chmod(0o755)
        for name in TOOLS:
            (self.top / "bin" / name).symlink_to(shutil.which(name))
        self.put(uid=f"{uid}\n", plan=PLAN, sizes=SIZES)
        self.put(**files)

    def put(self, **files):
        for name, text in files.items():
            (self.top / name.replace("_", "-")).write_text(text, "utf-8")

    def environment(self, seconds=300):
        return {"PATH": str(self.top / "bin"), "TMPDIR": str(self.top / "tmp"),
                "PRIDE_LOCK_SECONDS": str(seconds)}

    def command(self, words):
        return [shutil.which("sh"), SETUP, *words]

    def run(self, *words, seconds=300):
        done = subprocess.run(
            self.command(words or ("--quiet", "build")), text=True, timeout=60,
            env=self.environment(seconds), capture_output=True, check=False,
            stdin=subprocess.DEVNULL)
        tap.equal(done.stdout, "", "standard output")
        tap.equal(os.listdir(self.top / "tmp"), [], "left in /tmp")
        return done

    def start(self, *words):
        """Begins set-up and waits until apt-get installs."""
        process = subprocess.Popen(
            self.command(words or ("build",)), env=self.environment(),
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_until((self.top / "begun").exists)
        return process

    def at_terminal(self, answer):
        """Exit status of set-up at a terminal where somebody answers."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            self.command(["build"]), env=self.environment(), stdin=slave,
            stderr=slave, start_new_session=True)
        os.close(slave)
        text = b""
        try:
            while True:
                data = os.read(master, 4096)
                text += data
                if b"[y/N] " in data:
                    os.write(master, answer)
        except OSError:
            pass  # the other side is closed
        os.close(master)
        return process.wait(30), text.decode()

    def calls(self):
        path = self.top / "calls"
        return path.read_text("utf-8").split() if path.exists() else []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.directory.cleanup()


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        tap.check(time.monotonic() < deadline, "waited too long")
        time.sleep(0.02)


def one_line(done, text):
    """Set-up failed with one sentence that contains the text."""
    tap.equal(done.returncode, 1, "status")
    tap.equal(len(done.stderr.splitlines()), 1, f"lines of {done.stderr!r}")
    tap.check(text in done.stderr, done.stderr)


def plain(cases):
    with cases.case("nothing is missing: no word, no apt"), \
            World(installed="python3 installed\n") as world:
        done = world.run("--quiet", "python")
        tap.equal((done.returncode, done.stderr), (0, ""))
        tap.equal(world.calls(), [])
        done = world.run("python")
        tap.equal(done.stderr, "setup: all packages are installed\n")
    with cases.case("what is only known, not installed, is missing"), \
            World(installed="python3 not-installed\n") as world:
        tap.equal(world.run("--quiet", "python").returncode, 0)
        tap.check("install" in world.calls(), world.calls())
    with cases.case("sizes are said first, apt's output is not shown"), \
            World() as world:
        done = world.run()
        tap.equal(done.returncode, 0, "status")
        lines = done.stderr.splitlines()
        tap.check(lines[0].startswith(
            "setup: installing 2 packages (6309 kB to fetch, 23.9 MB on "
            "disk) for make clang"), lines)
        tap.equal(lines[-1], "setup: done")
        tap.check("Setting up" not in done.stderr, done.stderr)
        tap.equal(world.calls(), ["plan", "sizes", "install"])
    with cases.case("a user's apt runs by sudo"), \
            World(uid=1000, sudo=True) as world:
        tap.equal(world.run().returncode, 0, "status")
        tap.equal(world.calls()[-2:], ["sudo", "install"])
    with cases.case("an unknown group"), World() as world:
        done = world.run("nonsense")
        tap.equal((done.returncode, done.stderr),
                  (2, "setup: unknown argument 'nonsense'; groups: python build "
                   "run unit style net web debug\n"))


def refusals(cases):
    with cases.case("no sudo: one sentence, with the command for root"), \
            World(uid=1000) as world:
        one_line(world.run(), "as root: apt-get install")
        tap.equal(world.calls(), [])
    with cases.case("no Debian: one sentence"), World() as world:
        (world.top / "bin" / "dpkg-query").unlink()
        one_line(world.run(), "not a Debian system")
    with cases.case("no network, no package lists: one sentence"), \
            World(plan_fails="9", plan_error="E: Unable to locate package\n",
                  update_fails="9", update_error=OFFLINE) as world:
        done = world.run()
        tap.equal(done.returncode, 1, "status")
        tap.equal(done.stderr.splitlines(), [
            "setup: reading the package lists",
            "setup: the Debian archive cannot be reached: is there a network?"])
    with cases.case("no network, of which apt-get update only warns"), \
            World(plan_fails="9", plan_error="E: Unable to locate package\n",
                  update_warns=OFFLINE) as world:
        done = world.run()
        tap.equal(done.returncode, 1, "status")
        tap.equal(done.stderr.splitlines(), [
            "setup: reading the package lists",
            "setup: the Debian archive cannot be reached: is there a network?"])
    with cases.case("no network while fetching: one sentence"), \
            World(install_fails="9", install_error=OFFLINE,
                  update_fails="9", update_error=OFFLINE) as world:
        done = world.run()
        tap.equal(done.returncode, 1, "status")
        tap.check(done.stderr.endswith("is there a network?\n"), done.stderr)
    with cases.case("another failure shows what apt said"), \
            World(install_fails="9", install_error="E: disk full\n") as world:
        done = world.run()
        tap.equal(done.returncode, 1, "status")
        tap.check("E: disk full" in done.stderr
                  and "could not install: make" in done.stderr, done.stderr)
    with cases.case("a name like a network's beside a failure"), \
            World(install_fails="9", install_error="Setting up "
                  "systemd-resolved\nE: disk full\n") as world:
        tap.check("E: disk full" in world.run().stderr, "apt's words")
    with cases.case("what a failed plan says of dependencies"), \
            World(plan=" make : Depends: gone\n", plan_fails="9",
                  plan_error=" make : Depends: gone\n") as world:
        tap.check("Depends: gone" in world.run().stderr, "apt's words")
    with cases.case("a plan that installs nothing: one sentence"), \
            World(plan="make is already the newest version\n") as world:
        one_line(world.run(), "would install nothing")
    with cases.case("packages are never removed"), \
            World(plan=PLAN + "Remv precious [1.0]\n") as world:
        one_line(world.run("--allow-upgrade", "build"),
                 "would remove precious")
        tap.check("install" not in world.calls(), world.calls())


def changes(cases):
    with cases.case("a change of an installed package is named, and refused"), \
            World(plan=CHANGING) as world:
        done = world.run()
        tap.equal(done.returncode, 1, "status")
        tap.check("setup:   libone 1.0 -> 1.1\n" in done.stderr, done.stderr)
        tap.check("./pride setup --allow-upgrade" in done.stderr, done.stderr)
        tap.check("install" not in world.calls(), world.calls())
    with cases.case("an option allows it"), World(plan=CHANGING) as world:
        tap.equal(world.run("--allow-upgrade", "build").returncode, 0)
        tap.equal(world.calls()[-1], "install")
    for answer, status, last in ((b"y\n", 0, "install"), (b"n\n", 1, "plan"),
                                 (b"\n", 1, "plan")):
        with cases.case(f"at a terminal it asks once, answer {answer!r}"), \
                World(plan=CHANGING) as world:
            found, text = world.at_terminal(answer)
            tap.equal(found, status, "status")
            tap.equal(text.count("[y/N]"), 1, text)
            tap.equal(world.calls()[-1], last)


def waiting(cases):
    with cases.case("a held lock is waited for, and said once"), \
            World(install_fails="3", install_error=LOCK) as world:
        done = world.run()
        tap.equal(done.returncode, 0, "status")
        tap.equal(done.stderr.count("waiting for it"), 1, done.stderr)
        tap.equal(world.calls().count("install"), 4)
    with cases.case("but not for ever"), \
            World(install_fails="99", install_error=LOCK) as world:
        done = world.run(seconds=10)
        tap.equal(done.returncode, 1, "status")
        tap.check("try again when it is done" in done.stderr, done.stderr)
        tap.equal(world.calls().count("install"), 3)
    with cases.case("old lists are read anew"), \
            World(install_fails="1", install_error="404  Not Found\n") as world:
        tap.equal(world.run().returncode, 0, "status")
        tap.equal(world.calls()[-4:], ["install", "update", "plan", "install"])
    for plan, wanted in ((PLAN + "Remv precious [1.0]\n",
                          "would remove precious"),
                         (CHANGING, "libone 1.0 -> 1.1")):
        with cases.case(f"but not with a plan that is worse: {wanted}"), \
                World(install_fails="1", install_error="404  Not Found\n",
                      new_plan=plan) as world:
            done = world.run()
            tap.equal(done.returncode, 1, "status")
            tap.check(wanted in done.stderr, done.stderr)
            tap.equal(world.calls().count("install"), 1)
    with cases.case("a lock that nobody holds is not waited for"), \
            World(install_fails="99", install_error="E: Could not open lock "
                  "file - open (30: Read-only file system)\nE: Unable to lock "
                  "the administration directory\n") as world:
        done = world.run()
        tap.equal(done.returncode, 1, "status")
        tap.check("Read-only file system" in done.stderr, done.stderr)
    with cases.case("an interrupted dpkg is ended first"), \
            World(audit="make is half-configured\n") as world:
        done = world.run()
        tap.equal(done.returncode, 0, "status")
        tap.equal(world.calls()[:2], ["configure", "repair"])
        tap.check("careless" not in world.calls(), "it could remove packages")
        tap.equal(world.calls()[-1], "install")
        tap.check("was interrupted; ending it" in done.stderr, done.stderr)


def alive(seconds):
    """Fake apt-get processes: those that sleep that odd time."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().endswith(f"sleep\0{seconds}\0".encode()):
                found.append(path)
        except OSError:
            pass
    return found


def interrupted(world, odd, how, status):
    """Ends set-up by a signal while apt-get works, and looks what is left."""
    process = world.start()
    try:
        wait_until(lambda: len(alive(odd)) == 2)
        process.send_signal(how)
        tap.equal(process.wait(20), status, "status")
        if how != signal.SIGKILL:
            # at once; after SIGKILL, as soon as apt's guard notices
            wait_until(lambda: not alive(odd), 2)
            tap.equal(os.listdir(world.top / "tmp"), [])
        wait_until(lambda: not alive(odd))
        tap.equal("the next run goes on" in process.stderr.read(),
                  how == signal.SIGINT, "a word about it")
    finally:
        process.kill()
        process.wait()
        for path in alive(odd):
            os.kill(int(path.parent.name), signal.SIGKILL)
        process.stderr.close()


def interruptions(cases):
    for number, (how, status) in enumerate((
            (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129),
            (signal.SIGKILL, -9))):
        for sudo in (False, True):
            who = "a user" if sudo else "root"
            odd = f"6543.{os.getpid()}{number}{int(sudo)}"
            with cases.case(f"{how.name} ends {who}'s apt, too"), \
                    World(uid=1000 if sudo else 0, sudo=sudo,
                          slow=odd + "\n") as world:
                interrupted(world, odd, how, status)


def stubborn(cases):
    with cases.case("what apt started is waited for"), \
            World(slow="7777.5\n", stubborn="yes\n") as world:
        process = world.start()
        wait_until(lambda: len(alive("7777.5")) == 2)
        time.sleep(0.3)  # for the trap
        process.send_signal(signal.SIGTERM)
        tap.equal(process.wait(20), 143, "status")
        process.stderr.close()
        tap.check((world.top / "ended").exists(), "it still ran")


def main():
    cases = tap.Tap()
    plain(cases)
    refusals(cases)
    changes(cases)
    waiting(cases)
    interruptions(cases)
    stubborn(cases)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
