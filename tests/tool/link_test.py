#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What compilers and linkers make of unusual sections: linked with microkit.ld
they are where they can work; linked otherwise, the tool says what to do."""

import pathlib
import re
import subprocess
import sys
import tempfile

import elfmaker
import toolkit
from tap import Tap, check, equal

TARGET = ["clang", "--target=aarch64-none-elf", "-c", "-x", "assembler", "-"]
SCRIPT = toolkit.TOP / "sdk/microkit.ld"

START = """
.section .text.start,"ax"
.global _start
_start: b .
"""
# What every real program has: a section that matches nothing goes where others
# of its kind are.
USUAL = START + """
.section .rodata,"a"
.quad 1
.data
.quad 1
.bss
.skip 8
"""

# Section flags as languages and assembly give them, and where they belong.
UNUSUAL = (
    ('.text#', "a", "text"),
    ('.text_fast', "ax", "text"),
    ('.text.hot.1', "ax", "text"),
    ('.rodata#', "a", "rodata"),
    ('.rodata_of_mine', "a", "rodata"),
    ('.srodata.cst8', "a", "rodata"),
    ('.data#', "aw", "data"),
    ('.data_of_mine', "aw", "data"),
    ('.sdata2', "aw", "data"),
    ('.bss#', "aw", "data"),
    ('.bss_of_mine', "aw", "data"),
    ('.init_array_of_mine', "aw", "data"),
)
RIGHTS = {"text": "R E", "rodata": "R  ", "data": "RW "}

# name, assembly, arguments of the linker, what the tool says
REFUSED = (
    ("one segment for all (-N)",
     START + '.data\n.quad 1\n', ["-N", "-Ttext", "0x200000"],
     "segment at 0x200000 is writable and executable: it holds code ('.text') "
     "and data ('.data'); link with -T microkit.ld of the SDK and without -N, "
     "or give each a segment (PHDRS) of its own"),
    ("a section that is both",
     START + '.section .patch,"awx"\n.quad 1\n',
     ["--image-base=0x200000", "--section-start=.patch=0x300000"],
     "segment at 0x300000 is writable and executable: section '.patch' is "
     "both, because one of its parts is declared writable (\"awx\", or data in "
     "a section of code): make that constant, or give it a section of its own"),
    ("a program header that says so",
     START, ["-T", "SCRIPT"],
     "segment at 0x200000 is writable and executable: its program header says "
     "so; set FLAGS(5) for code and FLAGS(6) for data in PHDRS"),
)
ALL_RIGHTS = """PHDRS { all PT_LOAD FLAGS(7); } ENTRY(_start)
SECTIONS { . = 0x200000; .text : { *(.text*) } :all }
"""


def link(directory, text, arguments):
    """Assembles and links; the program."""
    object_file = directory / "a.o"
    program = directory / "a.elf"
    subprocess.run([*TARGET, "-o", str(object_file)], input=text, text=True,
                   check=True)
    subprocess.run(["ld.lld", "-z", "max-page-size=4096", *arguments,
                    str(object_file), "-o", str(program)], check=True)
    return program


def check_unusual(directory, section, flags, segment):
    """A mark in the section is in a segment with the right rights."""
    kind = "%nobits" if section.startswith(".bss") else "%progbits"
    content = ".skip 8" if kind == "%nobits" else ".quad 1"
    program = link(directory, USUAL + f'.section "{section}","{flags}",{kind}\n'
                   f'.global mark\nmark: {content}\n', ["-T", str(SCRIPT)])
    symbols = subprocess.run(["llvm-nm", str(program)], text=True,
                             capture_output=True, check=True).stdout
    at = int(re.search(r"^(\w+) \w mark$", symbols, re.M).group(1), 16)
    loads = subprocess.run(["llvm-readelf", "-lW", str(program)], text=True,
                           capture_output=True, check=True).stdout
    found = [rights for base, size, rights in re.findall(
        r"LOAD +\w+ (\w+) \w+ \w+ (\w+) (...) 0x", loads)
        if int(base, 16) <= at < int(base, 16) + int(size, 16)]
    equal(found, [RIGHTS[segment]], f"rights at 0x{at:x}")
    return program


def check_refused(sdk, text, arguments, message):
    """The tool explains."""
    script = sdk.directory / "all.ld"
    script.write_text(ALL_RIGHTS)
    program = link(sdk.files, text, [a.replace("SCRIPT", str(script))
                                     for a in arguments])
    system = sdk.directory / "a.system"
    system.write_text('<system><protection_domain name="a"><program_image '
                      'path="a.elf"/></protection_domain></system>')
    result = sdk.run(str(system))
    equal(result.stderr.split("\n")[0],
          f"Error: {program}: offset 0x40: {message}", "message")
    equal(result.returncode, 1, "status")
    check(not (sdk.directory / "loader.img").exists(), "an image was written")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        sdk = toolkit.Sdk(pathlib.Path(name))
        elfmaker.install(sdk)
        for section, flags, segment in UNUSUAL:
            with tap.case(f"link: {section} is in {segment}"):
                check_unusual(sdk.directory, section, flags, segment)
        for what, text, arguments, message in REFUSED:
            with tap.case(f"link: refused with advice: {what}"):
                check_refused(sdk, text, arguments, message)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
