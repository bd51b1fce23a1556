# SPDX-License-Identifier: BSD-2-Clause
"""The root file system of the measured guest, as a cpio archive."""

import lzma
import os
import pathlib
import re
import subprocess

import arch
import linux_packages
import qemu
import site_files
import tree

HERE = pathlib.Path(__file__).resolve().parent
MODULES = ("virtio_mmio", "virtio_net")
PROGRAMS = ("udp_echo", "udp_echo_many", "tcp_server", "wakeup", "pingpong")


class Cpio:
    """An archive in the "newc" form (Linux, initramfs buffer format)."""

    def __init__(self):
        self.data = b""
        self.count = 0

    def add(self, name, mode, data=b"", device=(0, 0)):
        self.count += 1
        path = name.encode() + b"\0"
        fields = (self.count, mode, 0, 0, 1, 0, len(data), 0, 0, *device,
                  len(path), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields)
        self.data += self.padded(head + path) + self.padded(data)

    @staticmethod
    def padded(data):
        return data + b"\0" * (-len(data) % 4)

    def directory(self, name):
        self.add(name, 0o040755)

    def program(self, name, data):
        self.add(name, 0o100755, data)

    def device(self, name, major, minor):
        self.add(name, 0o020600, device=(major, minor))

    def finish(self):
        self.add("TRAILER!!!", 0)
        return self.data


def read_module(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def modules(root):
    """Names and contents of modules, each after those that it needs."""
    files = {}
    for path in sorted(root.glob("**/kernel/**/*.ko*")):
        files[path.name.split(".")[0].replace("-", "_")] = path
    found = {}

    def visit(name):
        if name in found or name not in files:
            return  # there already, or built into the kernel
        data = read_module(files[name])
        for text in re.findall(rb"\0depends=([^\0]*)\0", data):
            for need in filter(None, text.decode().split(",")):
                visit(need.replace("-", "_"))
        found[name] = data

    for name in MODULES:
        visit(name)
    return found


def program(name):
    """Compiles one of our programs; returns its bytes."""
    output = pathlib.Path(os.path.abspath(qemu.OUT), "bench", "linux", name)
    output.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["clang", *arch.facts.CLANG, "-std=gnu11", "-O2", "-Wall", "-Wextra",
         "-ffreestanding", "-fno-stack-protector", "-nostdlib", "-static",
         "-fuse-ld=lld", "-Wl,--build-id=none", "-I", tree.TOP,
         "-I", arch.directory(), str(HERE / f"{name}.c"), "-o", str(output)],
        check=True)
    return output.read_bytes()


def archive():
    """All of it."""
    root = linux_packages.get()
    cpio = Cpio()
    for name in ("bin", "dev", "modules", "proc", "site", "sys"):
        cpio.directory(name)
    cpio.device("dev/console", 5, 1)
    cpio.device("dev/null", 1, 3)
    busybox = next(path for path in (root / "bin/busybox",
                                     root / "usr/bin/busybox")
                   if path.exists())
    cpio.program("bin/busybox", busybox.read_bytes())
    for name in PROGRAMS:
        cpio.program(f"bin/{name}", program(name))
    for name in ("init", "lease"):
        cpio.program(name, (HERE / name).read_bytes())
    for name, data in site_files.FILES.items():
        cpio.program(f"site/{name}", data)
    order = modules(root)
    for name, data in order.items():
        cpio.program(f"modules/{name}.ko", data)
    cpio.program("modules/order",
                 "".join(f"{name}.ko\n" for name in order).encode())
    return cpio.finish()
