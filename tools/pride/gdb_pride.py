# SPDX-License-Identifier: BSD-2-Clause
"""Commands for gdb on a Pride machine; `./pride gdb SYSTEM` loads this.

Every program is linked at the same address, so gdb must know whose turn it is:
at each stop the running protection domain's symbols are loaded (the kernel's
are always there).

    pds                list the protection domains; * is the running one
    pd NAME            symbols of that domain, whoever runs
    pbreak NAME PLACE  stop when domain NAME reaches PLACE (a function, a line)
"""

import json
import os

import gdb

SEARCH = os.environ["PRIDE_BIN"].split(os.pathsep)
with open(os.environ["PRIDE_REPORT"], encoding="utf-8") as _file:
    PDS = json.load(_file)["pds"]


def running():
    """Index of the PD whose address space is current: VMID - 1."""
    try:
        root = int(gdb.parse_and_eval("$VTTBR_EL2"))
    except gdb.error:
        return None
    index = ((root >> 48) & 0xff) - 1
    return index if 0 <= index < len(PDS) else None


def find(name):
    for pd in PDS:
        if pd["name"] == name:
            return pd
    raise gdb.GdbError("unknown protection domain; there are: "
                       + " ".join(pd["name"] for pd in PDS))


def program(pd):
    """The program's file with its symbols, or None."""
    for directory in SEARCH:
        path = os.path.join(directory, pd["program"])
        if os.path.exists(path):
            return path
    return None


class Symbols:
    """Which program's symbols are loaded beside the kernel's."""

    path = None

    @classmethod
    def use(cls, pd):
        path = program(pd)
        if path is None or path == cls.path:
            return
        if cls.path:
            gdb.execute(f"remove-symbol-file -a {cls.entry}", to_string=True)
        gdb.execute(f"add-symbol-file {path}", to_string=True)
        cls.path, cls.entry = path, pd["entry"]


class Pds(gdb.Command):
    """List the protection domains."""

    def __init__(self):
        super().__init__("pds", gdb.COMMAND_STATUS)

    def invoke(self, _argument, _tty):
        now = running()
        for pd in PDS:
            mark = "*" if pd["index"] == now else " "
            print(f"{mark} {pd['index']:3} {pd['name']:20} priority "
                  f"{pd['priority']:3}  {pd['program']}")


class Pd(gdb.Command):
    """Load the symbols of a protection domain: pd NAME."""

    def __init__(self):
        super().__init__("pd", gdb.COMMAND_FILES)

    def invoke(self, argument, _tty):
        Symbols.use(find(argument.strip()))

    def complete(self, _text, word):
        return [pd["name"] for pd in PDS if pd["name"].startswith(word)]


class Pbreak(gdb.Command):
    """Stop a protection domain at a place: pbreak NAME PLACE."""

    def __init__(self):
        super().__init__("pbreak", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, _tty):
        name, _, place = argument.strip().partition(" ")
        pd = find(name)
        Symbols.use(pd)
        found = gdb.decode_line(place)[1]
        if not found:
            raise gdb.GdbError(f"no such place: {place}")
        gdb.execute(f"hbreak *{found[0].pc:#x} if "
                    f"($VTTBR_EL2 >> 48) == {pd['index'] + 1}")


def stopped(_event):
    pc = int(gdb.parse_and_eval("$pc"))
    index = running()
    if index is not None and pc < 0x10000000:
        Symbols.use(PDS[index])


gdb.execute("set confirm off")
gdb.execute("set pagination off")
Pds()
Pd()
Pbreak()
gdb.events.stop.connect(stopped)
