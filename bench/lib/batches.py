# SPDX-License-Identifier: BSD-2-Clause
"""Echoes in batches whose size the host cannot change.

Frames that are merely sent reach the guest one by one, while it runs: how many
it finds at a wake-up depends on how busy the host is.  Here the machine is
stopped, a whole batch goes into a filter of QEMU's in front of the device, the
filter lets it go, and the machine continues with all of it in the receive
queue.  So figures repeat to a few instructions per batch.
"""

import random
import struct
import time

PORT = 4000  # ours
TIMEOUT = 5
FILTER = "batch"
FOREVER_US = 4000000000
NOISE = 256


class Failed(Exception):
    """Echoes were lost or wrong."""


def arguments():
    """For qemu.Machine(args=...); the filter is off until a batch is sent.
    "tx" is what the back end sends, towards the guest."""
    return ["-object", f"filter-buffer,id={FILTER},netdev=net0,queue=tx,"
            f"interval={FOREVER_US},status=off"]


class Batches:
    """Verified echoes of `size` bytes, round robin over `addresses`.

    `read` returns what changes while the guest executes: a batch is sent when
    the guest is done with the one before.
    """

    def __init__(self, wire, machine, addresses, port, size, read):
        self.wire = wire
        self.machine = machine
        self.addresses = addresses
        self.port = port
        self.size = size
        self.read = read
        self.sent = 0
        self.noise = random.Random(1).randbytes(size + NOISE)

    def payload(self, number):
        start = number % NOISE
        return struct.pack("!I", number) \
            + self.noise[start:start + self.size - 4]

    def send(self, count):
        """Sends a batch; returns {number: address}."""
        flight = {}
        for _ in range(count):
            address = self.addresses[self.sent % len(self.addresses)]
            self.wire.send_udp(address, PORT, self.port,
                               self.payload(self.sent))
            flight[self.sent] = address
            self.sent += 1
        return flight

    def hold(self, status):
        self.machine.command_qemu("qom-set", path=f"/objects/{FILTER}",
                                  property="status", value=status)

    def receive(self, flight):
        """Takes the echoes; every byte must be as it was sent."""
        deadline = time.monotonic() + TIMEOUT
        while flight:
            if time.monotonic() > deadline:
                raise Failed(f"{len(flight)} echoes of a batch are lost")
            packet = self.wire.poll(0.05)
            if packet is None or packet.kind != "udp" or packet.dport != PORT:
                continue
            number = struct.unpack("!I", packet.data[:4].rjust(4))[0]
            if flight.pop(number, None) != packet.src or not \
                    packet.checksum_ok or packet.data != self.payload(number):
                raise Failed(f"echo {number} is wrong")

    def settle(self):
        """Until nothing is executed any more; a clock's tick may be."""
        before = None
        while (now := self.read()) != before:
            before = now
            time.sleep(0.0005)

    def run(self, batch, count):
        """At least `count` echoes; returns how many."""
        first = self.sent
        while self.sent < first + count:
            self.settle()
            self.machine.command_qemu("stop")
            self.hold("on")
            flight = self.send(batch)
            self.wire.drained()
            self.hold("off")
            self.machine.command_qemu("cont")
            self.receive(flight)
        self.settle()
        return self.sent - first
