# SPDX-License-Identifier: BSD-2-Clause
"""Writes small ELF executables, so that tests need no compiler and can break
any field."""

import struct

import toolkit

R, W, X = 4, 2, 1
LOADER_INFO_SIZE = 72 + 16 * 256


class Elf:
    """Segments, symbols and sections; bytes() makes the file."""

    def __init__(self, entry):
        self.entry = entry
        self.segments = []
        self.symbols = []
        self.sections = []
        self.notes = []

    def segment(self, vaddr, flags, data, mem_size=None):
        """A loadable segment; memory beyond `data` is zero."""
        self.segments.append((vaddr, flags, data, mem_size or len(data)))
        return self

    def symbol(self, name, vaddr, size=8):
        """A global object."""
        self.symbols.append((name, vaddr, size))
        return self

    def section(self, name, vaddr, size):
        """A section that occupies memory."""
        self.sections.append((name, vaddr, size))
        return self

    def note(self, owner, kind):
        """A note without descriptor, in a section that is not loaded."""
        name = owner.encode() + b"\0"
        self.notes.append(struct.pack("<III", len(name), 0, kind) + name
                          + bytes(-len(name) % 4))
        return self

    def build(self):
        """The file's bytes: headers, segments, notes, symbols, names,
        sections."""
        count = len(self.segments)
        body = b""
        offset = 64 + 56 * count
        headers = b""
        for vaddr, flags, data, mem_size in self.segments:
            headers += struct.pack("<IIQQQQQQ", 1, flags, offset + len(body),
                                   vaddr, vaddr, len(data), mem_size, 0x1000)
            body += data
        noted = []
        for note in self.notes:
            noted.append((offset + len(body), len(note)))
            body += note
        names, symbols = b"\0", bytes(24)
        for name, vaddr, size in self.symbols:
            symbols += struct.pack("<IBBHQQ", len(names), 0x11, 0, 1, vaddr, size)
            names += name.encode() + b"\0"
        at_symbols = offset + len(body)
        sections = bytes(64)
        placed = []
        for name, vaddr, size in self.sections:
            placed.append((len(names), vaddr, size))
            names += name.encode() + b"\0"
        at_names = at_symbols + len(symbols)
        for name, vaddr, size in placed:
            sections += struct.pack("<IIQQQQIIQQ", name, 1, 3, vaddr, 0, size,
                                    0, 0, 8, 0)
        for at, size in noted:
            sections += struct.pack("<IIQQQQIIQQ", 0, 7, 0, 0, at, size, 0, 0,
                                    4, 0)
        index = len(placed) + len(noted) + 1
        sections += struct.pack("<IIQQQQIIQQ", 0, 2, 0, 0, at_symbols,
                                len(symbols), index + 1, 0, 8, 24)
        sections += struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, at_names,
                                len(names), 0, 0, 1, 0)
        at_sections = at_names + len(names)
        header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
            "<HHIQQQIHHHHHH", 2, 183, 1, self.entry, 64, at_sections, 0, 64,
            56, count, 64, index + 2, index + 1)
        return header + headers + body + symbols + names + sections


def pattern(seed, size):
    """Bytes that are never zero and differ between seeds."""
    return bytes((seed * 31 + i * 7) % 255 + 1 for i in range(size))


def program(seed=1, bss=0x3000):
    """A protection domain as microkit.ld lays it out, with the symbols of
    libmicrokit; data and names lie in the writable segment."""
    elf = Elf(0x200000)
    elf.segment(0x200000, R | X, pattern(seed, 0x1800))
    elf.segment(0x202000, R, pattern(seed + 1, 0x300))
    elf.segment(0x203000, R | W, pattern(seed + 2, 0x400), 0x1000 + bss)
    elf.symbol("pride_reinit", 0x202100, 40)
    elf.symbol("microkit_name", 0x203000, 64)
    elf.symbol("microkit_passive", 0x203040, 1)
    for i, name in enumerate(("irqs", "notifications", "pps", "ioports")):
        elf.symbol(f"microkit_{name}", 0x203048 + 8 * i)
    elf.symbol("in_data", 0x203100).symbol("in_bss", 0x205008)
    elf.symbol("small", 0x203108, 4)
    elf.symbol("twice", 0x203110).symbol("twice", 0x203118)
    elf.symbol("nowhere", 0x900000)
    elf.section(".config", 0x203200, 0x40)
    return elf


def kernel():
    """Four segments, the last behind an unmapped page, as kernel.ld's."""
    elf = Elf(0x70010000)
    elf.segment(0x70010000, R | X, pattern(7, 0x2345))
    elf.segment(0x70013000, R, pattern(8, 0x100))
    elf.segment(0x70014000, R | W, b"", 0x1800)
    elf.segment(0x70017000, R | W, b"", 0x1000)
    return elf


def loader():
    """Code, and the structure the tool fills in."""
    elf = Elf(0x70000000)
    elf.segment(0x70000000, R | X, pattern(9, 0x800))
    elf.segment(0x70001000, R | W, bytes(LOADER_INFO_SIZE), 0x3000)
    return elf.symbol("loader_info", 0x70001000, LOADER_INFO_SIZE)


def monitor():
    """The monitor's symbols, with room for 254 names."""
    elf = Elf(0x200000)
    elf.segment(0x200000, R | X, pattern(5, 0x100))
    elf.segment(0x201000, R | W, b"", 0x6000)
    elf.symbol("pd_names_len", 0x201000)
    elf.symbol("pd_names", 0x201040, 254 * 64)
    return elf.symbol("pd_stack_bottom_addrs", 0x205000 + 0x40, 254 * 8)


def install(sdk):
    """Kernel, loader and monitor into a toolkit.Sdk, and program p.elf."""
    directory = sdk.board / toolkit.CONFIG / "elf"
    directory.mkdir(exist_ok=True)
    for name, elf in (("kernel", kernel()), ("loader", loader()),
                      ("monitor", monitor())):
        (directory / f"{name}.elf").write_bytes(elf.build())
    (sdk.files / "p.elf").write_bytes(program(1).build())
    (sdk.files / "q.elf").write_bytes(program(50, bss=0).build())
