#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Images that must not boot say why, and a broken kernel prints a panic message,
in every configuration.  The faults are put into copies of an image's bytes."""

import os
import re
import struct
import subprocess
import sys

import qemu
import tap

SYSTEM = "kernel-budget"
BASE = 0x70000000

UDF = struct.pack("<I", 0)
OVERFLOW = struct.pack("<II", 0xd14007ff,  # sub sp, sp, #0x1000
                       0xf90003ff)         # str xzr, [sp]
WRITE_TEXT = struct.pack("<II", 0x10000000,  # adr x0, .
                         0xf9000000)         # str x0, [x0]
READ_NULL = struct.pack("<II", 0xd2800000,  # mov x0, #0
                        0xf9400000)         # ldr x0, [x0]


class Image:
    """The bytes of a system's image, and the kernel's symbols."""

    def __init__(self, config, name=SYSTEM):
        args = qemu.arguments(config)
        system = qemu.build(name, config)
        with open(system.image(args), "rb") as file:
            self.data = file.read()
        kernel = os.path.join(args.build_dir, "sdk", "board", args.board,
                              config, "elf", "kernel.elf")
        done = subprocess.run(["llvm-nm", kernel], text=True, check=True,
                              capture_output=True)
        self.symbol = {line.split()[-1]: int(line.split()[0], 16)
                       for line in done.stdout.splitlines()}
        self.info = self.data.index(struct.pack("<Q", 0x3130444c45444950))
        self.table = self.data.index(struct.pack("<Q", 0x3130424154454450))

    def zero_ranges(self):
        """(base, size) of what the loader must zero: abi/image.h."""
        count, = struct.unpack_from("<I", self.data, self.info + 64)
        for at in range(count):
            yield struct.unpack_from("<QQ", self.data, self.info + 72 + 16 * at)

    def patched(self, changes):
        """A copy with {offset: bytes} replaced."""
        data = bytearray(self.data)
        for offset, new in changes.items():
            data[offset:offset + len(new)] = new
        return bytes(data)

    def with_table(self, changes):
        """A copy whose table has {offset: bytes} replaced and the right hash."""
        data = bytearray(self.data)
        for offset, new in changes.items():
            at = self.table + offset
            data[at:at + len(new)] = new
        data[self.table + 32:self.table + 40] = bytes(8)
        size, = struct.unpack_from("<I", data, self.table + 12)
        hash_ = 0xcbf29ce484222325
        for word, in struct.iter_unpack("<Q", data[self.table:self.table + size]):
            hash_ = (hash_ ^ word) * 0x100000001b3 % (1 << 64)
        struct.pack_into("<Q", data, self.table + 32, hash_)
        return bytes(data)

    def with_code(self, function, code):
        """A copy whose kernel runs `code` when it enters `function`."""
        return self.patched({self.symbol[function] - BASE: code})


def boot(data, config, name, args=(), until="STOPPED", timeout=10):
    """What the console shows until it shows `until`, and the line after."""
    path = os.path.join(qemu.log_directory(), f"boot-{name}-{config}.img")
    with open(path, "wb") as file:
        file.write(data)
    try:
        with qemu.Machine(SYSTEM, config, image=path, args=args,
                          log=f"boot-{name}") as machine:
            try:
                machine.expect(re.compile(until + ".*\n"), timeout)
            except qemu.Timeout:
                pass
            return machine.text
    finally:
        os.unlink(path)


def refusals(cases, image, config):
    """The loader and the boot check refuse what they must."""
    place = image.table + 200
    flipped = image.patched({place: bytes([image.data[place] ^ 1])})
    text = boot(flipped, config, "flipped")
    cases.ok("KERNEL|STOPPED: table: damaged" in text,
             f"{config}: a damaged table is refused", text)

    version = image.patched({image.table + 8: struct.pack("<I", 99)})
    text = boot(version, config, "version")
    cases.ok("KERNEL|STOPPED: table: made for another version" in text,
             f"{config}: a table of another version is refused", text)

    other = image.with_table({28: struct.pack("<H", 99)})
    text = boot(other, config, "irqchip")
    cases.ok("KERNEL|STOPPED: table: made for another interrupt controller"
             in text, f"{config}: a table for another board is refused", text)

    jump = struct.pack("<I", 0x14000000 | 0x10000 // 4)
    moved = jump + bytes(0x10000 - 4) + image.data
    text = boot(moved, config, "moved", until="LDR.ERROR")
    cases.ok("LDR|ERROR: loaded at, must be at: 0x70010000 0x70000000" in text,
             f"{config}: an image at the wrong place is refused", text)

    for level, option in (1, "virtualization=off"), (3, "secure=on"):
        text = boot(image.data, config, f"el{level}",
                    args=["-machine", option], until="LDR.ERROR")
        cases.ok("LDR|ERROR: started at exception level, must be: "
                 f"0x{level} 0x2" in text,
                 f"{config}: started at EL{level}: refused", text)


def zeroing(cases):
    """What starts as zero is zero, whatever was in memory.  The judge finds
    its region zero, the kernel its state."""
    image = Image("debug", "kernel-attack")
    args, paths = [], []
    for number_, (base, size) in enumerate(image.zero_ranges()):
        path = os.path.join(qemu.log_directory(), f"boot-dirt{number_}.bin")
        with open(path, "wb") as file:
            file.write(b"\xa5" * size)
        paths.append(path)
        args += ["-device", f"loader,file={path},addr={base},force-raw=on"]
    text = boot(image.data, "debug", "dirt", args, until="JUDGE.done",
                timeout=60)
    for path in paths:
        os.unlink(path)
    cases.ok(len(paths) >= 2 and "|failures=0" in text,
             f"{len(paths)} ranges full of dirt are zeroed", text)


def number(text, name):
    found = re.search(name + r" +([0-9a-f]{16})", text)
    return int(found.group(1), 16) if found else None


def panics(cases, image, config):
    """An exception inside the kernel stops the machine with a dump."""
    at = image.symbol["irq_init"]
    guard = image.symbol["kernel_stack_top"] - 0x2000
    faults = [
        # name, code, pc - at, far or None: (lowest, below)
        ("an undefined instruction", UDF, 0, None),
        ("a write below the kernel's stack", OVERFLOW, 4,
         (guard, guard + 0x1000)),
        ("a write to the kernel's text", WRITE_TEXT, 4, (at, at + 1)),
        ("a read of address 0", READ_NULL, 4, (0, 1)),
    ]
    for number_, (name, code, offset, far) in enumerate(faults):
        text = boot(image.with_code("irq_init", code), config,
                    f"panic{number_}")
        ok = ("KERNEL|STOPPED: the kernel took an exception" in text
              and number(text, "vector") == 4
              and number(text, "pc") == at + offset)
        if far:
            seen = number(text, "far")
            ok = ok and seen is not None and far[0] <= seen < far[1]
        cases.ok(ok, f"{config}: {name} by the kernel: panic message", text)

    text = boot(image.with_code("ipc_notify", UDF), config, "running")
    cases.ok("while running twin_a" in text,
             f"{config}: the panic message names the running PD", text)


def main():
    cases = tap.Tap()
    for config in "debug", "release":
        image = Image(config)
        refusals(cases, image, config)
        panics(cases, image, config)

    zeroing(cases)
    text = boot(Image("release").data, "release", "silent", timeout=1.5)
    cases.ok(text == "", "release: a system that is well prints nothing", text)
    text = boot(Image("debug").data, "debug", "loud", until="SHARE.*")
    cases.ok("LDR|INFO: entering the kernel" in text and "SHARE|" in text,
             "debug: the same system prints", text)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
