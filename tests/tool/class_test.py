#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the tool makes of a class: one that is made up (class/class.c) and uses
everything that classes can say."""

import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import toolkit
from elfmaker import R, W, X, Elf, pattern
from tap import Tap, check, equal

DRIVER = """<driver class="made_up" name="x" program="made_up_driver.elf">
<compatible>virtio,mmio</compatible>
<region name="regs" index="0" size="0x1000"/><irq index="0"/></driver>"""

PDS = """<protection_domain name="alpha"><program_image path="extra.elf"/>
</protection_domain><protection_domain name="beta"><program_image path="b.elf"/>
</protection_domain>"""
ALPHA = '<client pd="alpha" share="3" tag="a" mac="02:00:00:00:00:01"/>'
BETA = ('<client pd="beta" share="2" tag="bcd" mac="02:00:00:00:00:0B" '
        'log="false"/>')


def system(inside, attributes="", more=""):
    return (f'<system>{PDS}{more}\n<subsystem class="made_up" device="net0" '
            f'{attributes}>{inside}</subsystem></system>')


FULL = system(ALPHA + BETA + '<helper priority="96" stack_size="0x3000"/>'
              '<helper client="beta" priority="97"/>',
              'depth="16" label="box" log="true" level="5"')
BORROWED = system('<server pd="own"/>' + ALPHA, "",
                  '<protection_domain name="own" priority="70"><program_image '
                  'path="own.elf"/></protection_domain>')

# what is wrong in it, the message behind "Error: "
WRONG = (
    (system(ALPHA + BETA.replace("bcd", "a")),
     "tag 'a' is used twice on element 'client'"),
    (system(ALPHA.replace('share="3"', "")),
     "Missing required attribute 'share' on element 'client'"),
    (system(ALPHA.replace('share="3"', 'share="101"')),
     "share must be between 1 and 100 on element 'client'"),
    (system(ALPHA.replace('"a"', '"abcd"')),
     "tag must be shorter than 4 characters on element 'client'"),
    (system(ALPHA.replace("/>", ' detail="1"/>')),
     "the subsystem has no log on element 'client'"),
    (system(ALPHA.replace("/>", ' log="true"/>')),
     "the subsystem has no log on element 'client'"),
    (system(ALPHA, 'level="2"'), "level needs log on element 'subsystem'"),
    (system(ALPHA + "<logger/>"),
     "the subsystem has no log on element 'logger'"),
    (system(ALPHA + "<copier/>"), "invalid XML element 'copier'"),
    (system((ALPHA + BETA).replace('"2"', '"30"').replace('"3"', '"99"')),
     "the clients need 129 shares; there can be 128 on element 'subsystem'"),
    (system(ALPHA + '<server pd="nobody"/>'),
     "invalid PD name 'nobody' on element 'server'"),
    (system(ALPHA + '<server pd="alpha"/>'),
     "PD 'alpha' has another part in this subsystem on element 'server'"),
    (system(ALPHA + '<server pd="made_up_driver"/>'),
     "PD 'made_up_driver' has another part in this subsystem on element "
     "'server'"),
    (system(ALPHA + '<server pd="beta" priority="3"/>'),
     "invalid attribute 'priority' on element 'server'"),
    (system(ALPHA + '<logger pd="beta"/>', 'log="true"'),
     "invalid attribute 'pd' on element 'logger'"),
    (f'<system>{PDS}<subsystem class="bare" device="net0"><client pd="beta"/>'
     "</subsystem></system>",
     "invalid attribute 'device' on element 'subsystem'"),
    (f'<system>{PDS}<subsystem class="bare"><client pd="beta"/><client '
     'pd="alpha"/></subsystem></system>',
     "too many clients on element 'client'"),
    (f'<system>{PDS}<subsystem class="net"><client pd="beta"/></subsystem>'
     "</system>", "class 'net' is unknown; there are 'bare', 'made_up' on "
     "element 'subsystem'"),
)


def program(*sections):
    """An ELF file with room for sections."""
    elf = Elf(0x200000).segment(0x200000, R | X, pattern(1, 64))
    elf.segment(0x201000, R | W, bytes(0x1000))
    for i, name in enumerate(sections):
        elf.section(name, 0x201000 + 0x400 * i, 0x400)
    return elf


class Expanded:
    """A flat description and its configurations."""

    def __init__(self, sdk, text):
        file = sdk.directory / "case.system"
        file.write_text(text)
        self.directory = sdk.directory / "out"
        result = sdk.run(str(file), "--expand", str(self.directory))
        equal(result.returncode, 0, f"status ({result.stderr})")
        self.root = ET.fromstring(result.stdout)

    def pd(self, name):
        return self.root.find(f".//protection_domain[@name='{name}']")

    def region(self, name, key):
        return int(self.root.find(
            f"memory_region[@name='made_up_{name}']").get(key), 16)

    def map(self, pd, region):
        """(address, permissions), or None."""
        found = self.pd(pd).find(f"map[@mr='made_up_{region}']")
        return found is not None and (int(found.get("vaddr"), 16),
                                      found.get("perms"))

    def later_maps(self, pd, region):
        """Addresses of the maps after the first."""
        return [int(m.get("vaddr"), 16) for m in self.pd(pd).findall(
            f"map[@mr='made_up_{region}']")][1:]

    def seen(self, pd, region):
        """What a region_resource_t says."""
        return self.map(pd, region)[0], self.region(region, "size")

    def ids(self, a, b):
        """(id, is it called) at both ends of the channel."""
        for channel in self.root.findall("channel"):
            ends = {e.get("pd"): e for e in channel.findall("end")}
            if set(ends) == {a, b}:
                return [(int(ends[pd].get("id")), ends[pd].get("pp") == "true")
                        for pd in (a, b)]
        raise AssertionError(f"no channel of {a} and {b}")

    def data(self, pd, section):
        return (self.directory / f"{pd}.made_up_{section}.data").read_bytes()


CONNECTION = "QQQQIB3x"


def check_connection(out, found, pd, peer, name):
    """A connection as its PD sees it."""
    wanted = (*out.seen(pd, f"{name}_request"), *out.seen(
        pd, f"{name}_response"), 16, out.ids(pd, peer)[0][0])
    equal(found, wanted, f"connection of {pd}")


def check_pds(out):
    """Roles, per client ones with what all and one of them got."""
    names = {p.get("name") for p in out.root.iter("protection_domain")}
    equal(names, {"alpha", "beta"} | {f"made_up_{n}" for n in (
        "driver", "server", "logger", "help_alpha", "help_beta")}, "names")
    alpha, beta = out.pd("made_up_help_alpha"), out.pd("made_up_help_beta")
    equal([(p.get("priority"), p.get("stack_size"), p.get("passive"))
           for p in (alpha, beta)],
          [("96", "0x3000", "true"), ("97", "0x3000", "true")], "helpers")


def check_memory(out):
    """Sizes, and who maps what."""
    equal(out.region("pool", "size"), 0x8000, "five shares, as a power of two")
    equal(out.region("alpha_box", "size"), 0x3000, "box")
    equal(out.region("driver_request", "size"), 0x4000, "requests")
    equal(out.region("driver_response", "size"), 0x1000, "responses")
    equal(out.map("made_up_server", "pool")[1], "rw", "pool")
    equal(out.map("made_up_server", "alpha_box"), False, "told, not mapped")
    equal(out.map("made_up_help_beta", "beta_box")[1], "r", "helper")
    equal(out.map("made_up_help_beta", "alpha_box"), False, "another's box")
    equal([out.map(pd, "from_alpha_on_request")[1]
           for pd in ("alpha", "made_up_server")], ["rw", "r"], "requests")
    equal([out.map(pd, "from_alpha_on_response")[1]
           for pd in ("alpha", "made_up_server")], ["r", "rw"], "responses")


def check_channels(out):
    """Calls go one way; only who logs has a channel to the logger."""
    equal([called for _, called in out.ids("alpha", "made_up_help_alpha")],
          [True, False], "the client may call")
    equal([called for _, called in out.ids("alpha", "made_up_server")],
          [False, False], "notifications")
    count, *ids = out.data("made_up_logger", "logger_config")
    equal((count, ids), (1, [out.ids("made_up_logger", "alpha")[0][0], 0, 0,
                             0]), "list with a condition")


def check_server(out):
    """Everything that a configuration of something single can hold."""
    form = struct.Struct("<5s8s?B1xQQQQ" + CONNECTION)
    data = out.data("made_up_server", "server_config")
    magic, label, log, level, shares, vaddr, size, io, *driver = \
        form.unpack_from(data)
    equal((magic, label, log, level, shares),
          (b"sDDF\x7f", b"box\0\0\0\0\0", True, 110, 5), "values")
    equal((vaddr, size), out.seen("made_up_server", "pool"), "pool")
    equal(io, out.region("pool", "phys_addr"), "the device's address")
    check_connection(out, tuple(driver), "made_up_server", "made_up_driver",
                     "driver")
    entry = struct.Struct("<" + CONNECTION + "QQQQQH4s6s6s6x")
    equal(len(data), form.size + 4 * entry.size + 8, "size")
    for i, (name, share, tag, mac) in enumerate((
            ("alpha", 3, b"a", b"\x02\0\0\0\0\x01"),
            ("beta", 2, b"bcd", b"\x02\0\0\0\0\x0b"))):
        *conn, vaddr, size, io, there, _, shared, tagged, called, address = \
            entry.unpack_from(data, form.size + i * entry.size)
        check_connection(out, tuple(conn), "made_up_server", name,
                         f"from_{name}_on")
        equal((vaddr, size, io), (0, out.region(f"{name}_box", "size"),
                                  out.region(f"{name}_box", "phys_addr")),
              "a region that is only told")
        check(there in out.later_maps(f"made_up_help_{name}", f"{name}_box"),
              "another's address")
        equal((shared, tagged.rstrip(b"\0"), called, address),
              (share, tag, name.encode().ljust(6, b"\0"), mac), "entry")
    equal(data[form.size + 4 * entry.size], 2, "number of entries")


def check_client(out):
    """A client's, a helper's, a driver's configuration."""
    *conn, vaddr, size, helper = struct.unpack_from(
        "<8x" + CONNECTION + "QQB", out.data("alpha", "client_config"))
    check_connection(out, tuple(conn), "alpha", "made_up_server",
                     "from_alpha_on")
    equal((vaddr, size), out.seen("alpha", "alpha_box"), "box")
    equal(helper, out.ids("alpha", "made_up_help_alpha")[0][0], "helper")
    magic, coherent, *conn = struct.unpack_from(
        "<5sB2x" + CONNECTION, out.data("made_up_driver", "driver_config"))
    equal((magic, coherent), (b"sDDF\x7f", 1), "the device is coherent")
    check_connection(out, tuple(conn), "made_up_driver", "made_up_server",
                     "driver")


