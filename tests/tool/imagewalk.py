# SPDX-License-Identifier: BSD-2-Clause
"""Reads an image as loader, kernel and processor do: the system table, and the
page tables of every address space.  Written from abi/*.h and the architecture
manual (DDI 0487, D8); shares nothing with the tool."""

import collections
import struct

BASE = 0x70000000
PAGE = 0x1000
ADDRESS = 0x0000FFFFFFFFF000
NONE = 0xFFFF

Leaf = collections.namedtuple("Leaf", "va pa size write execute device")
Channel = collections.namedtuple("Channel",
                                 "callee listener bit pd irq id flags")
Irq = collections.namedtuple("Irq", "number pd channel edge")


class Pd:
    """One entry of the system table."""

    def __init__(self, data):
        fields = struct.unpack_from("<QQQQQQQIIIHHBB6x", data, 0)
        (self.vspace, self.entry, self.stack_top, self.buffer, self.faults,
         self.irq_ids, self.notify_lazy, self.fault_words, self.budget,
         self.period, self.parent, self.child_id, self.priority, self.flags) = fields
        self.channel = [Channel(*struct.unpack_from("<QQQHHBBxx", data, 80 + 32 * i))
                        for i in range(64)]
        self.children = struct.unpack_from("<64H", data, 80 + 64 * 32)
        self.name = data[2256:2320].split(b"\0")[0].decode()


class Image:
    """The bytes at BASE, what the loader is told, and the table."""

    def __init__(self, data, info_at=0x70001000):
        self.data = data
        info = struct.unpack_from("<7Q4I", data, info_at - BASE)
        (self.magic, self.base, self.size, self.kernel_entry, self.table_at,
         self.kernel_root, self.console, self.console_kind, self.flags, count,
         _) = info
        self.zero = [struct.unpack_from("<QQ", data, info_at - BASE + 72 + 16 * i)
                     for i in range(count)]
        self._read_table()

    def word(self, pa):
        """A 64-bit word of the image."""
        return struct.unpack_from("<Q", self.data, pa - BASE)[0]

    def _read_table(self):
        at = self.table_at - BASE
        head = struct.unpack_from("<QIIHHHHBBBBHHQIIIIIIQQQQQQ", self.data, at)
        (self.table_magic, self.version, total, _, pd_size, irq_size,
         self.state_size, self.arch, self.level, self.core, self.cores,
         self.irqchip_kind, self.table_console_kind, self.hash, count, pds, irqs, irq_at, lines, line_at, self.state,
         self.release, root, *self.devices) = head
        assert root == self.kernel_root
        self.table = self.data[at:at + total]
        self.pds = [Pd(self.table[pds + i * pd_size:]) for i in range(count)]
        self.irqs = [Irq(*struct.unpack_from("<IHBB", self.table, irq_at + i * irq_size))
                     for i in range(irqs)]
        self.lines = struct.unpack_from(f"<{lines}H", self.table, line_at)

    def hash_of_table(self):
        """FNV-1a over the table's words with its hash taken as zero."""
        value = 0xCBF29CE484222325
        for word, in struct.iter_unpack(
                "<Q", self.table[:32] + bytes(8) + self.table[40:]):
            value = (value ^ word) * 0x100000001B3 & (1 << 64) - 1
        return value

    def _leaves(self, root, entries, decode):
        for i in range(entries):
            first = self.word(root + 8 * i)
            if first == 0:
                continue
            assert first & 3 == 3, "a block of 1 GiB"
            for k in range(512):
                second = self.word((first & ADDRESS) + 8 * k)
                va = i << 30 | k << 21
                if second & 3 == 1:
                    yield decode(va, second, 0x200000)
                if second & 3 != 3:
                    continue
                for n in range(512):
                    third = self.word((second & ADDRESS) + 8 * n)
                    if third:
                        assert third & 3 == 3, "a reserved descriptor"
                        yield decode(va | n << 12, third, PAGE)

    def user_leaves(self, pd):
        """Every leaf of a protection domain: stage 2, 40 bits."""
        def decode(va, entry, size):
            assert entry >> 10 & 1 and entry >> 6 & 1
            device = entry >> 2 & 15 == 0
            assert device or (entry >> 2 & 15 == 15 and entry >> 8 & 3 == 3)
            return Leaf(va, entry & ADDRESS, size, bool(entry >> 7 & 1),
                        not entry >> 54 & 1, device)
        return list(self._leaves(pd.vspace & ADDRESS, 1024, decode))

    def kernel_leaves(self):
        """Every leaf of the kernel: stage 1 at EL2, 39 bits."""
        def decode(va, entry, size):
            assert entry >> 10 & 1 and entry >> 6 & 1
            device = entry >> 2 & 7 == 0
            assert device or (entry >> 2 & 7 == 1 and entry >> 8 & 3 == 3)
            return Leaf(va, entry & ADDRESS, size, not entry >> 7 & 1,
                        not entry >> 54 & 1, device)
        return list(self._leaves(self.kernel_root, 512, decode))

    def tables(self, root, entries):
        """Physical pages of all tables below a root, the root included."""
        pages = {root + PAGE * i for i in range(entries * 8 // PAGE)}
        for i in range(entries):
            first = self.word(root + 8 * i)
            if first & 3 == 3:
                pages.add(first & ADDRESS)
                for k in range(512):
                    second = self.word((first & ADDRESS) + 8 * k)
                    if second & 3 == 3:
                        pages.add(second & ADDRESS)
        return pages

    def is_zeroed(self, pa):
        """Does the loader zero this page?"""
        return any(base <= pa and pa + PAGE <= base + size for base, size in self.zero)

    def physical(self, pa, size):
        """Memory as it is when the kernel starts; None for unknown bytes."""
        if BASE <= pa and pa + size <= BASE + len(self.data):
            return self.data[pa - BASE:pa - BASE + size]
        return bytes(size) if self.is_zeroed(pa & ~(PAGE - 1)) else None

    def read(self, pd, va, size):
        """Memory as the protection domain sees it at its first instruction."""
        leaves = {leaf.va: leaf for leaf in self.user_leaves(pd)}
        out = b""
        while len(out) < size:
            at = va + len(out)
            leaf = leaves.get(at & ~(PAGE - 1)) or leaves[at & ~0x1FFFFF]
            step = min(size - len(out), PAGE - at % PAGE)
            out += self.physical(leaf.pa + at - leaf.va, step)
        return out
