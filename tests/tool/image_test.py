#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Images read back: what the tool laid out against what was described, and
the messages for programs and layouts that cannot work."""

import itertools
import json
import pathlib
import sys
import tempfile

import elfmaker
import imagewalk
import toolkit
from imagewalk import NONE, PAGE
from tap import Tap, check, equal

TOP = 0xFFFFFFF000

FULL = """<system>
<memory_region name="shared" size="0x3000"/>
<memory_region name="large" size="0x400000" page_size="0x200000"/>
<memory_region name="dma" size="0x5000"/>
<memory_region name="uart" size="0x1000" phys_addr="0x9000000"/>
<memory_region name="fixed" size="0x2000" phys_addr="0x70800000"/>
<memory_region name="files" size="0x402000" prefill_path="files.bin"/>
<memory_region name="disk" size="0x4000" prefill_path="files.bin"/>
<protection_domain name="server" priority="200" budget="300" period="1000"
                   passive="true" fpu="false">
 <program_image path="p.elf"/>
 <map mr="shared" vaddr="0x4000000" perms="rw"/>
 <map mr="uart" vaddr="0x5000000" perms="rw" cached="false"/>
 <irq irq="33" id="5"/>
 <irq irq="40" id="6" trigger="edge"/>
 <setvar symbol="in_bss" region_paddr="dma"/>
 <protection_domain name="child" id="7" priority="100">
  <program_image path="q.elf"/>
  <map mr="shared" vaddr="0x4000000" perms="r" setvar_vaddr="in_data"/>
  <map mr="large" vaddr="0x10000000" perms="rw"/>
  <map mr="dma" vaddr="0x6000000" perms="rw" cached="false"/>
  <map mr="fixed" vaddr="0x7000000" perms="rx"/>
 </protection_domain>
</protection_domain>
<protection_domain name="fresh" priority="50" stack_size="0x5000" reinit="true">
 <program_image path="p.elf"/>
 <map mr="files" vaddr="0x20000000" perms="r"/>
 <map mr="disk" vaddr="0x30000000" perms="rw"/>
 <setvar symbol="in_bss" region_paddr="disk"/>
</protection_domain>
<channel><end pd="child" id="3" pp="true" notify="false"/>
         <end pd="server" id="1"/></channel>
