#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Programs and layouts that cannot work: one clear line, status 1, no output
file; and programs damaged at random (fixed seed): never a crash."""

import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import elfmaker
import toolkit
from elfmaker import R, W, X, Elf
from tap import Tap, check, equal

OUTPUTS = ("loader.img", "report.txt", "report.json")
DAMAGED = 400


def pd(inside="", attributes="", program="p.elf"):
    """A system of one protection domain."""
    return (f'<system><protection_domain name="a" {attributes}><program_image '
            f'path="{program}"/>{inside}</protection_domain></system>')


def region(attributes, inside=""):
    """A region that the domain maps, unless told otherwise."""
    inside = inside or '<map mr="r" vaddr="0x4000000"/>'
    return pd(inside).replace("<system>", f'<system><memory_region name="r" '
                              f'{attributes}/>')


def setvar(symbol):
    """A setvar of one symbol."""
    return region('size="0x1000"', f'<map mr="r" vaddr="0x4000000" '
                  f'setvar_vaddr="{symbol}"/>')


# name, description, beginning of the message (without "Error: ")
LAYOUTS = (
    ("no such program", pd(program="none.elf"),
     "unable to find program image: 'none.elf': FILE:1:"),
    ("not an ELF file", pd(program="text.elf"),
     "FILES/text.elf: offset 0x0: not an ELF file"),
    ("writable and executable", pd(program="wx.elf"),
     "FILES/wx.elf: offset 0x40: segment at 0x200000 is writable and executable"),
    ("two segments in a page", pd(program="page.elf"),
     "FILES/page.elf: offset 0x40: segment at 0x200100 shares a page with the "
     "one below"),
    ("entry in no segment", pd(program="entry.elf"),
     "FILES/entry.elf: offset 0x18: entry 0x1 is not in an executable segment"),
    ("a segment at null", pd(program="null.elf"),
     "FILES/null.elf: segment at address 0: null pointers could not fault"),
    ("a segment in the stack", pd(program="high.elf"),
     "FILES/high.elf: segment at 0xffffffc000 reaches above 0xffffffb000, where "
     "the stack of PD 'a' begins"),
    ("a huge segment", pd(program="huge.elf"),
     "FILES/huge.elf: segments need more than 1024 MiB"),
    ("no such symbol", setvar("missing"),
     "could not patch symbol 'missing' of PD 'a': symbol not found in "
     "'FILES/p.elf'"),
    ("a symbol of 4 bytes", setvar("small"),
     "FILES/p.elf: could not patch symbol 'small': it has 4 bytes, not 8"),
    ("a symbol of 64 bytes", setvar("microkit_name"),
     "could not patch symbol 'microkit_name' of PD 'a': it has 64 bytes, not 8"),
    ("a symbol defined twice", setvar("twice"),
     "FILES/p.elf: could not patch symbol 'twice': it is defined more than once"),
    ("a symbol outside", setvar("nowhere"),
     "FILES/p.elf: could not patch 'nowhere': address 0x900000 is not in the "
     "program's memory"),
    ("a map over the program",
     region('size="0x2000"', '<map mr="r" vaddr="0x201000"/>'),
     "mapping MR 'r' to PD 'a' with vaddr [0x201000..0x203000) will overlap with "
     "an ELF segment at [0x200000..0x202000)"),
    ("a map over bss",
     region('size="0x1000"', '<map mr="r" vaddr="0x206000"/>'),
     "mapping MR 'r' to PD 'a' with vaddr [0x206000..0x207000) will overlap with "
     "an ELF segment at [0x203000..0x207000)"),
    ("a map over the reinit copy",
     region('size="0x1000"', '<map mr="r" vaddr="0xffffff9000"/>').replace(
         'name="a"', 'name="a" reinit="true"'),
     "mapping MR 'r' to PD 'a' with vaddr [0xffffff9000..0xffffffa000) reaches "
     "above 0xffffff9000, where its stack begins"),
    ("a region over the kernel", region('size="0x1000" phys_addr="0x70012000"'),
     "memory region 'r' overlaps with the kernel at [0x70000000..0x70018000)"),
    ("a region half in memory",
     region('size="0x2000" phys_addr="0xbffff000"'),
     "memory region 'r' is partly memory, partly not"),
    ("prefill far from the image",
     region('phys_addr="0x90000000" prefill_path="text.elf"'),
     "memory region 'r' is prefilled, so its phys_addr must be inside the "
     "image's memory [0x70018000..0x80000000)"),
    ("more than there is", region('size="0x80000000"'),
     "not enough memory: no room for region of 'r', 2097152 KiB in one piece at "
     "a multiple of 0x200000; free: [0x40200000..0x70000000) 784384 KiB, "
     "[0x7003e000..0xc0000000) 1310472 KiB: FILE:1:9"),
    ("more content than the image holds", region(
        'size="0x10000000" prefill_path="text.elf"',
        '<setvar symbol="in_data" region_paddr="r"/>'),
     "not enough memory: no room for prefill of 'r', 262144 KiB in one piece at "
     "a multiple of 0x1000; free in the image's memory: "
     "[0x70018000..0x80000000) 262048 KiB: FILE:1:9"),
    ("reinit without its symbol", pd("", 'reinit="true"', "plain.elf"),
     "reinit: program 'FILES/plain.elf' of PD 'a' has no symbol 'pride_reinit'"),
    ("reinit with its symbol in data", pd("", 'reinit="true"', "data.elf"),
     "reinit: 'pride_reinit' of 'FILES/data.elf' is not in read-only memory"),
)

BOARD = ["--board", "qemu_virt_aarch64"]
CONFIG = ["--config", "debug"]
SURE = ["x.system", *BOARD, *CONFIG]

# name, arguments, part of standard error
ARGUMENTS = (
    ("nothing", [], "error: the following arguments are required: --board, "
     "--config, system\n"),
    ("no configuration", ["x.system", *BOARD],
     "error: the following arguments are required: --config\n"),
    ("an option without value", [*SURE, "--output"],
     "microkit: error: argument --output: expected one parameter\n"),
    ("two descriptions", [*SURE, "y.system"],
     "microkit: error: unrecognized argument 'y.system'\n"),
    ("an unknown option", [*SURE, "--nonsense"],
     "microkit: error: unrecognized argument '--nonsense'\n"),
    ("an unknown image type", [*SURE, "--image-type", "zip"],
     "microkit: error: argument --image-type: unknown parameter 'zip'\n"),
    ("uimage", [*SURE, "--image-type", "uimage"],
     "microkit: error: building the output image as 'uimage' is unsupported"),
    ("capdl", [*SURE, "--capdl-json", "x"],
     "microkit: error: argument --capdl-json: not supported"),
    ("an unknown board", ["x.system", "--board", "pc", *CONFIG],
     "microkit: error: argument --board: unknown parameter 'pc' (choose from: "
     "qemu_virt_aarch64)\n"),
    ("a board that is a path", ["x.system", "--board", "../board", *CONFIG],
     "microkit: error: argument --board: unknown parameter '../board'"),
    ("an unknown configuration", ["x.system", *BOARD, "--config", "fast"],
     "microkit: error: argument --config: invalid choice 'fast' (choose from: "
     "debug)\n"),
)


def install(sdk):
    """The programs the cases above name."""
    def put(name, elf):
        (sdk.files / name).write_bytes(elf.build())

    elfmaker.install(sdk)
    (sdk.files / "text.elf").write_bytes(b"#!/bin/sh\n" * 20)
    put("wx.elf", Elf(0x200000).segment(0x200000, R | W | X, b"code"))
    put("page.elf", Elf(0x200000).segment(0x200000, R | X, b"code").segment(
        0x200100, R | W, b"data"))
    put("entry.elf", Elf(1).segment(0x200000, R | X, b"code"))
    put("null.elf", Elf(0).segment(0, R | X, b"code"))
    put("high.elf", Elf(0x200000).segment(0x200000, R | X, b"code").segment(
        0xFFFFFFC000, R | W, b"data"))
    put("huge.elf", Elf(0x200000).segment(0x200000, R | X, b"code").segment(
        0x300000, R | W, b"data", 1 << 40))
    put("plain.elf", Elf(0x200000).segment(0x200000, R | X, b"code"))
    put("data.elf", Elf(0x200000).segment(0x200000, R | X, b"code").segment(
        0x201000, R | W, bytes(64)).symbol("pride_reinit", 0x201000, 40))


def no_output(sdk):
    """Nothing is left behind, not even a part."""
    left = [p.name for p in sdk.directory.iterdir()
            if p.name.startswith(OUTPUTS)]
    equal(left, [], "output files")


def run_layout(sdk, text, message):
    """One description that must fail with one message."""
    file = sdk.directory / "a.system"
    file.write_text(text)
    result = sdk.run(str(file))
    first = result.stderr.split("\n")[0]
    wanted = "Error: " + message.replace("FILES", str(sdk.files)).replace(
        "FILE:", f"{file}:")
    check("Sanitizer" not in result.stderr, result.stderr)
    check(first.startswith(wanted), f"found {first!r}\nwanted {wanted!r}")
    equal(result.returncode, 1, "status")
    no_output(sdk)


def broken_sdk(sdk):
    """Loader, kernel and monitor are files like any other."""
    directory = sdk.board / toolkit.CONFIG / "elf"
    cases = (
        ("loader", Elf(0x70000010).segment(0x70000000, R | X, bytes(64)),
         "entry 0x70000010 is not the image base 0x70000000"),
        ("loader", Elf(0x70000000).segment(0x70000000, R | X, bytes(64)),
         "symbol 'loader_info' of 4168 bytes is needed"),
        ("kernel", Elf(0x60000000).segment(0x60000000, R | X, bytes(64)),
         "segment at 0x60000000 is outside the image's memory"),
        ("kernel", Elf(0x70001000).segment(0x70001000, R | X, bytes(64)),
         "segment at 0x70001000 is outside the image's memory"),
        ("monitor", Elf(0x200000).segment(0x200000, R | W | X, bytes(64)),
         "segment at 0x200000 is writable and executable"),
    )
    for name, elf, message in cases:
        (directory / f"{name}.elf").write_bytes(elf.build())
        file = sdk.directory / "a.system"
        file.write_text(pd())
        result = sdk.run(str(file))
        check(message in result.stderr, f"{name}: {result.stderr}")
        equal(result.returncode, 1, "status")
        no_output(sdk)
        elfmaker.install(sdk)


def damaged(sdk):
    """Random bytes of program, kernel and loader changed or cut off."""
    draw = random.Random(20240601)
    places = [sdk.files / "p.elf"] + [
        sdk.board / toolkit.CONFIG / "elf" / f"{n}.elf" for n in ("kernel", "loader")]
    good = {path: path.read_bytes() for path in places}
    file = sdk.directory / "a.system"
    file.write_text(pd())
    refused = 0
    for _ in range(DAMAGED):
        path = draw.choice(places)
        data = bytearray(good[path])
        metadata = list(range(0, 400)) + list(range(len(data) - 700, len(data)))
        for _ in range(draw.randint(1, 4)):
            data[draw.choice(metadata)] = draw.choice((0, 1, 127, 255, draw.randrange(256)))
        if draw.random() < 0.1:
            del data[draw.randrange(len(data)):]
        path.write_bytes(data)
        result = sdk.run(str(file))
        check(result.returncode in (0, 1), f"status {result.returncode}: {result.stderr}")
        check("Sanitizer" not in result.stderr, result.stderr)
        if result.returncode == 1:
            refused += 1
            check(re.match(r"(Error|microkit: error): .+", result.stderr), result.stderr)
            no_output(sdk)
        for name in OUTPUTS:
            (sdk.directory / name).unlink(missing_ok=True)
        path.write_bytes(good[path])
    check(0 < refused < DAMAGED, f"{refused} of {DAMAGED} refused")


def arguments(sdk, given, wanted):
    """The command line."""
    result = subprocess.run(
        [sdk.tool, *given], cwd=sdk.directory, capture_output=True, text=True,
        env=dict(os.environ, MICROKIT_SDK=str(sdk.root)), check=False)
    check(wanted in result.stderr, result.stderr)
    equal(result.returncode, 1, "status")
    check("Sanitizer" not in result.stderr, result.stderr)
    no_output(sdk)


def old_files_survive(sdk):
    """After an error, files of an earlier success are as they were."""
    file = sdk.directory / "a.system"
    file.write_text(pd())
    equal(sdk.run(str(file)).returncode, 0, "status")
    before = (sdk.directory / "loader.img").read_bytes()
    file.write_text(setvar("missing"))
    equal(sdk.run(str(file)).returncode, 1, "status")
    equal((sdk.directory / "loader.img").read_bytes() == before, True, "image")
    result = sdk.run(str(file), "-o", "/nonexistent/x.img")
    equal(result.returncode, 1, "status")


def main():
    """Runs every case."""
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        sdk = toolkit.Sdk(pathlib.Path(directory))
        install(sdk)
        for name, text, message in LAYOUTS:
            with tap.case(name):
                run_layout(sdk, text, message)
        for name, given, wanted in ARGUMENTS:
            with tap.case(f"arguments: {name}"):
                arguments(sdk, given, wanted)
        with tap.case("the SDK's own programs broken"):
            broken_sdk(sdk)
        with tap.case(f"{DAMAGED} programs damaged at random"):
            damaged(sdk)
        with tap.case("older files survive an error"):
            old_files_survive(sdk)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
