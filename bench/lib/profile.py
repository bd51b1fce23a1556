# SPDX-License-Identifier: BSD-2-Clause
"""Where the instructions go, by program and function.

Echoes are counted from outside; of primitives, the windows between the guest's
marks.

The plugin counts instructions by address and content; here each translated
block is matched with the program that has the same instructions at the same
address, and its counts go to that program's function.
"""

import bisect
import collections
import glob
import os
import struct
import subprocess
import time

import commands
import counters
import detail
import echo
import qemu
from plugins import Plugin
from primitives import RESULT, TIMEOUT
from qemu import Machine
from rawnet import Host

HEAD_WORDS = 4  # used, lost, windows, reserved: struct profile
ENTRY_WORDS = 3
ENTRIES = 1 << 18
WINDOWS = 16


class Program:
    """Functions and instructions of one ELF."""

    def __init__(self, path):
        self.name = path.rsplit("/", 1)[1].removesuffix(".elf")
        self.words = {}
        self.starts, self.functions = [], []
        text = subprocess.run(
            ["llvm-objdump", "-d", "--no-show-raw-insn", path], check=True,
            text=True, stdout=subprocess.PIPE).stdout
        for line in text.splitlines():
            if line.endswith(">:"):
                address, name = line[:-2].split(" <")
                self.starts.append(int(address, 16))
                self.functions.append(name)
        with open(path, "rb") as file:
            self._read_segments(file.read())

    def _read_segments(self, data):
        offset, = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        for i in range(count):
            kind, flags, at, vaddr, _, length = struct.unpack_from(
                "<IIQQQQ", data, offset + i * size)
            if kind == 1 and flags & 1:
                for n in range(0, length & ~3, 4):
                    self.words[vaddr + n] = struct.unpack_from(
                        "<I", data, at + n)[0]

    def has(self, block):
        return all(self.words.get(a) == w for a, w in block)

    def function(self, address):
        i = bisect.bisect(self.starts, address) - 1
        return self.functions[i] if i >= 0 else "?"


class Profile(Plugin):
    """A live profile; `programs` are the paths of all ELFs of the system."""

    def __init__(self, programs, config="release"):
        super().__init__("profile",
                         HEAD_WORDS + ENTRIES * (ENTRY_WORDS + WINDOWS),
                         counters.kernel_ranges(config))
        self.programs = [Program(path) for path in programs]

    def snapshot(self, window=0):
        """{(block, address, opcode): count} so far, of one window."""
        used, lost = self.read_words(0, 2)
        if lost:
            raise echo.Failure("the profile has no space left")
        words = self.read_words(HEAD_WORDS, used * ENTRY_WORDS)
        counts = self.read_words(
            HEAD_WORDS + ENTRIES * (ENTRY_WORDS + window), used)
        return {words[i * ENTRY_WORDS:(i + 1) * ENTRY_WORDS]: count
                for i, count in enumerate(counts) if count}

    def windows(self):
        """How many pairs of marks the guest has made."""
        return self.read_words(2, 1)[0]

    def difference(self, before, after):
        """Counter of (program, function) between two snapshots."""
        blocks = collections.defaultdict(list)
        for (block, address, opcode) in after:
            blocks[block].append((address, opcode))
        owner = {block: self._owner(code) for block, code in blocks.items()}
        result = collections.Counter()
        for key, count in after.items():
            more = count - before.get(key, 0)
            if more:
                program = owner[key[0]]
                name = program.name if program else "?"
                function = program.function(key[1]) if program else "?"
                result[(name, function)] += more
        return result

    def _owner(self, block):
        for program in self.programs:
            if program.has(block):
                return program
        return None


PACKETS = 1000
ROWS = ((1472, 1), (1472, 32), (64, 1), (64, 32))
ECHO_PROGRAMS = ("net_*", "echo*", "timer_*", "serial_*")
PRIMITIVE_PROGRAMS = ("bench_runner", "bench_peer", "bench_sink")


def programs(patterns):
    """The ELFs that may be in a system, the likely ones first."""
    args = qemu.arguments("release")
    directory = os.path.join(args.build_dir, "bin", args.board, "release")
    return [counters.kernel_elf(), *sorted(
        path for pattern in patterns
        for path in glob.glob(os.path.join(directory, pattern + ".elf")))]


def per_operation(counts, operations):
    """{program: {function: instructions}} of one operation."""
    row = {}
    for (program, function), count in counts.items():
        row.setdefault(program, {})[function] = round(
            count / operations, 2)
    return row


def primitive_rows():
    """The guest's marks enclose its loops, in the order of its results; the
    last one has two windows, one of few first."""
    qemu.build("bench_primitives", "release")
    with Profile(programs(PRIMITIVE_PROGRAMS)) as profile:
        with Machine("bench_primitives", config="release", icount=True,
                     args=[*profile.args, "-icount", "shift=0,sleep=off"]) \
                as machine:
            counts = results(machine)
            commands.note("profile", counts, machine, commands.BY_ITSELF)
        counts["notify_noswitch"] = detail.NOTIFICATIONS
        if profile.windows() != len(counts) + 1:
            raise echo.Failure(f"{profile.windows()} windows of "
                               f"{len(counts)} rows")
        windows = [*range(1, len(counts)), len(counts) + 1]
        return {name: per_operation(
                    profile.difference({}, profile.snapshot(window)), count)
                for window, (name, count) in zip(windows, counts.items())}


def results(machine):
    """{row: operations} that the guest reports until it is done."""
    found = {}
    while True:
        name, count, _ = machine.expect(RESULT, 2 * TIMEOUT).groups()
        if name == "end":
            return found
        found[name] = int(count)


def echo_rows():
    """{row: {program: {function: instructions per packet}}}"""
    qemu.build("echo", "release")
    wire = Host()
    rows = {}
    with Profile(programs(ECHO_PROGRAMS)) as profile:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=profile.args) as machine:
            address = wire.lease(echo.CLIENT, 60)
            if address is None:
                raise echo.Failure("no lease within 60 s")
            time.sleep(1)
            for size, window in ROWS:
                wire.udp_echo(address, echo.PORT, size=size, window=window,
                              count=echo.WARM_UP)
                before = profile.snapshot()
                wire.udp_echo(address, echo.PORT, size=size, window=window,
                              count=PACKETS)
                found = profile.difference(before, profile.snapshot())
                rows[f"udp_echo_{size}_w{window}"] = per_operation(
                    found, PACKETS)
            commands.note("profile", rows, machine, commands.ECHO)
    wire.close()
    return rows


def measure(findings):
    table = findings.tables.setdefault("profile", {})

    def into(measure_rows):
        table.update(measure_rows())
        return {}
    findings.step(["profile of primitives"], lambda: into(primitive_rows))
    findings.step(["profile of echoes"], lambda: into(echo_rows))
