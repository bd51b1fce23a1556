# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's gdb stub, as far as tests need it: writing physical memory.

    m = Machine(..., args=gdbstub.arguments(path))
    gdbstub.write_physical(path, 0x70001000, b"...")

The machine stands still during the write and goes on afterwards.
"""

import socket


def arguments(path):
    """For QEMU: a stub that listens on a unix socket."""
    return ["-gdb", f"unix:{path},server=on,wait=off"]


def _packet(text):
    data = text.encode()
    return b"$" + data + b"#%02x" % (sum(data) & 0xff)


def _answer(s):
    """The next packet's text; acknowledges it."""
    data = b""
    while True:
        byte = s.recv(1)
        if not byte:
            raise EOFError("the stub closed the connection")
        data += byte
        start = data.find(b"$")
        end = data.find(b"#", start + 1) if start >= 0 else -1
        if end >= 0 and len(data) == end + 3:
            s.sendall(b"+")
            return data[start + 1:end].decode("latin-1")


def _order(s, text):
    """Sends a packet that must be answered by OK.  That the machine has stopped
    may be announced at any time before."""
    s.sendall(_packet(text))
    answer = _answer(s)
    while answer[:1] in ("S", "T"):
        answer = _answer(s)
    if answer != "OK":
        raise RuntimeError(f"{text[:30]}: {answer!r}")


def write_physical(path, address, data):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(path)
        _order(s, "Qqemu.PhyMemMode:1")
        _order(s, f"M{address:x},{len(data):x}:{data.hex()}")
        _order(s, "Qqemu.PhyMemMode:0")
        _order(s, "D")
