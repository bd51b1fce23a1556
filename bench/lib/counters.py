# SPDX-License-Identifier: BSD-2-Clause
"""Counts executed instructions and kernel entries, live (plugin/count.c)."""

import os
import subprocess

import arch
import qemu
from plugins import Plugin

WORDS = 20  # struct counters in count.c
BEFORE_USER, WAKE_LEAST = 18, 19


def symbols(elf):
    """Names and addresses of an ELF's symbols."""
    text = subprocess.run(["llvm-nm", "--defined-only", elf], check=True,
                          text=True, stdout=subprocess.PIPE).stdout
    found = {}
    for line in text.splitlines():
        address, _kind, name = line.split()
        found[name] = int(address, 16)
    return found


def kernel_elf(config="release"):
    args = qemu.arguments(config)
    return os.path.join(args.build_dir, "sdk", "board", args.board, config,
                        "elf", "kernel.elf")


def kernel_ranges(config="release"):
    """Where our kernel executes."""
    facts = arch.facts
    start = symbols(kernel_elf(config))["_start"] & -facts.KERNEL_ALIGN
    return ((start, start + facts.KERNEL_WINDOW),)


class Counters(Plugin):
    """Live counters of one QEMU run; of our kernel, or of another whose
    ranges are given (then nothing is known of entries)."""

    def __init__(self, config="release", ranges=None):
        more = {}
        if ranges is None:
            names = symbols(kernel_elf(config))
            ranges = kernel_ranges(config)
            watch = [names[arch.facts.VECTORS] + offset
                     for offset in arch.facts.USER_ENTRIES]
            watch.append(names[arch.facts.IDLE])
            more["watch"] = ":".join(map(hex, watch))
        super().__init__("count", WORDS, ranges, **more)

    def read(self):
        """A Sample of now."""
        return Sample(self.read_words())


class Sample:
    """What has been executed since reset."""

    def __init__(self, words):
        self.kernel, self.user = words[0], words[1]
        self.calls, self.interrupts, self.sleeps = words[2:5]
        self.before_user = words[BEFORE_USER]
        self.wake_least = words[WAKE_LEAST]

    @property
    def total(self):
        return self.kernel + self.user

    @property
    def entries(self):
        """Kernel entries; a sleep that ends is an interrupt taken."""
        return self.calls + self.interrupts + self.sleeps