<channel><end pd="fresh" id="0"/><end pd="server" id="2" notify="false"/></channel>
</system>"""

REGION_MAPS = {  # name: (pd, va, size, write, execute, device)
    "server": [(0x4000000, 0x3000, True, False, False),
               (0x5000000, 0x1000, True, False, True)],
    "child": [(0x4000000, 0x3000, False, False, False),
              (0x10000000, 0x400000, True, False, False),
              (0x6000000, 0x5000, True, False, True),
              (0x7000000, 0x2000, False, True, False)],
    "fresh": [(0x20000000, 0x402000, False, False, False),
              (0x30000000, 0x4000, True, False, False)],
}
FILES = bytes((i * 13 + 1) % 256 for i in range(0x1234))


def own_maps(bss, stack, reinit=0):
    """What a program maps by itself: segments, stack, message page, copy."""
    maps = [(0x200000, 0x2000, False, True, False),
            (0x202000, 0x1000, False, False, False),
            (0x203000, 0x1000 + bss, True, False, False),
            (TOP - PAGE - stack, stack, True, False, False),
            (TOP, PAGE, True, False, False)]
    if reinit:
        maps.append((TOP - 2 * PAGE - stack - reinit, reinit, False, False, False))
    return maps


class World:
    """An SDK, and the image of FULL."""

    def __init__(self, directory):
        self.sdk = toolkit.Sdk(directory)
        elfmaker.install(self.sdk)
        (self.sdk.files / "files.bin").write_bytes(FILES)
        self.build(FULL)
        self.bytes = (directory / "loader.img").read_bytes()
        self.image = imagewalk.Image(self.bytes)
        self.report = json.loads((directory / "report.json").read_text())
        self.pd = {pd.name: pd for pd in self.image.pds}

    def build(self, text, *arguments):
        """Builds a description that must be good."""
        result = self.run(text, *arguments)
        check(result.returncode == 0, result.stderr)
        return result

    def run(self, text, *arguments):
        """Runs the tool on a description."""
        file = self.sdk.directory / "a.system"
        file.write_text(text)
        result = self.sdk.run(str(file), *arguments)
        check("Sanitizer" not in result.stderr, result.stderr)
        return result


def pages_of(maps):
    """{page: rights} of a list of maps."""
    return {va + i: tuple(rest) for va, size, *rest in maps
            for i in range(0, size, PAGE)}


def pages_of_leaves(leaves):
    """{page: rights} of what the tables say."""
    return {leaf.va + i: (leaf.write, leaf.execute, leaf.device)
            for leaf in leaves for i in range(0, leaf.size, PAGE)}


def loader_info(world):
    """The structure the loader reads."""
    image = world.image
    equal(image.magic, 0x3130444C45444950, "magic")
    equal((image.base, image.size), (0x70000000, len(world.bytes)), "range")
    equal(image.kernel_entry, 0x70010000, "kernel entry")
    equal(image.console, 0x9000000, "console")
    equal(image.flags, 1, "flags")
    end = 0
    for base, size in image.zero:
        check(base % 64 == 0 and size % 64 == 0 and size > 0, "zero alignment")
        check(base > end, "zero ranges are sorted and merged")
        check(base >= image.base + image.size or base + size <= image.base,
              "zero range inside the image")
        end = base + size


def header(world):
    """The table's own fields, as kernel/core/table.c wants them."""
    image = world.image
    equal(image.table_magic, 0x3130424154454450, "magic")
    equal(image.hash, image.hash_of_table(), "hash")
    equal((image.version, image.state_size, image.arch, image.level, image.core,
           image.cores), (4, 1280, 1, 2, 0, 1), "header")
    equal(image.devices, [0x8000000, 0x8010000, 0x9000000], "devices")
    check(image.is_zeroed(image.state), "state is zeroed")
    check(image.is_zeroed(image.release & ~0xFFF), "release array is zeroed")


def domains(world):
    """Attributes, families and fault words."""
    pd = world.pd
    equal([p.name for p in world.image.pds],
          ["monitor", "server", "child", "fresh"], "order")
    equal((pd["monitor"].priority, pd["monitor"].parent, pd["monitor"].flags,
           pd["monitor"].fault_words), (255, NONE, 16, 1), "monitor")
    server, child, fresh = pd["server"], pd["child"], pd["fresh"]
    equal((server.priority, server.budget, server.period, server.flags),
          (200, 300, 1000, 1), "server")
    equal((child.flags, fresh.flags), (2, 2), "fpu is the default")
    equal((server.parent, server.child_id), (0, 1), "server's parent")
    equal((child.parent, child.child_id), (1, 7), "child's parent")
    equal((fresh.parent, fresh.child_id), (0, 3), "fresh's parent")
    equal([c for c in server.children if c != NONE], [2], "children")
    equal(server.children[7], 2, "child by id")
    equal((server.fault_words, child.fault_words), (1, 0), "fault words")
    check(len({p.faults for p in (pd["monitor"], server)}) == 2, "own words")
    equal(child.entry, 0x200000, "entry")
    equal(fresh.stack_top, TOP - PAGE, "stack")


def channels(world):
    """Rights at both ends, and interrupts."""
    server, child, fresh = (world.pd[n] for n in ("server", "child", "fresh"))
    def end(pd, i):
        c = pd.channel[i]
        return c.pd, c.id, c.flags
    equal(end(child, 3), (1, 1, 2), "may call")
    equal(end(server, 1), (2, 3, 1 | 4), "serves")
    equal(end(fresh, 0), (1, 2, 1), "may notify")
    equal(end(server, 2), (3, 0, 0), "may not")
    count = len(world.image.pds)
    for pd in world.image.pds:
        for c in pd.channel:
            # without the right, the state behind the last one's
            callee = c.pd if c.flags & 2 else count
            listener = c.pd if c.flags & 1 else count
            equal([(a - world.image.state) / world.image.state_size
                   for a in (c.callee, c.listener)], [callee, listener],
                  "whom a channel leads to")
            if c.pd != NONE:
                equal(c.bit, 1 << c.id, "bit of the id")
    used = {(p.name, i) for p in world.image.pds
            for i, c in enumerate(p.channel) if c.flags}
    equal(used, {("child", 3), ("server", 1), ("fresh", 0), ("server", 5),
                 ("server", 6)}, "channels in use")
    equal([tuple(i) for i in world.image.irqs], [(33, 1, 5, 0), (40, 1, 6, 1)],
          "interrupts")
    equal(server.irq_ids, 1 << 5 | 1 << 6, "irq ids")
    equal([server.channel[i].irq for i in (5, 6)], [0, 1], "irq index")
    equal({n: i for n, i in enumerate(world.image.lines) if i != NONE},
          {33: 0, 40: 1}, "lines")


