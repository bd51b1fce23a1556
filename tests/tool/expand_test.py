#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The flat description: it says the same as the one with subsystems."""

import os
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

SYSTEM = """
<system>
    <memory_region name="m&amp;&lt;&quot;" size="0x1000"/>
    <protection_domain name="web" priority="1">
        <program_image path="web.elf" path_for_symbols="web.sym"/>
        <map mr="m&amp;&lt;&quot;" vaddr="0x20000000" perms="r"
            cached="false" setvar_vaddr="v" setvar_size="s"/>
        <setvar symbol="p" region_paddr="m&amp;&lt;&quot;"/>
    </protection_domain>
    <protection_domain name="keeper" priority="200">
        <program_image path="k.elf"/>
        <irq irq="40" id="9" trigger="edge" setvar_id="i"/>
        <protection_domain name="child" id="0" setvar_id="c">
            <program_image path="k.elf"/>
        </protection_domain>
        <subsystem class="serial" device="serial0"><client pd="web"/></subsystem>
        <subsystem class="timer" device="timer0"><client pd="web"/></subsystem>
        <subsystem class="net" device="net0">
            <driver id="7" setvar_id="d"/>
            <client pd="web" mac="52:54:01:00:00:01"/>
            <client pd="child" mac="52:54:01:00:00:02"/>
        </subsystem>
    </protection_domain>
    <channel><end pd="web" id="5" setvar_id="x"/><end pd="keeper" id="5"/></channel>
</system>
"""


def expand(sdk, text, name, *arguments):
    """Expands a description; returns the flat one and the directory."""
    file = sdk.directory / f"{name}.system"
    directory = sdk.directory / name
    file.write_text(text)
    result = sdk.run(str(file), "--expand", str(directory), *arguments)
    equal(result.returncode, 0, f"status ({result.stderr})")
    check("Sanitizer" not in result.stderr, result.stderr)
    return result.stdout, directory


def region(root, name):
    """The region of this name."""
    return root.find(f"memory_region[@name='{name}']").attrib


def maps(root, pd):
    """{region: (vaddr, perms)} of a protection domain."""
    found = root.find(f".//protection_domain[@name='{pd}']")
    return {m.get("mr"): (int(m.get("vaddr"), 16), m.get("perms"))
            for m in found.findall("map")}


def check_flat(root):
    """No extension is left, and what was written survives."""
    check(not root.findall(".//subsystem"), "a subsystem is left")
    check(root.find(".//*[@reinit]") is None, "reinit is left")
    names = {e.get("name") for e in root.iter("protection_domain")}
    equal(names, {"web", "keeper", "child", "serial_driver", "serial_virt_rx",
                  "serial_virt_tx", "timer_driver", "net_driver",
                  "net_virt_rx", "net_virt_tx", "net_copy_web",
                  "net_copy_child"}, "names")
    keeper = root.find("protection_domain[@name='keeper']")
    ids = {e.get("name"): e.get("id")
           for e in keeper.findall("protection_domain")}
    equal(ids["net_driver"], "7", "id of the driver")
    equal(len(set(ids.values())), 10, "distinct ids")
    equal({e.get("setvar_id") for e in root.iter() if e.get("setvar_id")},
          {"i", "c", "d", "x"}, "setvar_id")


def check_isolation(root):
    """Who maps the device, and who can write what the device wrote."""
    users = {}
    for pd in root.iter("protection_domain"):
        for m in pd.findall("map"):
            users.setdefault(m.get("mr"), {})[pd.get("name")] = m.get("perms")
    equal(users["net_driver_regs"], {"net_driver": "rw"}, "registers")
    equal(users["net_driver_rings"], {"net_driver": "rw"}, "rings")
    equal(users["net_rx_dma"], {"net_virt_rx": "r", "net_copy_web": "r",
                                "net_copy_child": "r"}, "receive memory")
    equal(users["net_web_tx_data"], {"web": "rw", "net_virt_tx": "r"},
          "transmit memory")
    equal(users["serial_web_tx_data"], {"web": "rw", "serial_virt_tx": "r"},
          "serial data")