def check_optional(out):
    """Only who has a place for it gets a section, and its memory."""
    vaddr, size = struct.unpack("<QQ", out.data("alpha", "extra"))
    equal((vaddr, size), out.seen("alpha", "alpha_extra"), "extra")
    check(not (out.directory / "beta.made_up_extra.data").exists(), "beta")
    check(out.root.find("memory_region[@name='made_up_beta_extra']") is None,
          "memory without a section")


def check_borrowed(sdk):
    """A PD of the user's takes a role."""
    out = Expanded(sdk, BORROWED)
    check(out.pd("made_up_server") is None, "a server was made")
    check(out.map("own", "pool"), "own does not map the pool")
    equal(out.pd("own").get("priority"), "70", "priority")
    equal(out.data("own", "server_config")[5:9], b"none", "label")


def check_bare(sdk):
    """A class without a device."""
    out = Expanded(sdk, f'<system>{PDS}<subsystem class="bare" name="b"><client'
                   ' pd="alpha"/></subsystem></system>')
    equal(out.ids("alpha", "b_server"), [(0, True), (0, False)], "call")


def check_wrong(sdk, text, wanted):
    file = sdk.directory / "wrong.system"
    file.write_text(text)
    result = sdk.run(str(file), "--check")
    check(result.stderr.startswith(f"Error: {wanted}: {file}:"), result.stderr)
    equal(result.returncode, 1, "status")


