# SPDX-License-Identifier: BSD-2-Clause
"""UDP echo, boot and idle of the echo system: counted from outside.

The generator is a Host on QEMU's socket network device: it verifies every
byte of every echo.  Five protection domains are between the wire and lwIP's
client: driver, two virtualisers, copier, client.
"""

import time

import counters
import frames
from qemu import Machine
from rawnet import Host

PORT = 1235
WARM_UP = 200
PACKETS = 4000
IDLE_SECONDS = 10
CLIENT = frames.mac("52:54:01:00:00:01")


class Failure(Exception):
    """A measurement that may not be reported."""


def echo_row(wire, count, address, size, window, port=PORT):
    """Instructions and kernel entries per echoed packet."""
    if wire.udp_echo(address, port, size=size, count=1).lost:
        raise Failure("nobody echoes")
    wire.udp_echo(address, port, size=size, window=window, count=WARM_UP)
    before = count.read()
    result = wire.udp_echo(address, port, size=size, window=window,
                           count=PACKETS)
    after = count.read()
    if result.lost or result.wrong:
        raise Failure(f"{size} bytes, window {window}: {result.lost} lost, "
                      f"{result.wrong} wrong of {PACKETS}")
    return ((after.total - before.total) / PACKETS,
            (after.entries - before.entries) / PACKETS)


def idle(count):
    """Instructions per second when nothing happens."""
    before = count.read()
    time.sleep(IDLE_SECONDS)
    return (count.read().total - before.total) / IDLE_SECONDS


def boot():
    """Instructions from reset until the first frame is out and all is quiet:
    nobody answers, so what else the clients do at their start is included."""
    wire = Host()
    try:
        with counters.Counters("release") as count, \
                Machine("echo", config="release", net=wire, icount=True,
                        args=count.args):
            if wire.receive(20) is None:
                raise Failure("no frame within 20 s")
            before = -1
            while count.read().total != before:
                before = count.read().total
                time.sleep(0.2)
            return before
    finally:
        wire.close()


def measure():
    figures = {"boot_echo": boot()}
    wire = Host()
    with counters.Counters("release") as count:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=count.args):
            address = wire.lease(CLIENT, 60)
            if address is None:
                raise Failure("no lease within 60 s")
            time.sleep(2)
            figures["idle_per_second"] = round(idle(count))
            for size in (1472, 64):
                for window in (1, 32):
                    insns, entries = echo_row(
                        wire, count, address, size, window)
                    figures[f"udp_echo_{size}_w{window}"] = round(insns)
                    if size == 1472:
                        figures[f"kernel_entries_per_packet_w{window}"] = \
                            round(entries, 2)
    wire.close()
    return figures
