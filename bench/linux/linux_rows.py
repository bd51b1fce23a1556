# SPDX-License-Identifier: BSD-2-Clause
"""The rows of Linux: same machine, same generator, its own best servers."""

import re

import arch
import batches
import commands
import counters
import echo
import frames
import linux_guest
from rawnet import Host

MAC = frames.mac("52:54:00:12:34:56")  # QEMU's first
PORTS = {1: 1235, 32: 1236}  # by window: udp_echo.c, udp_echo_many.c
ECHO = commands.ECHO + ("; 32 go to port 1236")
ROUNDS = 3
PINGPONGS = 10000  # pingpong.c, in one window
IDLE_SECONDS = 10  # Linux's clocks tick all the time
RESULT = re.compile(r"BENCH (\w+) (\d+) (\d+)\n")

# Rows of ours, and the row of Linux that does the same job.
BESIDE = {
    "ppc_passive_0w": "linux_eventfd_pingpong",
    "pingpong": "linux_eventfd_pingpong",
    "boot_echo": "linux_boot_echo",
    "idle_per_second": "linux_idle_per_second",
    "irq_idle_to_user": "linux_irq_idle_to_user",
    **{f"udp_echo_{size}_{kind}": f"linux_udp_echo_{size}_{kind}"
       for size in (1472, 64) for kind in ("w1", "w32", "b32")},
}


def start(net, extra):
    """Linux, to be used with `with`."""
    return linux_guest.LinuxMachine(net, args=extra)


def lease(wire):
    address = wire.lease(MAC, 120)
    if address is None:
        raise echo.Failure("Linux asked for no address within 120 s")
    return address


def results(machine):
    """What the guest measured itself, until it says that it is ready."""
    found = {}
    while True:
        name, count, ticks = machine.expect(RESULT, 60).groups()
        if name == "end":
            return found
        found[name] = round(int(ticks) / int(count), 1)


def echo_rows(wire, machine, count, address):
    """{row: Rounds}"""
    rows = {}
    for size in (1472, 64):
        for window, port in PORTS.items():
            rows[f"linux_udp_echo_{size}_w{window}"] = echo.echo_row(
                wire, count, address, size, window, port, ROUNDS)
        rows[f"linux_udp_echo_{size}_b{echo.BATCH}"] = echo.batch_row(
            wire, machine, count, address, size, PORTS[32], ROUNDS)
    return rows


def boot(wire, count):
    """Instructions from reset until the first frame is out."""
    if wire.receive(120) is None:
        raise echo.Failure("no frame from Linux within 120 s")
    return count.read().total


def measure():
    figures = {}
    wire = Host()
    ranges = arch.facts.LINUX_RANGES
    with counters.Counters(ranges=ranges) as count:
        with start(wire, [*count.args, *batches.arguments()]) as machine:
            figures["linux_boot_echo"] = boot(wire, count)
            figures["linux_boot"] = count.read().before_user
            address = lease(wire)
            figures.update(results(machine))
            # wakeup.c has been woken by its timer, before any echo
            figures["linux_irq_idle_to_user"] = count.read().wake_least
            figures["linux_idle_per_second"] = round(echo.idle(count, IDLE_SECONDS))
            commands.note("linux", figures, machine, commands.QUIET)
            rows = echo_rows(wire, machine, count, address)
            commands.note("linux", rows, machine, ECHO)
    wire.close()
    # the best round: others have more of the clock's ticks
    figures |= {name: round(min(found.instructions))
                for name, found in rows.items()}
    return figures | {"linux_spread": {name: found.spread()
                                       for name, found in rows.items()}}
