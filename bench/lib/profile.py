# SPDX-License-Identifier: BSD-2-Clause
"""Where the instructions go, by program and function.

The plugin counts instructions by address and content; here each translated
block is matched with the program that has the same instructions at the same
address, and its counts go to that program's function.
"""

import bisect
import collections
import struct
import subprocess

import counters
from plugins import Plugin

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
