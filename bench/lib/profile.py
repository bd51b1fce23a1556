# SPDX-License-Identifier: BSD-2-Clause
"""Where the instructions go, by program and function.

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

import counters
import echo
import qemu
from plugins import Plugin
from qemu import Machine
from rawnet import Host

HEAD_WORDS = 4
ENTRY_WORDS = 4
ENTRIES = 1 << 18


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
        super().__init__("profile", HEAD_WORDS + ENTRIES * ENTRY_WORDS,
                         counters.kernel_ranges(config))
        self.programs = [Program(path) for path in programs]

    def snapshot(self):
        """{(block, address, opcode): count} so far."""
        words = self.read_words()
        found = {}
        for i in range(words[0]):
            at = HEAD_WORDS + i * ENTRY_WORDS
            found[tuple(words[at:at + 3])] = words[at + 3]
        return found

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


def programs():
    """The ELFs that may be in the echo system, the likely ones first."""
    args = qemu.arguments("release")
    folder = os.path.join(args.build_dir, "bin", args.board, "release")
    return [counters.kernel_elf(), *sorted(
        path for pattern in ("net_*", "echo*", "timer_*", "serial_*")
        for path in glob.glob(os.path.join(folder, pattern + ".elf")))]


def echo_rows():
    """{row: {program: {function: instructions per packet}}}"""
    qemu.build("echo", "release")
    wire = Host()
    rows = {}
    with Profile(programs()) as profile:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=profile.args):
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
                row = rows[f"udp_echo_{size}_w{window}"] = {}
                for (program, function), count in found.items():
                    row.setdefault(program, {})[function] = count / PACKETS
    wire.close()
    return rows


def measure():
    return {"profile": echo_rows()}
