# SPDX-License-Identifier: BSD-2-Clause
"""One TCP connection to the guest, made of raw segments in bursts.

The peer is as a host is: segments of 1460 bytes, an acknowledgement for every
second one, a window of 64 KiB, nothing lost and nothing out of order.  What it
sends is in the guest's receive queue all at once (batches.Burst), so that
figures do not depend on how busy the host is.  Every byte that comes back is
compared by the caller, every checksum here.
"""

import struct
import time

import frames
import tcppeer

MSS = 1460
MSS_OPTION = struct.pack("!BBH", 2, 4, MSS)
WINDOW = 65535
TIMEOUT = 5
ACK, PSH, SYN, FIN, RST = (tcppeer.ACK, tcppeer.PSH, tcppeer.SYN, tcppeer.FIN,
                           tcppeer.RST)


class Failed(Exception):
    """The guest's TCP did something that a measurement cannot go on with."""


class Stream:
    """A connection from our `port` to the guest's."""

    def __init__(self, burst, guest, ports):
        self.burst = burst
        self.wire = burst.wire
        self.guest = guest
        self.ours, self.theirs = ports
        self.seq = 1000 * self.ours
        self.acked = self.seq  # by the guest
        self.ack = 0
        self.unacknowledged = 0  # segments of the guest's
        self.got = b""

    def segment(self, flags, data=b"", options=b""):
        self.wire.send_ip(
            self.wire.neighbours[self.guest], self.guest, frames.TCP,
            tcppeer.segment(self.wire.ip, self.guest, self.ours, self.theirs,
                            self.seq, self.ack, flags, WINDOW, data, options))
        self.seq += len(data)

    def open(self):
        self.segment(SYN, options=MSS_OPTION)
        answer = self.wait(TIMEOUT)
        if answer is None or answer.flags & (SYN | ACK) != SYN | ACK:
            raise Failed(f"port {self.theirs} takes no connection")
        self.seq += 1
        self.acked = self.seq
        self.ack = answer.seq + 1
        self.segment(ACK)

    def wait(self, timeout):
        """The guest's next segment of this connection, or None."""
        packet = self.wire.wait(
            lambda p: p.kind == "tcp" and p.src == self.guest
            and (p.sport, p.dport) == (self.theirs, self.ours), timeout)
        if packet is None:
            return None
        pseudo = self.guest + self.wire.ip + struct.pack(
            "!BBH", 0, frames.TCP, len(packet.data))
        if not packet.header_ok or frames.checksum(pseudo + packet.data):
            raise Failed("a segment's checksum is wrong")
        return tcppeer.Segment(packet.data)

    def take(self, timeout):
        """Handles the guest's next segment; False when none comes."""
        segment = self.wait(timeout)
        if segment is None:
            return False
        if segment.flags & (RST | FIN):
            raise Failed("the guest ends the connection")
        if segment.data:
            if segment.seq != self.ack & 0xffffffff:
                raise Failed("a segment is lost or repeated")
            self.got += segment.data
            self.ack += len(segment.data)
            self.unacknowledged += 1
        self.acked += (segment.ack - self.acked) & 0xffffffff
        return True

    def acknowledge(self):
        """One acknowledgement for every second segment, each with the number
        that it would have had."""
        if not self.unacknowledged:
            return
        last = self.ack
        for left in range((self.unacknowledged + 1) // 2 - 1, -1, -1):
            self.ack = last - 2 * MSS * left
            self.segment(ACK)
        self.unacknowledged = 0

    def send(self, data):
        """Data in full segments, the last one pushed; it acknowledges all that
        has come."""
        self.unacknowledged = 0
        for at in range(0, len(data), MSS):
            last = at + MSS >= len(data)
            self.segment(ACK | PSH if last else ACK, data[at:at + MSS])

    def exchange(self, data, wanted):
        """Sends a burst and returns the `wanted` bytes that answer it; the
        guest's window must hold the burst."""
        self.burst.settle()
        self.burst.deliver(lambda: self.send(data))
        return self.collect(wanted)

    def collect(self, wanted):
        """The next `wanted` bytes, and whatever comes with them is kept.
        Acknowledges in bursts: when the guest is done with the last one."""
        deadline = time.monotonic() + TIMEOUT
        while len(self.got) < wanted or self.acked < self.seq:
            if time.monotonic() > deadline:
                raise Failed(f"{len(self.got)} of {wanted} bytes came, "
                             f"{self.seq - self.acked} are not acknowledged")
            if not self.take(0.001) and self.unacknowledged:
                self.burst.settle()
                while self.take(0.0001):
                    pass
                if len(self.got) < wanted:
                    self.burst.deliver(self.acknowledge)
        answer, self.got = self.got[:wanted], self.got[wanted:]
        return answer

    def rest(self):
        """What has come and nobody asked for."""
        self.burst.settle()
        while self.take(0.01):
            pass
        answer, self.got = self.got, b""
        return answer

    def flush(self):
        """Acknowledges all that has come."""
        self.burst.settle()
        self.burst.deliver(self.acknowledge)
        self.burst.settle()

    def abort(self):
        """Ends the connection at once: no timer of it stays."""
        self.segment(RST | ACK)
        self.burst.settle()
