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


class Burst:
    """Frames that the guest finds all at once.

    `read` returns what changes while the guest executes, so that it can be
    waited for until it is done.
    """

    def __init__(self, wire, machine, read):
        self.wire = wire
        self.machine = machine
        self.read = read

    def _hold(self, status):
        self.machine.command_qemu("qom-set", path=f"/objects/{FILTER}",
                                  property="status", value=status)

    def deliver(self, send):
        """What send() puts on the wire is in the receive queue when the machine
        goes on; returns what send() returned."""
        self.machine.command_qemu("stop")
        self._hold("on")
        sent = send()
        self.wire.drained()
        self._hold("off")
        self.machine.command_qemu("cont")
        return sent

    def settle(self):
        """Until nothing is executed any more; a clock's tick may be."""
        before = None
        while (now := self.read()) != before:
            before = now
            time.sleep(0.0005)


class Batches:
    """Verified echoes of `size` bytes, round robin over `addresses`; a batch is
    sent when the guest is done with the one before."""

    def __init__(self, burst, addresses, port, size):
        self.burst = burst
        self.wire = burst.wire
        self.addresses = addresses
        self.port = port
        self.size = size
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

    def run(self, batch, count):
        """At least `count` echoes; returns how many."""
        first = self.sent
        while self.sent < first + count:
            self.burst.settle()
            self.receive(self.burst.deliver(lambda: self.send(batch)))
        self.burst.settle()
        return self.sent - first