def user_maps(world):
    """Exactly the pages that were asked for, with exactly those rights."""
    wanted = {
        "server": own_maps(0x3000, 0x2000) + REGION_MAPS["server"],
        "child": own_maps(0, 0x2000) + REGION_MAPS["child"],
        "fresh": own_maps(0x3000, 0x5000, 0x3000) + REGION_MAPS["fresh"],
    }
    for name, maps in wanted.items():
        leaves = world.image.user_leaves(world.pd[name])
        found, asked = pages_of_leaves(leaves), pages_of(maps)
        equal(sorted(hex(p) for p in found.keys() ^ asked.keys()), [],
              f"{name}: pages mapped or missing")
        equal({hex(p): (found[p], asked[p]) for p in asked
               if found[p] != asked[p]}, {}, f"{name}: rights")
    large = [leaf for leaf in world.image.user_leaves(world.pd["child"])
             if leaf.size > PAGE]
    equal([leaf.va for leaf in large], [0x10000000, 0x10200000], "large leaves")


def isolation(world):
    """No page belongs to two domains unless a region says so, and none
    reaches tables, kernel, loader or interrupt controller."""
    image = world.image
    kernel = set(range(image.base, 0x70018000, PAGE))
    kernel |= image.tables(image.kernel_root, 512)
    kernel |= {image.table_at + i for i in range(0, len(image.table), PAGE)}
    kernel |= {image.state, 0x8000000, 0x8010000, 0x8011000}
    kernel |= {image.release & ~0xFFF}
    seen = {}
    for pd in image.pds:
        kernel |= image.tables(pd.vspace & ((1 << 48) - 1), 1024)
    for pd in image.pds:
        for leaf in image.user_leaves(pd):
            for pa in range(leaf.pa, leaf.pa + leaf.size, PAGE):
                check(pa not in kernel, f"{pd.name} maps kernel page {pa:#x}")
                seen.setdefault(pa, set()).add(pd.name)
    shared = {pa for pa, who in seen.items() if len(who) > 1}
    region = next(r for r in world.report["regions"] if r["name"] == "shared")
    base = int(region["phys"], 16)
    equal(shared, {base, base + PAGE, base + 2 * PAGE}, "pages in two domains")
    equal(len({pd.vspace >> 48 for pd in image.pds}), 4, "space identifiers")
    check(all(pd.vspace & 0x1FFF == 0 for pd in image.pds), "root alignment")


def kernel_maps(world):
    """One to one, its own things only, and never writable and executable."""
    image = world.image
    leaves = image.kernel_leaves()
    asked = {pa: (False, True, False) for pa in range(0x70010000, 0x70013000, PAGE)}
    asked[0x70013000] = (False, False, False)
    asked.update({pa: (True, False, False) for pa in
                  (0x70014000, 0x70015000, 0x70017000)})
    for i in range(0, len(image.table), PAGE):
        asked[image.table_at + i] = (False, False, False)
    for i in range(image.state, (image.pds[0].faults & ~0xFFF) + 1, PAGE):
        asked[i] = (True, False, False)
    for pd in image.pds:
        asked[pd.buffer] = (True, False, False)
    for pa in (0x8000000, 0x8010000, 0x8011000, 0x9000000):
        asked[pa] = (True, False, True)
    equal(pages_of_leaves(leaves), asked, "kernel pages")
    check(all(leaf.va == leaf.pa for leaf in leaves), "one to one")


