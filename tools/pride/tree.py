# SPDX-License-Identifier: BSD-2-Clause
"""The source tree: where things are, which systems exist, how to build."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BOARD = "qemu_virt_aarch64"
CONFIGS = ("debug", "release", "benchmark")


class Failure(Exception):
    """An error that is the user's to hear about, in one or a few lines."""


def say(text):
    """Tells what is going on, apart from the output proper."""
    print(f"pride: {text}", file=sys.stderr, flush=True)


class System:
    """One line of `make print-systems`."""

    def __init__(self, name, description):
        self.name = name
        self.description = description
        self.directory = os.path.join(TOP, os.path.dirname(description))

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


def binaries(args):
    return os.path.join(args.build_dir, "bin", args.board, args.config)


def make_command(args, targets):
    command = ["make", "--no-print-directory", "-C", TOP,
               f"-j{os.cpu_count() or 1}", f"O={args.build_dir}",
               f"BOARD={args.board}", f"CONFIG={args.config}", *targets]
    command.append("V=1" if args.verbose else "-s")
    return command


@contextlib.contextmanager
def locked(args):
    """One make at a time in a build directory."""
    os.makedirs(args.build_dir, exist_ok=True)
    with open(os.path.join(args.build_dir, ".lock"), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make(args, targets, output=sys.stderr, more=()):
    """Builds targets; progress goes to stderr."""
    setup_sources()
    with locked(args):
        done = subprocess.run(make_command(args, [*more, *targets]),
                              stdout=output, stderr=output, check=False)
    if done.returncode != 0:
        raise Failure("the build failed; the messages are above")


def all_systems(args):
    if not os.path.isdir(os.path.join(TOP, "boards", args.board)):
        boards = sorted(os.listdir(os.path.join(TOP, "boards")))
        raise Failure(f"unknown board '{args.board}'; there are: "
                      + " ".join(boards))
    setup(["build"])
    done = subprocess.run(make_command(args, ["-s", "print-systems"]),
                          text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    lines = [line.split() for line in done.stdout.splitlines()]
    return [System(*words) for words in lines if len(words) == 2]


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


def find(args, name):
    system = maybe(args, name)
    if not system:
        names = " ".join(s.name for s in systems(args))
        raise Failure(f"unknown system '{name}'; there are: {names}")
    return system


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
    if subprocess.run(command + list(groups), check=False).returncode != 0:
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
    if subprocess.run(command, check=False).returncode != 0:
        raise Failure("third-party sources are missing")
    _ready.add("sources")
    return 0


def remove(directory):
    shutil.rmtree(directory, ignore_errors=True)