def check_broken(directory):
    """A mistake in a class is a message, whatever the description."""
    sdk = toolkit.Sdk(directory, "microkit_broken")
    file = directory / "any.system"
    file.write_text(f"<system>{PDS}</system>")
    result = sdk.run(str(file), "--check")
    equal(result.stderr, "Error: class 'broken': class: clients_max is 0\n",
          "message")
    equal(result.returncode, 1, "status")


def check_example(directory):
    """The class that docs/design/classes.md shows compiles."""
    text = (toolkit.TOP / "docs" / "design" / "classes.md").read_text()
    config, tables = re.findall(r"```c\n(.*?)```", text, re.S)[:2]
    header = directory / "sddf" / "clock" / "config.h"
    header.parent.mkdir(parents=True)
    header.write_text("#include <sddf/resources/common.h>\n" + config)
    (directory / "class.c").write_text(tables)
    done = subprocess.run(
        ["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
         f"-I{directory}", f"-I{toolkit.TOP}", f"-I{toolkit.TOP}/sddf/include",
         directory / "class.c"], capture_output=True, text=True, check=False)
    equal(done.returncode, 0, f"compiler ({done.stderr})")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        sdk = toolkit.Sdk(pathlib.Path(name), "microkit_made_up")
        driver = sdk.root / "drivers" / "made_up" / "x" / "driver.xml"
        driver.parent.mkdir(parents=True)
        driver.write_text(DRIVER)
        (sdk.files / "extra.elf").write_bytes(
            program(".made_up_client_config", ".made_up_extra").build())
        out = Expanded(sdk, FULL)
        for what, function in (
                ("protection domains", check_pds), ("memory", check_memory),
                ("channels", check_channels), ("a server", check_server),
                ("clients and a driver", check_client),
                ("optional sections", check_optional)):
            with tap.case(f"class: {what}"):
                function(out)
        with tap.case("class: a borrowed role"):
            check_borrowed(sdk)
        with tap.case("class: no device"):
            check_bare(sdk)
        for text, wanted in WRONG:
            with tap.case(f"class: {wanted[:50]}"):
                check_wrong(sdk, text, wanted)
    with tempfile.TemporaryDirectory() as name:
        with tap.case("class: a mistake in its tables"):
            check_broken(pathlib.Path(name))
        with tap.case("class: the example in the documents"):
            check_example(pathlib.Path(name))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