def programs(world):
    """Each domain sees its program, zeroed bss, stack and message page."""
    for name, seed, end in (("server", 1, 0x205008), ("child", 50, 0x204000)):
        pd = world.pd[name]
        read = lambda va, size, pd=pd: world.image.read(pd, va, size)
        equal(read(0x200000, 0x2000),
              elfmaker.pattern(seed, 0x1800) + bytes(0x800), "text")
        equal(read(0x202110 + 24, 0x1d8), elfmaker.pattern(seed + 1, 0x300)[0x128:],
              "read-only data")
        equal(read(0x203120, 0xE0), elfmaker.pattern(seed + 2, 0x400)[0x120:0x200],
              "data")
        equal(read(0x203400, end - 0x203400).strip(b"\0"), b"", "bss")
        equal(read(TOP - 3 * PAGE, 2 * PAGE).strip(b"\0"), b"", "stack")
        equal(read(TOP, PAGE).strip(b"\0"), b"", "message page")


def word(world, name, va):
    """A word as a domain sees it."""
    return int.from_bytes(world.image.read(world.pd[name], va, 8), "little")


def phys(world, name):
    """A region's physical address as the report says."""
    return int(next(r for r in world.report["regions"] if r["name"] == name)["phys"], 16)


def symbols(world):
    """microkit_* and setvar symbols, in data and in bss."""
    read = world.image.read
    equal(read(world.pd["server"], 0x203000, 65), b"server" + bytes(58) + b"\1",
          "name and passive")
    equal([word(world, "server", 0x203048 + 8 * i) for i in range(4)],
          [1 << 5 | 1 << 6, 1 << 1, 0, 0], "server's bitmaps")
    equal([word(world, "child", 0x203048 + 8 * i) for i in range(4)],
          [0, 0, 1 << 3, 0], "child's bitmaps")
    equal(word(world, "child", 0x203100), 0x4000000, "setvar_vaddr")
    equal(word(world, "server", 0x205008), phys(world, "dma"), "region_paddr")
    monitor = world.pd["monitor"]
    equal(word(world, "monitor", 0x201000), 4, "pd_names_len")
    equal(read(monitor, 0x201040, 256).replace(b"\0", b" ").split(),
          [b"monitor", b"server", b"child", b"fresh"], "pd_names")
    equal(word(world, "monitor", 0x205040 + 24), TOP - 6 * PAGE, "stack bottom")


def regions(world):
    """Prefilled bytes, zeroes behind them, contiguity, fixed addresses."""
    fresh, child = world.pd["fresh"], world.pd["child"]
    for va, size in ((0x20000000, 0x402000), (0x30000000, 0x4000)):
        seen = world.image.read(fresh, va, size)
        equal(seen[:len(FILES)], FILES, "prefill")
        equal(seen[len(FILES):].strip(b"\0"), b"", "behind it")
    leaves = {leaf.va: leaf.pa for leaf in world.image.user_leaves(child)}
    dma = phys(world, "dma")
    equal([leaves[0x6000000 + i] - dma for i in range(0, 0x5000, PAGE)],
          list(range(0, 0x5000, PAGE)), "contiguous")
    disk = phys(world, "disk")
    leaves = {leaf.va: leaf.pa for leaf in world.image.user_leaves(fresh)}
    equal([leaves[0x30000000 + i] - disk for i in range(0, 0x4000, PAGE)],
          list(range(0, 0x4000, PAGE)), "contiguous")
    equal(phys(world, "fixed"), 0x70800000, "phys_addr")
    check(world.image.is_zeroed(0x70800000), "memory with phys_addr is zeroed")
    check(len(world.bytes) < 0x100000, "zeroes are not in the image")


def reinit(world):
    """The copy has the patched segment; the segment itself starts as zeros."""
    pd = world.pd["fresh"]
    read = world.image.read
    source, target, size, zero, zero_size = (word(world, "fresh", 0x202100 + 8 * i)
                                             for i in range(5))
    equal((target, zero, zero + zero_size), (0x203000, 0x203000 + size, 0x207000),
          "what to fill")
    check(size % 8 == 0 and zero_size % 8 == 0, "whole words")
    equal(source + size, TOP - 7 * PAGE, "below the stack's guard")
    equal(read(pd, 0x203000, 0x4000).strip(b"\0"), b"", "the segment")
    copy = read(pd, source, size)
    equal(copy[:5], b"fresh", "the copy's name")
    equal(copy[0x120:0x200], elfmaker.pattern(3, 0x400)[0x120:0x200], "data")
    equal(int.from_bytes(copy[0x2008:0x2010], "little"), phys(world, "disk"),
          "a symbol in bss")
    equal([word(world, "server", 0x202100 + 8 * i) for i in range(5)],
          [int.from_bytes(elfmaker.pattern(2, 0x300)[0x100 + 8 * i:0x108 + 8 * i],
                          "little") for i in range(5)], "others are not patched")


