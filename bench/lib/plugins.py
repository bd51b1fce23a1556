# SPDX-License-Identifier: BSD-2-Clause
"""Our QEMU plugins: builds one, maps its live file."""

import glob
import mmap
import os
import re
import struct
import subprocess
import tempfile

import arch
import machine
import qemu
import tree

SOURCES = os.path.join(tree.TOP, "bench", "plugin")


def qemu_text():
    """What the board's QEMU says it is."""
    program = machine.Board(qemu.arguments().board).program
    return subprocess.run([program, "--version"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.splitlines()[0]


def qemu_version():
    found = re.search(r"(\d+)\.(\d+)", qemu_text())
    return tuple(int(n) for n in found.groups())


def build(name):
    """Compiles a plugin for the installed QEMU; returns its path."""
    # QEMU refuses plugins older than its minimum and newer than itself
    api = 1 if qemu_version()[0] < 9 else 2
    path = os.path.join(os.path.abspath(qemu.OUT), "host",
                        f"{name}-{arch.name()}-{api}.so")
    kinds = os.path.join(arch.directory(), "kinds.c")
    newest = max(map(os.path.getmtime,
                     [kinds, *glob.glob(f"{SOURCES}/*.[ch]")]))
    if os.path.exists(path) and os.path.getmtime(path) > newest:
        return path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(
        ["gcc", "-std=gnu11", "-O2", "-fPIC", "-shared",
         "-fvisibility=hidden", "-Wall", "-Wextra",
         f"-I{tree.TOP}", f"-DPLUGIN_API_VERSION={api}",
         *(f"{SOURCES}/{part}.c" for part in (name, "common")), kinds,
         "-o", path], check=True)
    return path


class Plugin:
    """A plugin with a file of 64-bit words; `args` is for QEMU's command."""

    def __init__(self, name, words, kernel, **more):
        descriptor, self.path = tempfile.mkstemp(prefix="pride-plugin-")
        os.ftruncate(descriptor, words * 8)
        os.close(descriptor)
        self.words = words
        options = [f"out={self.path}"]
        options += [f"kernel={base:#x}:{end:#x}" for base, end in kernel]
        options += [f"{key}={value}" for key, value in more.items()]
        self.args = ["-plugin", ",".join([build(name), *options])]
        self.map = None

    def mapping(self):
        """The file, from before QEMU starts."""
        if self.map is None:
            with open(self.path, "r+b") as file:
                self.map = mmap.mmap(file.fileno(), self.words * 8)
        return self.map

    def read_words(self, first=0, count=None):
        count = self.words - first if count is None else count
        return struct.unpack_from(f"<{count}Q", self.mapping(), first * 8)

    def write_word(self, index, value):
        struct.pack_into("<Q", self.mapping(), index * 8, value)

    def close(self):
        if self.map is not None:
            self.map.close()
        os.unlink(self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
