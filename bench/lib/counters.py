# SPDX-License-Identifier: BSD-2-Clause
"""The counting plugin: builds it, loads it into QEMU, reads it live."""

import mmap
import os
import re
import struct
import subprocess
import tempfile

import qemu
import tree

SOURCE = os.path.join(tree.TOP, "bench", "plugin", "count.c")
WORDS = 18  # struct counters in count.c


def qemu_version(program="qemu-system-aarch64"):
    text = subprocess.run([program, "--version"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return tuple(int(n) for n in re.search(r"(\d+)\.(\d+)", text).groups())


def plugin():
    """Builds the plugin for the installed QEMU; returns its path."""
    major, _minor = qemu_version()
    # QEMU refuses plugins older than its minimum and newer than itself
    api = 1 if major < 9 else 2
    path = os.path.join(os.path.abspath(qemu.OUT), "host", f"count-{api}.so")
    if os.path.exists(path) and \
            os.path.getmtime(path) > os.path.getmtime(SOURCE):
        return path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(
        ["gcc", "-std=gnu11", "-O2", "-fPIC", "-shared",
         "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror",
         f"-DPLUGIN_API_VERSION={api}", SOURCE, "-o", path], check=True)
    return path


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


class Counters:
    """Live counters of one QEMU run; `args` goes onto its command line."""

    def __init__(self, config="release"):
        names = symbols(kernel_elf(config))
        start = names["_start"] & ~0xffff
        vectors = names["vectors"]
        # from user level: synchronous and interrupt; and sleeps that end
        self.watch = [vectors + 0x400, vectors + 0x480, names["arch_idle"]]
        descriptor, self.path = tempfile.mkstemp(prefix="pride-count-")
        os.close(descriptor)
        watch = ":".join(hex(a) for a in self.watch)
        self.args = ["-plugin",
                     f"{plugin()},out={self.path},"
                     f"kernel={start:#x}:{start + 0x100000:#x},watch={watch}"]
        self.map = None

    def read(self):
        """A Sample of now."""
        if self.map is None:
            with open(self.path, "r+b") as file:
                self.map = mmap.mmap(file.fileno(), WORDS * 8)
        return Sample(struct.unpack(f"<{WORDS}Q", self.map[:WORDS * 8]))

    def close(self):
        if self.map is not None:
            self.map.close()
        os.unlink(self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Sample:
    """What has been executed since reset."""

    def __init__(self, words):
        self.kernel, self.user = words[0], words[1]
        self.calls, self.interrupts, self.sleeps = words[2:5]

    @property
    def total(self):
        return self.kernel + self.user

    @property
    def entries(self):
        """Kernel entries; a sleep that ends is an interrupt taken."""
        return self.calls + self.interrupts + self.sleeps