def check_addresses(root, directory):
    """Physical addresses in configurations are those of the regions."""
    data = (directory / "net_virt_rx.net_virt_rx_config.data").read_bytes()
    equal(data[:5], b"sDDF\x05", "magic")
    vaddr, size, io_addr = struct.unpack_from("<QQQ", data, 8 + 40)
    dma = region(root, "net_rx_dma")
    equal(io_addr, int(dma["phys_addr"], 16), "io_addr")
    equal(size, int(dma["size"], 16), "size")
    equal(vaddr, maps(root, "net_virt_rx")["net_rx_dma"][0], "vaddr")
    data = (directory / "net_driver.device_resources.data").read_bytes()
    equal(data[:7], b"sDDF\x01\x02\x01", "magic and counts")
    _, _, regs, _, _, rings = struct.unpack_from("<6Q", data, 8)
    equal(regs, 0xa000000, "registers")
    equal(rings, int(region(root, "net_driver_rings")["phys_addr"], 16),
          "rings")


def check_script(directory):
    """Each configuration is put into a program by the script."""
    script = (directory / "sections.sh").read_text()
    for file in directory.glob("*.data"):
        check(f"={file.name}'" in script, f"{file.name} is not used")
    check(re.search(r"^llvm-objcopy .* 'net_copy.elf' 'net_copy_web.elf'$",
                    script, re.M) is not None, script)


def run_script(directory, stub):
    """Runs the script from elsewhere, with `stub` in place of llvm-objcopy."""
    stub_file = directory / "llvm-objcopy"
    stub_file.write_text("#!/bin/sh\n" + stub)
    stub_file.chmod(0o755)
    return subprocess.run(
        ["sh", str(directory / "sections.sh")], capture_output=True, text=True,
        env=dict(os.environ, PATH=f"{directory}:{os.environ['PATH']}"),
        cwd="/", timeout=60, check=False)


def check_run(sdk):
    """The programs are found although the tool was given a relative path and
    the script runs in its own directory; the first failure ends it."""
    path = os.path.relpath(sdk.files, sdk.directory)
    directory = expand(sdk, PROGRAMS.replace("k.elf", "shell.elf"), "relative",
                       "--search-path", path)[1]
    programs = 'for last; do [ "${last#*=}" = "$last" ] && echo "$last"; done\n'
    result = run_script(directory, programs + "true\n")
    equal(result.returncode, 0, f"status ({result.stderr})")
    found = {line for line in result.stdout.split() if line.startswith("/")}
    equal(found, {os.path.realpath(sdk.files / f"{n}.elf") for n in
                  ("lwip", "shell", "upstream", "ours")}, "programs")
    result = run_script(directory, "echo once; exit 3\n")
    equal((result.returncode, result.stdout), (3, "once\n"), "after a failure")


PROGRAMS = """
<system>
    <protection_domain name="web" priority="1">
        <program_image path="lwip.elf"/>
    </protection_domain>
    <protection_domain name="shell" priority="1">
        <program_image path="shell.elf"/>
    </protection_domain>
    <protection_domain name="keeper" priority="200">
        <program_image path="k.elf"/>
        <subsystem class="net" device="net0" buffers="64">
            <virt_rx program="upstream.elf"/>
            <virt_tx program="ours.elf"/>
            <copier program="ours.elf" stack_size="0x3000"/>
            <copier client="shell" id="3" setvar_id="copier" fpu="true"/>
            <client pd="web" mac="52:54:01:00:00:01"/>
            <client pd="shell" mac="52:54:01:00:00:02"/>
        </subsystem>
    </protection_domain>
</system>
"""


def program(*sections):
    """A program with room for sections."""
    elf = Elf(0x200000).segment(0x200000, R | X, pattern(1, 64))
    elf.segment(0x300000, R | W, bytes(0x40000))
    for i, name in enumerate(sections):
        elf.section(name, 0x300000 + 0x400 * i, 0x400)
    return elf


