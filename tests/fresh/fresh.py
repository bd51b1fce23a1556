#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Both commands in minimal installs of the releases; `./pride test fresh`.

    fresh.py [RELEASE | RELEASE/VARIANT]...

README.md beside this file says what is run and how it is judged.
"""

import dataclasses
import fcntl
import os
import pathlib
import re
import shutil
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path[:0] = [str(HERE), str(TOP / "tests" / "lib"),
                str(TOP / "tools" / "pride")]

import archive  # noqa: E402
import install  # noqa: E402
import jail  # noqa: E402
import tree  # noqa: E402

RUN = ["./pride", "run", "webserver", "--until", "on port 80",
       "--timeout", "120"]
OFFLINE = ["unshare", "--net", *RUN]
STOP = ["sh", "tests/fresh/stop.sh", *RUN]
WHOLE = ["./pride", "test"]
PART = ["./pride", "test", "unit", "tool"]
SPACE = 4 << 30  # of the disk, for one install with everything in it
SUM = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
# What apt and dpkg print, and what Perl says of a missing locale.
NOISE = re.compile(r"^(Get:|Selecting previously|Preparing to unpack|"
                   r"Setting up |Reading package lists|debconf: |"
                   r"perl: warning|.*Setting locale failed)", re.M)
HEAD = ("release", "variant", "command", "result", "seconds", "packages",
        "MB fetched", "MB on disk")


@dataclasses.dataclass(frozen=True)
class Variant:
    """An install as somebody may have it."""

    release: str
    kind: str
    sudo: bool = False  # a user with sudo; else root
    pending: bool = False  # updates are waiting
    home: bool = True  # the home directory can be written
    locale: str = "C.UTF-8"
    lists: bool = True  # apt has package lists
    stopped: bool = False  # set-up is interrupted, several times
    test: tuple = tuple(PART)

    def name(self):
        return f"{self.release}-{self.kind}"


def variants():
    for release in install.CODENAMES:
        yield Variant(release, "root", lists=False, test=tuple(WHOLE))
        yield Variant(release, "sudo", sudo=True)
        yield Variant(release, "updates", sudo=True, pending=True)
        yield Variant(release, "locale", locale="", lists=False)
        yield Variant(release, "home", sudo=True, home=False)
        yield Variant(release, "stop", sudo=True, stopped=True)


def select(words):
    """The variants of the given words, or all."""
    known = list(variants())
    names = {v.release for v in known} \
        | {f"{v.release}/{v.kind}" for v in known}
    for word in words:
        if word not in names:
            raise archive.Failure(f"unknown install '{word}'; there are: "
                                  + " ".join(sorted(names)))
    return [v for v in known if not words or
            {v.release, f"{v.release}/{v.kind}"} & set(words)]


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


# --- Judgement ---------------------------------------------------------------


def announced(text):
    """How many packages set-up said it would install."""
    return sum(int(n) for n in
               re.findall(r"^setup: installing (\d+) packages?\b", text, re.M))


def refused(outcome):
    """The packages that set-up would not change unasked, or nothing."""
    if outcome.status == 0 or "--allow-upgrade" not in outcome.text:
        return []
    return re.findall(r"^setup:   (\S+) \S+ -> ", outcome.text, re.M)


def complaints(outcome, allowed):
    """What is wrong with what a command did."""
    if outcome.status != 0:
        yield f"exit status {outcome.status}"
    if "another program is installing" in outcome.text:
        yield "a lock was left"
    unasked = [name for name in outcome.changed if name not in allowed]
    if unasked:
        yield "changed unasked: " + " ".join(unasked)
    said = announced(outcome.text)
    # what an earlier installation had begun is ended without being announced
    unsaid = len(outcome.added) + len(outcome.changed) - said
    if not 0 <= unsaid <= outcome.unfinished:
        yield f"said {said} packages"
    noise = NOISE.search(outcome.text)
    if noise:
        yield f"not quiet: {noise.group(0).strip()}"


def sums(text):
    """The last line of a test run, as numbers."""
    lines = text.rstrip().splitlines() or [""]
    found = SUM.match(lines[-1])
    return [int(n or 0) for n in found.groups()] if found else None


def judge_stop(outcome):
    """The same for stop.sh, which says itself what is wrong."""
    last = (outcome.text.splitlines() or ["nothing"])[-1]
    return (f"ok: {last}", True) if outcome.status == 0 \
        else (f"FAILED: {last}", False)


def judge_offline(outcome):
    """The same for a command without a network: it says so, and changes nothing.
    """
    last = (outcome.text.splitlines() or ["nothing"])[-1]
    if outcome.status == 1 and last.endswith("is there a network?") \
            and not outcome.added and not outcome.changed:
        return "ok: says so", True
    return f"FAILED: status {outcome.status}, {last}", False


def judge(outcome, allowed, is_test):
    """Words for the table, and whether the command passed."""
    wrong = list(complaints(outcome, allowed))
    notes = []
    if allowed:
        notes.append("asked for " + " ".join(allowed))
    if is_test:
        found = sums(outcome.text)
        if not found:
            wrong.append("the last line is no sum")
        else:
            passed, failed, skipped = found
            notes.append(f"{passed} passed, {failed} failed, "
                         f"{skipped} skipped")
            if failed or not passed:
                wrong.append("tests failed")
    if wrong:
        return "FAILED: " + "; ".join(wrong + notes), False
    return "; ".join(["ok", *notes]), True


# --- Running -----------------------------------------------------------------


def try_command(at, name, words, timeout):
    """Runs a command; once more at a terminal if it needs to ask."""
    outcome = at.command(name, words, timeout)
    asked_for = refused(outcome)
    if not asked_for or not at.variant.pending:
        return outcome, []
    if outcome.changed or outcome.added:
        return outcome, []
    again = at.command(f"{name}-asked", words, timeout, terminal=True)
    again.seconds += outcome.seconds
    return again, asked_for if again.asked == 1 else []


def row(at, name, words, timeout):
    """One command in one install: a row of the table, and whether it passed."""
    variant = at.variant
    say(f"{variant.release}/{variant.kind}: {' '.join(words)}")
    shown = {"run": " ".join(words[:3]), "stop": "(interrupted)",
             "offline": "(no network)"}.get(name, " ".join(words))
    try:
        outcome, allowed = try_command(at, name, words, timeout)
    except jail.Late as late:
        return [variant.release, variant.kind, shown, f"FAILED: {late}",
                f"{timeout}", "", "", ""], False
    special = {"stop": judge_stop, "offline": judge_offline}.get(name)
    text, passed = special(outcome) if special \
        else judge(outcome, allowed, name == "test")
    if not passed:
        say(f"  {text}; see {os.path.relpath(outcome.path)}")
    if variant.pending and name == "run":
        text += f" ({at.pending} updates pending)"
    return [variant.release, variant.kind, shown, text,
            f"{outcome.seconds:.0f}",
            str(len(outcome.added) + len(outcome.changed)),
            f"{outcome.fetched / 1e6:.0f}", f"{outcome.disk / 1e6:.0f}"], passed


def run_variant(variant, directory, where, results):
    """Both commands in one install; rows are added as they come."""
    if shutil.disk_usage(directory).free < SPACE:
        raise archive.Failure(f"less than 4 GB are free in {directory}")
    say(f"{variant.release}/{variant.kind}: making the install")
    base = install.make_base(variant.release, directory, where)
    archives = directory / f"archives-{variant.release}"
    long = 5400 if list(variant.test) == WHOLE else 2400
    with install.Install(variant, base, archives, where) as at:
        if variant.kind == "root":
            add(directory, results, row(at, "offline", OFFLINE, 600))
        if variant.stopped:
            add(directory, results, row(at, "stop", STOP, 2400))
        add(directory, results, row(at, "run", RUN, 2400))
        add(directory, results, row(at, "test", list(variant.test), long))


def table(rows):
    """Columns as wide as their widest word."""
    widths = [max(len(r[i]) for r in [HEAD, *rows]) for i in range(len(HEAD))]
    for line in [HEAD, ["-" * w for w in widths], *rows]:
        yield "  ".join(w.ljust(n) for w, n in zip(line, widths)).rstrip()


def add(directory, results, result):
    """One more row; the file is written at once, lest a killed run lose it."""
    results.append(result)
    lines = "\n".join(table([r for r, _ in results]))
    (directory / "table.txt").write_text(lines + "\n", encoding="utf-8")


def report(directory, results, begin):
    """The table, and the sum as the last line; returns the exit status."""
    print("\n".join(table([r for r, _ in results])))
    minutes = (time.monotonic() - begin) / 60
    print(f"\n{minutes:.0f} minutes; the table is also in "
          f"{os.path.relpath(directory / 'table.txt')}")
    passed = sum(1 for _, ok in results if ok)
    failed = len(results) - passed
    print(f"\n{passed} passed, {failed} failed, 0 skipped")
    return 0 if passed and not failed else 1


def check_machine():
    """What this test cannot do without."""
    if os.geteuid() != 0:
        raise archive.Failure("this test makes installs of Debian and needs "
                              "root: sudo ./pride test fresh")
    tree.setup(["fresh"])


def take(directory):
    """The directory for us alone, without leftovers of a killed run, as long as
    the returned file is open."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = open(directory / ".lock", "wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as busy:
        raise archive.Failure("another ./pride test fresh is running") \
            from busy
    for left in directory.glob("root-*"):
        install.remove(left)
    return lock


def main(words):
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
    results, status, begin = [], 0, time.monotonic()
    try:
        wanted = select(words)
        check_machine()
        directory = pathlib.Path(
            os.environ.get("O", tree.TOP + "/build")).resolve() / "fresh"
        where = archive.Archive()
        with take(directory):
            for variant in wanted:
                run_variant(variant, directory, where, results)
    except (archive.Failure, tree.Failure, jail.Late) as failure:
        print(f"pride: {failure}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    judged = report(directory, results, begin) if results else 0
    return status or judged


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
