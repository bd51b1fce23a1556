#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boards, device trees and drivers that cannot be used, and counters, which
depend on what programs declare."""

import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import toolkit
from elfmaker import R, W, X, Elf, pattern
from tap import Tap, check, equal

SYSTEM = """<system>
<protection_domain name="a"><program_image path="a.elf"/></protection_domain>
<subsystem class="net" device="net0">
<client pd="a" mac="52:54:01:00:00:01"/></subsystem></system>"""

BOARD = "board/qemu_virt_aarch64/board.xml"
DRIVER = "drivers/network/virtio/driver.xml"

# file, what to replace (a pattern), by what, the message
BROKEN = (
    (BOARD, 'arch="aarch64"', 'arch="pdp11"',
     "arch 'pdp11' is not supported on element 'board': FILE:5:1"),
    (BOARD, 'pa_bits="40"', 'pa_bits="16"',
     "cores must be at least 1, pa_bits at least 32 on element 'board': FILE:5:1"),
    (BOARD, 'exception_level="2"', 'exception_level="1"',
     "exception_level 1 is not supported for arch 'aarch64' on element "
     "'board': FILE:5:1"),
    (BOARD, 'memory base="0x40000000"', 'memory base="0x40000100"',
     "base and size must be whole pages on element 'memory': FILE:7:5"),
    (BOARD, 'spare="true"', 'spare="perhaps"',
     "spare must be 'true' or 'false' on element 'reserved': FILE:14:5"),
    (BOARD, 'limit="0x80000000"', 'limit="0x70000000"',
     "the image must be in memory on element 'board': FILE:5:1"),
    (BOARD, 'kind="gicv2"', 'kind="pic"',
     "kind 'pic' is not supported on element 'irqchip': FILE:18:5"),
    (BOARD, "<registers[^>]*>", "",
     "a 'gicv2' has 2 ranges of registers on element 'irqchip': FILE:18:5"),
    (BOARD, "<registers[^>]*>", '<registers base="0x1000" size="0x1000"/>' * 2,
     "a 'gicv2' has 2 ranges of registers on element 'registers': FILE:20:9"),
    (BOARD, '0x08010000" size="0x2000"', '0x08010000" size="0x2001"',
     "base and size must be whole pages on element 'registers': FILE:20:9"),
    (BOARD, "<registers ", "<register ",
     "invalid XML element 'register': FILE:19:9"),
    (BOARD, 'kind="pl011"', 'kind="tty"',
     "kind 'tty' is not supported on element 'console': FILE:22:5"),
    (BOARD, 'base="0x09000000" size="0x1000"', 'base="0x09000100" size="0x1000"',
     "base and size must be whole pages on element 'console': FILE:22:5"),
    (BOARD, "(?s)<irqchip.*</irqchip>", "",
     "element 'irqchip' is missing on element 'board': FILE:5:1"),
    (BOARD, 'lines="288"', 'lines="40"',
     "the device's interrupt 48 is not one of the board's on element "
     "'subsystem': SYSTEM:3:1"),
    (BOARD, "<memory ", "<memories ",
     "invalid XML element 'memories': FILE:7:5"),
    (BOARD, "(?s)^.*$", "<board", "Could not parse 'FILE': unclosed token: FILE:1:1"),
    (DRIVER, 'class="net"', 'class="serial"',
     "class must be 'net' on element 'driver': FILE:3:1"),
    (DRIVER, 'size="0x1000"', 'size="0x800"',
     "size must be whole pages on element 'region': FILE:5:5"),
    (DRIVER, 'perms="rw"', 'perms="rwx"',
     "perms must be 'r' or 'rw' on element 'region': FILE:5:5"),
    (DRIVER, 'region name="regs" index="0"', 'region name="regs" index="1"',
     "the device has no usable 'reg' entry 1 for driver 'virtio' on element "
     "'subsystem': SYSTEM:3:1"),
    (DRIVER, 'irq index="0"', 'irq index="1"',
     "the device has no usable interrupt 1 for driver 'virtio' on element "
     "'subsystem': SYSTEM:3:1"),
    (DRIVER, "<irq ", "<interrupt ",
     "invalid XML element 'interrupt': FILE:7:5"),
    (DRIVER, "<irq [^>]*>", '<irq index="0"/>' * 63,
     "a driver has at most 62 interrupts on element 'irq': FILE:7:997"),
    (DRIVER, "<dma_region [^>]*>", '<dma_region name="x" size="0x1000"/>' * 64,
     "a driver has at most 64 regions on element 'dma_region': FILE:6:2273"),
)


def replaced(file, pattern_, text):
    """Changes a file; returns the old content."""
    old = file.read_text()
    new = re.sub(pattern_, text, old, count=1)
    check(old != new, f"{pattern_} is not in {file}")
    file.write_text(new)
    return old


def check_broken(sdk, system, case):
    """One replaced text, one message."""
    name, pattern_, text, wanted = case
    file = sdk.root / name
    old = replaced(file, pattern_, text)
    try:
        result = sdk.run(str(system), "--check")
    finally:
        file.write_text(old)
    wanted = wanted.replace("FILE", str(file)).replace("SYSTEM", str(system))
    equal(result.stderr.split("\n")[0], "Error: " + wanted, "message")
    equal(result.returncode, 1, "status")


def check_tree(sdk, system, change, wanted):
    """A device tree that was changed by fdtput or by hand."""
    tree = sdk.board / "board.dtb"
    old = tree.read_bytes()
    try:
        change(tree)
        result = sdk.run(str(system), "--check")
    finally:
        tree.write_bytes(old)
    equal(result.stderr.split("\n")[0],
          "Error: " + wanted.replace("SYSTEM", str(system)), "message")


def disable(tree):
    subprocess.run(["fdtput", "-t", "s", tree, "/virtio_mmio@a000000", "status",
                    "disabled"], check=True)


def counting(name):
    """A program, with a place for a page of counters or for pages to read."""
    return (Elf(0x200000).segment(0x200000, R | X, pattern(1, 64))
            .segment(0x201000, R | W, bytes(0x400))
            .section(name, 0x201000, 0x400).build())


def check_stats(sdk):
    """Who counts has a page of its own; who observes sees them all."""
    (sdk.files / "count.elf").write_bytes(counting(".stats_config"))
    (sdk.files / "show.elf").write_bytes(counting(".stats_observer_config"))
    file = sdk.directory / "stats.system"
    file.write_text(
        '<system><protection_domain name="show"><program_image path="show.elf"/>'
        '</protection_domain><protection_domain name="count"><program_image '
        'path="count.elf"/></protection_domain><subsystem class="timer" '
        'device="timer0"><driver program="count.elf"/><client pd="count"/>'
        '<stats pd="show"/></subsystem></system>')
    out = sdk.directory / "stats"
    result = sdk.run(str(file), "--expand", str(out))
    equal(result.returncode, 0, f"status ({result.stderr})")
    shown = (out / "show.stats_observer_config.data").read_bytes()
    magic, count = struct.unpack_from("<8sQ", shown)
    equal((magic, count), (b"PRIDEST1", 2), "magic and count")
    pages = set(struct.unpack_from("<2Q", shown, 16))
    mapped = re.findall(r'mr="stats_(\w+)" vaddr="(\w+)" perms="(\w+)"',
                        result.stdout)
    equal({int(at, 16) for _, at, perms in mapped if perms == "r"}, pages,
          "pages of the observer")
    own = {name: int(at, 16) for name, at, perms in mapped if perms == "rw"}
    equal(set(own), {"count", "timer_driver"}, "who counts")
    data = (out / "count.stats_config.data").read_bytes()
    equal(struct.unpack("<8sQ", data), (b"PRIDEST1", own["count"]), "page")
    check(not (out / "show.stats_config.data").exists(), "show counts too")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        sdk = toolkit.Sdk(pathlib.Path(name))
        system = sdk.directory / "net.system"
        system.write_text(SYSTEM)
        for case in BROKEN:
            with tap.case(f"sdk: {os.path.basename(case[0])}: {case[3][:44]}"):
                check_broken(sdk, system, case)
        with tap.case("sdk: device tree: disabled device"):
            check_tree(sdk, system, disable, "device 'net0' is disabled in "
                       "the device tree on element 'subsystem': SYSTEM:3:1")
        with tap.case("sdk: device tree: none"):
            check_tree(sdk, system, lambda tree: tree.unlink(),
                       "board 'qemu_virt_aarch64' has no device tree "
                       "(board.dtb)")
        with tap.case("sdk: device tree: cut short"):
            check_tree(sdk, system, lambda tree: tree.write_bytes(
                tree.read_bytes()[:1000]),
                "the device tree of board 'qemu_virt_aarch64' is damaged: "
                "FDT_ERR_TRUNCATED")
        with tap.case("sdk: counters have pages"):
            check_stats(sdk)
        with tap.case("sdk: a description that is not there"):
            result = sdk.run("nowhere.system", "--check")
            equal(result.stderr, "Error: cannot read 'nowhere.system': "
                  "No such file or directory\n", "message")
        with tap.case("sdk: a description that is a directory"):
            result = sdk.run("files", "--check")
            equal(result.stderr, "Error: cannot read 'files': it is not a "
                  "regular file\n", "message")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