def write_programs(sdk):
    """Ours says that it needs no FPU, and has a place for what sDDF lacks."""
    for name, elf in (
            ("lwip", program(".net_client_config", ".lib_sddf_lwip_config")
             .note("Pride", 1)),
            ("shell", program(".net_client_config")),
            ("upstream", program(".net_virt_rx_config").note("GNU", 1)
             .note("Pride", 2).note("Prid", 1)),
            ("ours", program(".net_virt_tx_config", ".net_dma_config")
             .note("GNU", 3).note("Pride", 1))):
        (sdk.files / f"{name}.elf").write_bytes(elf.build())


def check_fpu(root):
    """A generated domain's program says whether it needs the FPU; an attribute
    wins; what is not there yet may need it.  Others are as written."""
    found = {e.get("name"): e.get("fpu")
             for e in root.iter("protection_domain")}
    equal(found, {"net_virt_rx": "true", "net_virt_tx": "false",
                  "net_copy_web": "false", "net_copy_shell": "true",
                  "net_driver": "true", "web": "true", "shell": "true",
                  "keeper": "true"}, "fpu")


def check_optional(root, directory):
    """Sections that a program may lack are filled if it has them."""
    names = {f.name for f in directory.glob("*.data")}
    equal(names, {f"{n}.data" for n in (
        "net_driver.device_resources", "net_driver.net_driver_config",
        "net_virt_rx.net_virt_rx_config", "net_virt_tx.net_virt_tx_config",
        "net_virt_tx.net_dma_config", "net_copy_web.net_copy_config",
        "net_copy_shell.net_copy_config", "web.net_client_config",
        "shell.net_client_config", "web.lib_sddf_lwip_config")}, "sections")
    vaddr, size, count = struct.unpack(
        "<8xQQQ", (directory / "web.lib_sddf_lwip_config.data").read_bytes())
    equal(maps(root, "web")["net_web_lwip_pool"], (vaddr, "rw"), "pool")
    equal(size, int(region(root, "net_web_lwip_pool")["size"], 16), "size")
    equal(count, 128, "two pbufs per buffer")
    check(size >= count * 64, "each has room for a pbuf")


def check_copiers(root):
    """One client's copier: its own attributes beside those of all."""
    found = {e.get("name"): (e.get("id"), e.get("setvar_id"),
                             e.get("stack_size"))
             for e in root.iter("protection_domain")}
    equal(found["net_copy_shell"], ("3", "copier", "0x3000"), "shell's")
    equal(found["net_copy_web"][1:], (None, "0x3000"), "web's")


def check_names(sdk):
    """Files of two PDs whose names differ by a slash only."""
    file = sdk.directory / "names.system"
    file.write_text("<system>" + "".join(
        f'<protection_domain name="{name}"><program_image path="p.elf"/>'
        "</protection_domain>" for name in ("a/b", "a_b"))
        + '<subsystem class="serial" device="serial0"><client pd="a/b"/>'
        '<client pd="a_b"/></subsystem></system>')
    result = sdk.run(str(file), "--expand", str(sdk.directory / "names"))
    equal(result.returncode, 1, "status")
    check("protection domains 'a/b' and 'a_b' would share files named 'a_b'"
          in result.stderr, result.stderr)
    equal(list((sdk.directory / "names").iterdir()), [], "files")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        sdk = toolkit.Sdk(pathlib.Path(name))
        flat, directory = expand(sdk, SYSTEM, "first")
        root = ET.fromstring(flat)
        with tap.case("expand: nothing is left of the extensions"):
            check_flat(root)
        with tap.case("expand: only those map who must"):
            check_isolation(root)
        with tap.case("expand: configurations hold physical addresses"):
            check_addresses(root, directory)
        with tap.case("expand: a script fills the programs"):
            check_script(directory)
        with tap.case("expand: names that make the same files"):
            check_names(sdk)
        with tap.case("expand: expanding again changes nothing"):
            equal(expand(sdk, flat, "second")[0], flat, "description")
        write_programs(sdk)
        flat, directory = expand(sdk, PROGRAMS, "programs")
        root = ET.fromstring(flat)
        with tap.case("expand: the FPU as the program needs it"):
            check_fpu(root)
        with tap.case("expand: sections that a program may lack"):
            check_optional(root, directory)
        with tap.case("expand: the script runs from anywhere"):
            check_run(sdk)
        with tap.case("expand: the copier of one client"):
            check_copiers(root)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
