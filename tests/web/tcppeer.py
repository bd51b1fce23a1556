# SPDX-License-Identifier: BSD-2-Clause
"""A TCP peer made of raw segments, which need not keep to the rules.

    peer = Peer(wire, guest, 40000)
    peer.open()
    peer.send(b"GET / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n")
    head, body = peer.response(5)
"""

import struct
import time

import frames

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def segment(src, dst, sport, dport, seq, ack, flags, window, data=b"",
            options=b""):
    head = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xffffffff,
                       ack & 0xffffffff, (5 + len(options) // 4) << 4, flags,
                       window, 0, 0) + options
    pseudo = src + dst + struct.pack("!BBH", 0, frames.TCP,
                                     len(head) + len(data))
    total = frames.checksum(pseudo + head + data)
    return head[:16] + struct.pack("!H", total) + head[18:] + data


class Segment:
    """What a received frame says, for the peer it is for."""

    def __init__(self, data):
        self.seq, self.ack = struct.unpack_from("!II", data, 4)
        self.flags = data[13]
        self.window = struct.unpack_from("!H", data, 14)[0]
        self.data = data[(data[12] >> 4) * 4:]


class Peer:
    """One end of a connection to port 80."""

    def __init__(self, wire, guest, port, window=65535):
        self.wire = wire
        self.guest = guest
        self.port = port
        self.window = window
        self.seq = 1000 * port
        self.ack = 0
        self.got = b""
        self.last = 0, b""  # what was sent last, and its sequence number
        self.ended = None  # "fin" or "rst"

    def raw(self, flags, data=b"", seq=None, ack=None, options=b""):
        """One segment, as the caller wants it."""
        self.wire.send_ip(self.wire.neighbours[self.guest], self.guest,
                          frames.TCP, segment(
                              self.wire.ip, self.guest, self.port, 80,
                              self.seq if seq is None else seq,
                              self.ack if ack is None else ack,
                              flags, self.window, data, options))

    def next(self, timeout):
        """The next segment for us, or None."""
        packet = self.wire.wait(
            lambda p: p.kind == "tcp" and p.src == self.guest
            and p.dport == self.port, timeout)
        return None if packet is None else Segment(packet.data)

    def open(self, timeout=5):
        """The handshake, with its repetitions; whether it came to an end."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.raw(SYN, ack=0, options=b"\x02\x04\x05\xb4")
            answer = self.next(0.5)
            if answer is not None and answer.flags & (SYN | ACK) == SYN | ACK:
                self.seq += 1
                self.ack = answer.seq + 1
                self.raw(ACK)
                return True
        return False

    def send(self, data):
        self.last = self.seq, data
        self.raw(ACK | PSH, data)
        self.seq += len(data)

    def take(self, timeout, acknowledge=True):
        """Handles one segment: in order it is kept and acknowledged."""
        answer = self.next(timeout)
        if answer is None:
            return False
        if answer.flags & RST:
            self.ended = "rst"
            return True
        if answer.seq == self.ack & 0xffffffff:
            self.got += answer.data
            self.ack += len(answer.data)
            if answer.flags & FIN:
                self.ended = "fin"
                self.ack += 1
        if acknowledge and (answer.data or answer.flags & FIN):
            self.raw(ACK)
        return True

    def response(self, timeout):
        """(head, body) of one response with a Content-Length, or None.  What
        was sent last is repeated each second without an answer."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self.ended != "rst":
            head, gap, body = self.got.partition(b"\r\n\r\n")
            if gap:
                size = int(head.lower().split(b"content-length:")[1].split()[0])
                if len(body) >= size:
                    self.got = body[size:]
                    return head, body[:size]
            if self.ended:
                return None
            if not self.take(min(1.0, deadline - time.monotonic())):
                self.raw(ACK | PSH, self.last[1], seq=self.last[0])
        return None
