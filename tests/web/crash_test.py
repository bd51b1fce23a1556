#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# run: alone
# timeout: 200
"""Components that crash in the middle of their work: the supervisor starts them
again, and pages are served as before.

A pointer that the component needs is overwritten in its memory, from outside, by
QEMU's gdb stub; its next move is a fault.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import gdbstub
import load
from qemu import arguments, note
from tap import Tap, check, equal
from weblib import Server

# Protection domain, its program, and a variable that begins with a pointer.
VICTIMS = (
    ("net_driver", "net_driver_virtio.elf", "driver"),
    ("net_virt_rx", "net_virt_rx.elf", "virt"),
    ("net_virt_tx", "net_virt_tx.elf", "virt"),
    ("net_copy_web", "net_copy.elf", "copier"),
    ("web", "webserver_web.elf", "tcp_active_pcbs"),
)


class Image:
    """Where variables of the system's programs are in physical memory."""

    def __init__(self, server):
        directory = pathlib.Path(server.image).parent
        self.report = json.loads((directory / "report.json").read_text("utf-8"))
        args = arguments(server.config)
        self.programs = pathlib.Path(args.build_dir, "bin", args.board,
                                     server.config)

    def symbol(self, program, name):
        done = subprocess.run(["llvm-nm", str(self.programs / program)],
                              capture_output=True, text=True, check=True)
        found = re.search(rf"^([0-9a-f]+) [bBdD] {name}$", done.stdout, re.M)
        check(found, f"{program} has no variable {name}")
        return int(found.group(1), 16)

    def physical(self, pd, address):
        """Of an address in the PD's writable memory, which is fresh at each
        start and therefore one piece."""
        entry, = [p for p in self.report["pds"] if p["name"] == pd]
        segment, = [s for s in entry["segments"] if s["perms"] == "rw-"]
        place, = [m for m in self.report["memory"]
                  if m["owner"] == pd and m["what"] == "program bss"]
        check(entry["reinit"] and place["size"] == segment["size"],
              f"{pd}: {segment} {place}")
        return int(place["base"], 16) + address - int(segment["vaddr"], 16)

    def text(self, pd):
        """Where a PD's instructions are, and how many bytes."""
        entry, = [p for p in self.report["pds"] if p["name"] == pd]
        segment, = [s for s in entry["segments"] if s["perms"] == "r-x"]
        place = [m for m in self.report["memory"]
                 if m["owner"] == pd and m["what"] == "program"][0]
        equal(place["size"], segment["size"], "size of the text")
        return int(place["base"], 16), place["size"]


def account(server, pd):
    """What the supervisor says about one PD; patient with lost connections."""
    deadline = time.monotonic() + 30
    while True:
        try:
            status = server.status()
            entry, = [p for p in status["pds"] if p["name"] == pd]
            return entry
        except (OSError, EOFError) as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer any more: {error}") from error
            time.sleep(0.2)


def crash(server, image, path, victim):
    pd, program, variable = victim
    where = image.physical(pd, image.symbol(program, variable))
    before = account(server, pd)
    style = server.get("/style.css").body
    gdbstub.write_physical(path, where, (0x10).to_bytes(8, "little"))
    start = time.monotonic()
    after = account(server, pd)
    note(f"{pd}: answers again after {time.monotonic() - start:.2f} s")
    equal((after["starts"], after["faults"]),
          (before["starts"] + 1, before["faults"] + 1), "starts and faults")
    check(after["state"] in ("ready", "waiting", "calling"), after["state"])
    server.expect(re.compile(
        rf"supervisor: {pd}: memory fault, .* 0x\w+, ip 0x2\w+"), 5)
    server.expect(f"supervisor: {pd} crashed and was started again", 5)
    load.generate(server, 16, 1000, b"/style.css", style)


def crash_for_good(server, image, path):
    """The serial virtualiser loses its instructions; what the web server prints
    when it starts makes it run, again and again."""
    where, size = image.text("serial_virt_tx")
    for offset in range(0, size, 1024):
        gdbstub.write_physical(path, where + offset, bytes(1024))
    pd, program, variable = VICTIMS[-1]
    where = image.physical(pd, image.symbol(program, variable))
    gdbstub.write_physical(path, where, (0x10).to_bytes(8, "little"))
    after = account(server, "serial_virt_tx")
    equal((after["state"], after["starts"], after["faults"]),
          ("stopped", 6, 6), "state, starts, faults")
    server.expect("serial_virt_tx crashed too often and was stopped", 5)
    load.generate(server, 16, 1000, b"/style.css",
                  server.get("/style.css").body)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "gdb")
        server = Server(log="web-crash")
        server.extra += gdbstub.arguments(path)
        with server:
            image = Image(server)
            for victim in VICTIMS * 2:
                with tap.case(f"{victim[0]} crashes, and 1000 requests are "
                              "served afterwards"):
                    crash(server, image, path, victim)
            with tap.case("who crashes again and again is stopped; pages are "
                          "served without it"):
                crash_for_good(server, image, path)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
