#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the long suite `fresh` (tests/fresh) relies on, without any install: how
it is started, how it judges, and that its programs leave nothing behind."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import types

sys.path.insert(0, os.path.join(os.getcwd(), "tests", "fresh"))

import archive  # noqa: E402
import fresh  # noqa: E402
import install  # noqa: E402
import jail  # noqa: E402
import tap  # noqa: E402
import tree  # noqa: E402

OLD = """Package: one
Status: install ok installed
Architecture: all
Version: 1.0
Installed-Size: 10

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1.0
"""
NEW = OLD.replace("Version: 1.0\nInst", "Version: 1.1\nInst") + """
Package: two
Status: install ok installed
Architecture: amd64
Version: 2:2.0
Installed-Size: 2000
"""
REFUSAL = """setup: the archive of your release has newer versions of packages
setup:   libone 1.0 -> 1.1
setup: update the system first, or allow it: ./pride setup --allow-upgrade
"""


def run_suite(*words, user=()):
    return subprocess.run([*user, "./pride", "test", *words], text=True,
                          capture_output=True, timeout=60, check=False)


def starting(cases):
    with cases.case("the list of suites names it as long"):
        done = run_suite("--list")
        tap.equal(done.returncode, 0, "status")
        line = [x for x in done.stdout.splitlines() if x.startswith("fresh")]
        tap.check(len(line) == 1 and "long" in line[0], done.stdout)
        tap.check("unit" in done.stdout, done.stdout)
    with cases.case("it runs alone"):
        done = run_suite("fresh", "unit")
        tap.equal(done.returncode, 1, "status")
        tap.equal(done.stderr, "pride: fresh is long and runs alone\n")
    with cases.case("an unknown install is named"):
        done = run_suite("fresh/11")
        tap.equal(done.returncode, 1, "status")
        tap.check("unknown install '11'; there are: 12 12/home" in done.stderr,
                  done.stderr)
    with cases.case("without root it says so, in one line"):
        user = []
        if os.geteuid() == 0:
            user = ["setpriv", "--reuid=65534", "--regid=65534",
                    "--clear-groups"]
        if subprocess.run([*user, "test", "-x", "./pride"],
                          check=False).returncode != 0:
            raise tap.Skipped("another user cannot read this directory")
        done = run_suite("fresh", user=user)
        tap.equal(done.returncode, 1, "status")
        tap.equal(len(done.stderr.splitlines()), 1, done.stderr)
        tap.check("needs root" in done.stderr, done.stderr)


def outcome(text, status=0, added=0, changed=(), unfinished=0):
    return types.SimpleNamespace(
        text=text, status=status, changed=list(changed), unfinished=unfinished,
        added={(f"p{n}", "all"): ("1", 1) for n in range(added)})


SAID = "setup: installing 2 packages (1 MB to fetch) for x\n"
JUDGED = (
    ("a good run", outcome(SAID + "web\n", added=2), [], False, "ok"),
    ("a bad status", outcome("", status=1), [], False, "exit status 1"),
    ("a wrong number", outcome(SAID, added=3), [], False, "said 2 packages"),
    ("an ended repair", outcome(SAID, added=3, unfinished=1), [], False, "ok"),
    ("a missing package", outcome(SAID, added=1, unfinished=1), [], False,
     "said 2 packages"),
    ("silence", outcome("", added=3), [], False, "said 0 packages"),
    ("an unasked change", outcome(SAID, added=1, changed=["libone"]), [],
     False, "changed unasked: libone"),
    ("an allowed change", outcome(SAID, added=1, changed=["libone"]),
     ["libone"], False, "ok; asked for libone"),
    ("noise of apt", outcome(SAID + "Setting up x\n", added=2), [], False,
     "not quiet: Setting up"),
    ("noise of a locale", outcome("perl: warning: x\n"), [], False,
     "not quiet: perl: warning"),
    ("good tests", outcome("x\n\n7 passed, 0 failed, 2 skipped\n"), [], True,
     "ok; 7 passed, 0 failed, 2 skipped"),
    ("failed tests", outcome("7 passed, 1 failed\n"), [], True,
     "tests failed"),
    ("no tests", outcome("0 passed, 0 failed\n"), [], True, "tests failed"),
    ("no last line", outcome("7 passed, 0 failed\noops\n"), [], True,
     "the last line is no sum"))


def judging(cases):
    for name, what, allowed, is_test, wanted in JUDGED:
        text, passed = fresh.judge(what, allowed, is_test)
        cases.ok(wanted in text and passed == wanted.startswith("ok")
                 and passed == (not text.startswith("FAILED")),
                 f"judgement of {name}", f"{text!r}, {passed}")
    with cases.case("judgement without a network, and of interruptions"):
        said = "setup: no archive: is there a network?\n"
        tap.check(fresh.judge_offline(outcome(said, 1))[1], "plain")
        tap.check(not fresh.judge_offline(outcome(said, 0))[1], "status")
        tap.check(not fresh.judge_offline(outcome(said, 1, added=1))[1], "added")
        tap.check(not fresh.judge_offline(outcome("E: x\n", 1))[1], "words")
        tap.check(fresh.judge_stop(outcome("x\nall gone\n"))[1], "stop")
        tap.equal(fresh.judge_stop(outcome("x\nleft\n", 1)),
                  ("FAILED: left", False))
    with cases.case("a refusal names the packages, a success does not"):
        tap.equal(fresh.refused(outcome(REFUSAL, 1)), ["libone"])
        tap.equal(fresh.refused(outcome(REFUSAL, 0)), [])
        tap.equal(fresh.refused(outcome("setup: no network\n", 1)), [])
    with cases.case("packages are counted by dpkg's state"):
        with tempfile.TemporaryDirectory() as root:
            status = pathlib.Path(root, "var/lib/dpkg/status")
            status.parent.mkdir(parents=True)
            status.write_text(OLD, "utf-8")
            before = install.Packages(root)
            status.write_text(NEW, "utf-8")
            after = install.Packages(root)
            pathlib.Path(root, "two_2%3a2.0_amd64.deb").write_bytes(b"1234")
            tap.equal(after.added(before), {("two", "amd64"): ("2:2.0", 2000)})
            tap.equal(after.changed(before), ["one"])
            tap.equal((before.unfinished, after.unfinished), (0, 0))
            status.write_text(NEW.replace("ok installed", "ok unpacked"),
                              "utf-8")
            tap.equal(install.Packages(root).unfinished, 2)
            tap.equal(install.size(pathlib.Path(root), ("two", "amd64"),
                                   "2:2.0"), 4)


