# SPDX-License-Identifier: BSD-2-Clause
"""UDP echo and idle of the echo system: counted from outside.

The generator is a Host on QEMU's socket network device: it verifies every
byte of every echo.  Five protection domains are between the wire and lwIP's
client: driver, two virtualisers, copier, client.
"""

import statistics
import time

import batches
import commands
import counters
import frames
from qemu import Machine
from rawnet import Host

PORT = 1235
WARM_UP = 200
PACKETS = 4000
ROUNDS = 5
BATCH = 32
BATCHED_PACKETS = 2048
IDLE_SECONDS = 60  # an idle client wakes up once a minute
SETTLE_SECONDS = 8  # after a lease lwIP's ARP clock runs for six
CLIENT = frames.mac("52:54:01:00:00:01")
NEIGHBOUR = frames.mac("52:54:01:00:00:02")


class Failure(Exception):
    """A measurement that may not be reported."""


class Rounds:
    """One row, measured several times."""

    def __init__(self):
        self.packets = 0
        self.instructions = []  # per packet, a round each
        self.entries = []

    def add(self, before, after, packets):
        self.packets += packets
        self.instructions.append((after.total - before.total) / packets)
        self.entries.append((after.entries - before.entries) / packets)

    def mean(self):
        """Total by total: rounds are equally long."""
        return statistics.mean(self.instructions)

    def mean_entries(self):
        return statistics.mean(self.entries)

    def spread(self):
        """How much rounds differ, with the figure over all of them."""
        return {"total": round(self.mean()),
                "least": round(min(self.instructions)),
                "median": round(statistics.median(self.instructions)),
                "most": round(max(self.instructions)),
                "rounds": len(self.instructions), "packets": self.packets}


def echo_row(wire, count, address, size, window, port=PORT, rounds=ROUNDS):
    """Echoes in a window that each echo refills."""
    if wire.udp_echo(address, port, size=size, count=1).lost:
        raise Failure("nobody echoes")
    wire.udp_echo(address, port, size=size, window=window, count=WARM_UP)
    found = Rounds()
    for _ in range(rounds):
        before = count.read()
        result = wire.udp_echo(address, port, size=size, window=window,
                               count=PACKETS)
        if result.lost or result.wrong:
            raise Failure(f"{size} bytes, window {window}: {result.lost} lost,"
                          f" {result.wrong} wrong of {PACKETS}")
        found.add(before, count.read(), PACKETS)
    return found


def batch_row(wire, machine, count, address, size, port=PORT, rounds=ROUNDS):
    """Echoes in whole batches."""
    burst = batches.Burst(wire, machine, lambda: count.read().total)
    load = batches.Batches(burst, [address], port, size)
    found = Rounds()
    try:
        load.run(BATCH, WARM_UP)
        for _ in range(rounds):
            before = count.read()
            packets = load.run(BATCH, BATCHED_PACKETS)
            found.add(before, count.read(), packets)
    except batches.Failed as failure:
        raise Failure(f"{size} bytes, batches of {BATCH}: {failure}") \
            from failure
    return found


def serve(wire, seconds):
    """Answers what the guest asks the network for so long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        wire.poll(left)


def settled(wire, timeout):
    """Gives both clients their addresses and lets them settle; returns the
    first's."""
    for client in (NEIGHBOUR, CLIENT):
        address = wire.lease(client, timeout)
        if address is None:
            raise Failure(f"no lease within {timeout} s")
    serve(wire, SETTLE_SECONDS)
    return address


def idle(count, seconds=IDLE_SECONDS):
    """Instructions per second when nothing happens."""
    before = count.read()
    time.sleep(seconds)
    return (count.read().total - before.total) / seconds


def quiet(read):
    """What read() says when it no longer changes."""
    before = None
    while (now := read()) != before:
        before = now
        time.sleep(0.2)
    return before


def all_rows(wire, machine, count, address):
    """{row: Rounds}: 1 and 32 in flight, batches of 32."""
    rows = {}
    for size in (1472, 64):
        for window in (1, 32):
            rows[f"udp_echo_{size}_w{window}"] = echo_row(
                wire, count, address, size, window)
        rows[f"udp_echo_{size}_b{BATCH}"] = batch_row(
            wire, machine, count, address, size)
    return rows


def entries(rows):
    """Kernel entries per packet; those of the long packets."""
    return {"kernel_entries_per_packet_" + name.split("_")[-1]:
            round(found.mean_entries(), 2)
            for name, found in rows.items() if "_1472_" in name}


def measure(findings):
    wire = Host()
    with counters.Counters("release") as count:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=[*count.args, *batches.arguments()]) as machine:
            address = settled(wire, 60)
            findings.step(["idle_per_second"],
                          lambda: {"idle_per_second": round(idle(count))})
            commands.note("echo", ["idle_per_second"], machine,
                          commands.QUIET)
            rows = findings.rounds(
                (), lambda: all_rows(wire, machine, count, address))
            findings.figures.update(entries(rows))
            commands.note("echo", [*rows, *entries(rows)], machine,
                          commands.ECHO)
    wire.close()
