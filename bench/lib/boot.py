# SPDX-License-Identifier: BSD-2-Clause
"""From reset to the first frame, to the first echo, and until all is quiet.

A frame is seen outside a little later than it leaves, while the guest goes on:
of several boots the one with the least counts.
"""

import commands
import counters
import echo
from qemu import Machine
from rawnet import Host

BOOTS = 5
PORT = 4000  # ours


def first_frame(wire, count, timeout):
    """Instructions until the first frame is seen."""
    if wire.receive(timeout) is None:
        raise echo.Failure(f"no frame within {timeout} s")
    return count.read().total


def first_echo(wire, client, timeout):
    """Returns when the client has an address and has echoed a datagram."""
    address = wire.lease(client, timeout)
    if address is None:
        raise echo.Failure(f"no lease within {timeout} s")
    for _ in range(50):  # its server may not be there yet
        wire.send_udp(address, PORT, echo.PORT, b"first")
        if wire.wait(lambda p: p.kind == "udp" and p.src == address
                     and p.data == b"first", 0.1) is not None:
            return
    raise echo.Failure("the first datagram is not echoed")


def ours(use):
    """A boot of the echo system; use(wire, read) returns the figure."""
    wire = Host()
    try:
        with counters.Counters("release") as count, \
                Machine("echo", config="release", net=wire, icount=True,
                        args=count.args) as machine:
            figure = use(wire, count)
            commands.note("boot", ["boot_first_frame", "boot_first_echo",
                                   "boot_quiet"], machine,
                          "nobody answers, or " + commands.QUIET)
            return figure
    finally:
        wire.close()


def echoed_and_quiet(wire, count):
    first_echo(wire, echo.CLIENT, 20)
    return echo.quiet(lambda: count.read().total)


def frame_and_quiet(wire, count):
    return (first_frame(wire, count, 20),
            echo.quiet(lambda: count.read().total))


def rows():
    """Of the echo system."""
    boots = [ours(frame_and_quiet) for _ in range(BOOTS)]
    return {"boot_first_frame": min(frame for frame, _ in boots),
            "boot_quiet": min(quiet for _, quiet in boots),
            "boot_first_echo": min(ours(echoed_and_quiet)
                                   for _ in range(BOOTS))}


def measure(findings):
    findings.step(("boot_first_frame", "boot_quiet", "boot_first_echo"), rows)
