# SPDX-License-Identifier: BSD-2-Clause
"""The source tree: where things are, which systems exist, how to build."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time

import outside
import progress
from failure import Failure, say

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BOARD = "qemu_virt_aarch64"
PATIENCE = 3.0  # seconds until we say that we wait for another build
CONFIGS = ("debug", "release", "benchmark")


class System:
    """One line of `make print-systems`.

    `variables` are what make must be told to know it: nothing, unless it is
    outside the tree.
    """

    def __init__(self, name, description, variables=()):
        self.name = name
        self.description = description
        self.directory = os.path.join(TOP, os.path.dirname(description))
        self.variables = list(variables)

    def is_public(self):
        return self.description.startswith("systems/")

    def summary(self):
        """The heading of its README."""
        path = os.path.join(self.directory, "README.md")
        try:
            with open(path, encoding="utf-8") as file:
                heading = re.search(r"^# (.+)$", file.read(), re.M)
        except OSError:
            return ""
        return heading.group(1) if heading else ""

    def output(self, args):
        return os.path.join(args.build_dir, "systems", args.board,
                            args.config, self.name)

    def image(self, args):
        return os.path.join(self.output(args), "loader.img")

    def build(self, args):
        make(args, ["system-" + self.name], more=self.variables)

    def search(self, args):
        """The directories in which its programs are looked for."""
        for name, *where in ask(args, "print-search", self.variables):
            if name == self.name:
                return [os.path.join(TOP, directory) for directory in where]
        return []


def binaries(args):
    return os.path.join(args.build_dir, "bin", args.board, args.config)


def make_command(args, targets):
    command = ["make", "--no-print-directory", "-C", TOP,
               f"-j{os.cpu_count() or 1}", f"O={args.build_dir}",
               f"BOARD={args.board}", f"CONFIG={args.config}", *targets]
    command.append("V=1" if args.verbose else "-s")
    return command


def _try_lock(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def locked(args):
    """One make at a time in a build directory."""
    try:
        os.makedirs(args.build_dir, exist_ok=True)
        lock = open(os.path.join(args.build_dir, ".lock"), "wb")
    except OSError as error:
        raise Failure(f"{args.build_dir}: cannot be written: {error.strerror};"
                      " --build-dir DIR builds elsewhere") from error
    with lock as file:
        deadline = time.monotonic() + PATIENCE
        while not _try_lock(file):
            if time.monotonic() > deadline:
                say("waiting for another build in " + args.build_dir)
                fcntl.flock(file, fcntl.LOCK_EX)
                break
            time.sleep(0.05)
        yield


def make(args, targets, output=None, more=()):
    """Builds targets.  How far that is, and what is wrong, goes to stderr, or
    everything to the file `output`."""
    setup_sources()
    command = make_command(args, [*more, *targets])
    with locked(args):
        if output or args.verbose:
            output = output or sys.stderr
            status = subprocess.run(command, stdout=output, stderr=output,
                                    check=False).returncode
        else:
            status = progress.run(command)
    if status != 0:
        raise Failure("the build failed; the messages are above")


def ask(args, target, variables=()):
    """The lines of one of make's print targets, as lists of words."""
    done = subprocess.run(make_command(args, ["-s", *variables, target]),
                          text=True, capture_output=True, check=False)
    if done.returncode != 0:
        # what a build.mk did wrong is not the Makefile's
        raise Failure(re.sub(r"^Makefile:\d+: \*\*\* (.*)\.  Stop\.$", r"\1",
                             done.stderr.strip(), flags=re.M))
    return [line.split() for line in done.stdout.splitlines()]


def all_systems(args, file=None):
    """The tree's systems, or with the file's, which is outside."""
    if not os.path.isdir(os.path.join(TOP, "boards", args.board)):
        boards = sorted(os.listdir(os.path.join(TOP, "boards")))
        raise Failure(f"unknown board '{args.board}'; there are: "
                      + " ".join(boards))
    setup(["build"])
    variables = [f"OUTSIDE={file}"] if file else []
    return [System(*words, variables)
            for words in ask(args, "print-systems", variables)
            if len(words) == 2]


def systems(args):
    """The systems of systems/, in the order of their directories."""
    found = [s for s in all_systems(args) if s.is_public()]
    return sorted(found, key=lambda s: s.description)


def maybe(args, name):
    """The system of that name (or directory name), or None."""
    for system in all_systems(args):
        if name in (system.name, os.path.basename(system.directory)):
            return system
    return None


def at(args, path):
    """The system that a path means; it may be one of the tree's."""
    file = outside.description(path)
    for system in all_systems(args):
        if os.path.join(TOP, system.description) == file:
            return system
    outside.check(file)
    return next(s for s in all_systems(args, file) if s.description == file)


def find(args, name):
    """The system of that name, or at that path."""
    system = None if outside.is_path(name) else maybe(args, name)
    if not system and (outside.is_path(name) or os.path.exists(name)):
        system = at(args, name)
    if not system:
        names = " ".join(s.name for s in systems(args))
        raise Failure(f"unknown system '{name}'; there are: {names}")
    return system


def child(command):
    """Runs a program that must not outlive us, however we end; returns its exit
    status."""
    command = ["setpriv", "--pdeathsig", "TERM", *command]
    with subprocess.Popen(command) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise


_ready = set()


def setup(groups, quiet=True, upgrade=False):
    """Installs missing packages of the groups (lists in tools/setup.sh; "all" is
    every one)."""
    if _ready.issuperset(groups):
        return 0
    command = [os.path.join(TOP, "tools", "setup.sh")]
    if quiet:
        command.append("--quiet")
    if upgrade:
        command.append("--allow-upgrade")
    if child(command + list(groups)) != 0:
        raise Failure("set-up failed; the messages are above")
    _ready.update(groups)
    return setup_sources() if not quiet else 0


def setup_sources():
    """Unpacks pinned third-party sources that are missing."""
    script = os.path.join(TOP, "tools", "setup", "sources.py")
    target = os.environ.get("DEPS", os.path.join(TOP, "build", "deps"))
    if "sources" in _ready:
        return 0
    command = [sys.executable, "-B", script, target]
    if child(command) != 0:
        raise Failure("third-party sources are missing")
    _ready.add("sources")
    return 0


def remove(directory):
    shutil.rmtree(directory, ignore_errors=True)
