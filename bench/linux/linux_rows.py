# SPDX-License-Identifier: BSD-2-Clause
"""The rows of Linux: same machine, same generator, its own best servers."""

import re

import arch
import batches
import boot
import commands
import counters
import echo
import frames
import linux_guest
import linux_packages
import tcp
from findings import NotRun
from rawnet import Host

MAC = frames.mac("52:54:00:12:34:56")  # QEMU's first
PORTS = {1: 1235, 32: 1236}  # by window: udp_echo.c, udp_echo_many.c
ECHO = commands.ECHO + ("; 32 go to port 1236")
ROUNDS = 3
QUIET = ("linux_eventfd_pingpong", "linux_irq_idle_to_user",
         "linux_idle_per_second")
ECHOES = [f"linux_udp_echo_{size}_{kind}" for size in (1472, 64)
          for kind in ("w1", "w32", "b32")]
PINGPONGS = 10000  # pingpong.c, in one window
IDLE_SECONDS = 10  # Linux's clocks tick all the time
RESULT = re.compile(r"BENCH (\w+) (\d+) (\d+)\n")


def start(net, extra=(), icount=True):
    """Linux, to be used with `with`."""
    try:
        linux_packages.get()
    except linux_packages.sources.Failure as failure:
        raise NotRun(f"there is no Linux for the guest: {failure}") \
            from failure
    return linux_guest.LinuxMachine(net, args=extra, icount=icount)


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


def booted(wire, count):
    """Figures from reset to the first frame, then to the first echo."""
    figures = {"linux_boot_first_frame": boot.first_frame(wire, count, 120),
               "linux_boot": count.read().before_user}
    boot.first_echo(wire, MAC, 120)
    figures["linux_boot_first_echo"] = count.read().total
    return figures


def quiet_rows(machine, count):
    """What the guest measures itself, and what it costs when it is idle."""
    figures = results(machine)
    # wakeup.c has been woken by its timer, before any load
    figures["linux_irq_idle_to_user"] = count.read().wake_least
    figures["linux_idle_per_second"] = round(echo.idle(count, IDLE_SECONDS))
    return figures


def tcp_rows(findings, bench):
    """Of tcp_server.c."""
    names = ("linux_tcp_echo_64", "linux_tcp_echo_kib")
    findings.rounds(names, lambda: bench.echo_rows("linux_"), best=True)
    findings.rounds(["linux_tcp_receive_kib"], lambda: bench.receive_row(
        bench.connect(tcp.SINK_PORT), "linux_"), best=True)
    commands.note("linux", [*names, "linux_tcp_receive_kib"],
                  bench.burst.machine, tcp.GENERATOR)
    tcp.of_web_server(findings, bench, "linux_")


def measure(findings):
    wire = Host()
    with counters.Counters(ranges=arch.facts.LINUX_RANGES) as count, \
            start(wire, [*count.args, *batches.arguments()]) as machine:
        findings.figures |= booted(wire, count)
        address = lease(wire)
        findings.step(QUIET, lambda: quiet_rows(machine, count))
        commands.note("linux", findings.figures, machine, commands.QUIET)
        # the best round: others have more of the clock's ticks
        rows = findings.rounds(
            ECHOES, lambda: echo_rows(wire, machine, count, address),
            best=True)
        commands.note("linux", rows, machine, ECHO)
        tcp_rows(findings, tcp.Bench(wire, machine, count, address))
    wire.close()