def copying(cases):
    with cases.case("a tree below build is not built"):
        os.makedirs("build", exist_ok=True)
        with tempfile.TemporaryDirectory(dir="build") as place:
            pathlib.Path(place, "build.mk").write_text("$(error planted)\n",
                                                       "ascii")
            done = subprocess.run(["make", "-s", "print-systems"], text=True,
                                  capture_output=True, check=False)
            tap.equal((done.returncode, done.stderr), (0, ""))
    with cases.case("the tree is copied with its modes, without build"):
        with tempfile.TemporaryDirectory() as target:
            install.copy_tree(target)
            tap.check(os.access(f"{target}/pride", os.X_OK), "pride")
            tap.check(os.path.exists(f"{target}/tests/run"), "tests/run")
            tap.check(not os.path.exists(f"{target}/build"), "build")
            tap.check(not os.path.exists(f"{target}/.git"), ".git")
    with cases.case("installs get mirror and proxy of this machine's apt"):
        where = archive.Archive()
        where.security = "http://mirror.invalid/security"
        where.settings = ['Acquire::http::Proxy "http://proxy.invalid:1";']
        tap.equal(where.environment().get("http_proxy"),
                  os.environ.get("http_proxy", "http://proxy.invalid:1"))
        lines = where.sources("trixie").splitlines()
        tap.equal(lines[0], f"deb {where.main} trixie main")
        tap.equal(lines[2],
                  "deb http://mirror.invalid/security trixie-security main")


RUNNER = """
import signal, sys
# whoever started the tests in the background made us ignore it
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, "tests/fresh")
import jail
print("ready", flush=True)
jail.Jail("/").run(["sh", "-c", "mkdir /tmp/{0} && mount -t tmpfs x /tmp/{0} && "
                    "(setsid sleep 4321.{1} &) ; sleep 4321.{1}"], sys.stdout, 60)
"""


def sleepers(number):
    """Processes of a test, by their odd number of seconds."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes() == f"sleep\0004321.{number}\0".encode():
                found.append(path)
        except OSError:
            pass
    return found


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        tap.check(time.monotonic() < deadline, "waited too long")
        time.sleep(0.05)


def killed(number, how):
    """Kills the process that has programs in a jail; what is left of them?"""
    name = f"pride-fresh-{number}"
    place = pathlib.Path("/tmp", name)
    process = subprocess.Popen(
        [sys.executable, "-B", "-c", RUNNER.format(name, number)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: len(sleepers(number)) == 2)
        tap.check(place.is_dir(), "the directory is there")
        tap.check(not jail.is_mounted_below(place), "the mount is private")
        process.send_signal(how)
        process.wait(10)
        wait_until(lambda: not sleepers(number))
    finally:
        process.kill()
        process.wait()
        place.rmdir()


def ending(cases):
    why = ""
    if os.geteuid() != 0:
        why = "needs root for namespaces"
    else:
        done = subprocess.run(jail.NAMESPACES + ["true"], check=False, text=True,
                              capture_output=True)
        if done.returncode != 0:
            why = f"no namespaces: {done.stderr.strip()}"
    number = os.getpid() * 10
    for n, (how, name) in enumerate(((signal.SIGKILL, "killed"),
                                     (signal.SIGINT, "interrupted"))):
        if why:
            cases.skip(f"{name}, it leaves no process and no mount", why)
            continue
        with cases.case(f"{name}, it leaves no process and no mount"):
            killed(number + n, how)
    for name in ("time over, it ends everything",
                 "a question is answered at a terminal, and counted"):
        if why:
            cases.skip(name, why)
    if why:
        return
    with cases.case("time over, it ends everything"), \
            tempfile.TemporaryFile() as log:
        try:
            jail.Jail("/").run(["sleep", f"4321.{number + 2}"], log, 1)
            tap.check(False, "no time limit")
        except jail.Late:
            tap.equal(sleepers(number + 2), [])
    with cases.case("a question is answered at a terminal, and counted"), \
            tempfile.TemporaryFile() as log:
        words = ["sh", "-c", "test -t 0 && printf 'sure? [y/N] ' && read -r a "
                 '&& test "$a" = y']
        tap.equal(jail.Jail("/").run_answering(words, log, 20, "[y/N] ", "y\n"),
                  (0, 1))


def main():
    os.chdir(tree.TOP)
    cases = tap.Tap()
    starting(cases)
    judging(cases)
    copying(cases)
    ending(cases)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