def same_bytes(world):
    """The same input gives the same output."""
    for name in ("loader.img", "report.txt", "report.json"):
        before = (world.sdk.directory / name).read_bytes()
        world.build(FULL)
        equal((world.sdk.directory / name).read_bytes() == before, True, name)


def memory_does_not_overlap(world):
    """No two things share memory."""
    ranges = sorted((int(m["base"], 16), m["size"], m["what"], m["owner"])
                    for m in world.report["memory"])
    for low, high in itertools.pairwise(ranges):
        check(low[0] + low[1] <= high[0], f"{low} and {high} overlap")
    check(ranges[0][0] >= 0x70018000, "behind the kernel")


def elf_image(world):
    """--image-type elf: the same bytes behind a header."""
    path = world.sdk.directory / "boot.elf"
    world.build(FULL, "--image-type", "elf", "-o", str(path))
    data = path.read_bytes()
    equal(data[:4], b"\x7fELF", "magic")
    equal(int.from_bytes(data[24:32], "little"), 0x70000000, "entry")
    equal(data[PAGE:] == world.bytes, True, "content")


def many_domains(world):
    """62 domains; the kernel's page tables grow with them."""
    pds = "".join(f'<protection_domain name="p{i}" priority="1"><program_image '
                  f'path="q.elf"/></protection_domain>' for i in range(62))
    world.build(f"<system>{pds}</system>", "-o", "many.img", "-r", "many.txt")
    image = imagewalk.Image((world.sdk.directory / "many.img").read_bytes())
    equal(len(image.pds), 63, "domains")
    equal(len({pd.vspace >> 48 for pd in image.pds}), 63, "identifiers")
    mapped = {leaf.pa for leaf in image.kernel_leaves()}
    check(all(pd.buffer in mapped for pd in image.pds), "message pages")


def large_regions(world):
    """Regions of 512 MiB lie in spare memory, clear of what names an address."""
    maps = "".join(f'<map mr="r{i}" vaddr="0x{0x100000000 * (i + 1):x}"/>'
                   for i in range(3))
    world.build('<system><memory_region name="r0" size="0x20000000"/>'
                '<memory_region name="r1" size="0x20000000"/>'
                '<memory_region name="r2" size="0x1000" phys_addr="0x90000000"/>'
                '<protection_domain name="a"><program_image path="q.elf"/>'
                f'{maps}</protection_domain></system>',
                "-o", "large.img", "-r", "large.txt")
    report = json.loads((world.sdk.directory / "large.json").read_text())
    memory = sorted((int(m["base"], 16), m["size"], m["owner"])
                    for m in report["memory"])
    at = {owner: base for base, _, owner in memory}
    equal((at["r0"], at["r1"], at["r2"]), (0x40200000, 0x90200000, 0x90000000),
          "addresses")
    for low, high in itertools.pairwise(memory):
        check(low[0] + low[1] <= high[0], f"{low} and {high} overlap")
    image = imagewalk.Image((world.sdk.directory / "large.img").read_bytes())
    for base in (at["r0"], at["r1"]):
        check(any(start <= base and base + 0x20000000 <= start + size
                  for start, size in image.zero), f"0x{base:x} is not zeroed")


GOOD = (loader_info, header, domains, channels, user_maps, isolation, kernel_maps,
        programs, symbols, regions, reinit, memory_does_not_overlap, same_bytes,
        elf_image, many_domains, large_regions)


def main():
    """Runs every case on one image."""
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        world = World(pathlib.Path(directory))
        for case in GOOD:
            with tap.case(case.__doc__.split("\n")[0].rstrip(".")):
                case(world)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
