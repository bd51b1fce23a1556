# SPDX-License-Identifier: BSD-2-Clause
"""What the network tests share: the echo system and its clients."""

import random
import socket
import struct
import time

import counters
import frames
import qemu
import tap

MACS = {"client0": frames.mac("52:54:01:00:00:01"),
        "client1": frames.mac("52:54:01:00:00:02")}
UDP_PORT, TCP_PORT, TALK_PORT = 1235, 1236, 1237


def conserve(machine, seconds=5.0):
    """Fails the case unless, once at rest, every buffer is in one place."""
    books = counters.Conservation(machine, list(MACS))
    deadline = time.monotonic() + seconds
    while True:
        problems = list(books.problems())
        if not problems or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    tap.check(not problems, "; ".join(problems))


def stats(machine):
    return counters.System(machine).stats()


def healthy(machine):
    """Fails the case when the console tells of a fault."""
    bad = [line for line in machine.lines()
           if "MON|ERROR" in line or "meter: child" in line
           or "KERNEL" in line.upper() and "PANIC" in line.upper()]
    tap.check(not bad and machine.is_alive(), repr(bad[:3]))


def tcp_open(address):
    """A connection to a TCP echo that has echoed one byte."""
    s = socket.create_connection(address, timeout=5)
    s.sendall(b"!")
    tap.equal(s.recv(1), b"!", "first byte")
    return s


def tcp_echo(address, total, chunk, seed=1, timeout=30.0, opened=None):
    """Streams `total` random bytes through a TCP echo and compares."""
    data = random.Random(seed).randbytes(total)
    got = bytearray()
    sent = 0
    deadline = time.monotonic() + timeout
    with opened or socket.create_connection(address, timeout=5) as s:
        s.setblocking(False)
        while len(got) < total:
            if time.monotonic() > deadline:
                raise tap.Failed(f"{len(got)} of {total} bytes came back in "
                                 f"{timeout} s")
            if sent < total:
                try:
                    sent += s.send(data[sent:sent + chunk])
                except BlockingIOError:
                    pass
            try:
                part = s.recv(65536)
                if not part:
                    raise tap.Failed(f"closed after {len(got)} bytes")
                got += part
            except BlockingIOError:
                time.sleep(0.0002)
    tap.check(bytes(got) == data, "the bytes differ")


class Talk:
    """A conversation with the utilisation service."""

    def __init__(self, address):
        self.socket = socket.create_connection(address, timeout=5)
        self.file = self.socket.makefile("rb")

    def ask(self, line):
        self.socket.sendall(line.encode() + b"\n")
        return self.file.readline().decode().strip()

    def say(self, line):
        self.socket.sendall(line.encode() + b"\n")

    def line(self):
        return self.file.readline().decode().strip()

    def rest(self, size):
        return self.file.read(size)

    def close(self):
        self.file.close()
        self.socket.close()


def damage(rng, frame):
    """A frame with a few bytes changed, cut or doubled."""
    data = bytearray(frame)
    for _ in range(rng.randint(1, 6)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    if rng.random() < 0.3:
        data = data[:rng.randint(1, len(data))]
    if rng.random() < 0.1:
        data += rng.randbytes(rng.randint(1, 400))
    return bytes(data[:1514])


def garbage(rng, host, target_mac, target_ip):
    """One frame that means no good: noise, or something real, damaged."""
    kind = rng.randrange(9)
    port = rng.choice((UDP_PORT, TCP_PORT, TALK_PORT, 0, 67, 68, 65535))
    noise = rng.randbytes(rng.choice((0, 1, 7, 8, 63, 512, 1400)))
    if kind == 0:
        return rng.randbytes(rng.choice((1, 13, 14, 15, 60, 1000, 1514)))
    if kind == 1:
        return frames.ether(target_mac, host.mac, rng.randrange(65536), noise)
    if kind == 2:
        return damage(rng, frames.ether(
            target_mac, host.mac, frames.ETHER_ARP,
            frames.arp(rng.randrange(4), host.mac, host.ip, target_mac,
                       target_ip)))
    if kind == 3:
        body = frames.udp(host.ip, target_ip, 9, port, noise)
        proto = frames.UDP
    elif kind == 4:
        body = frames.icmp_echo(1, 1, noise, kind=rng.randrange(256))
        proto = frames.ICMP
    elif kind == 5:
        options = rng.randbytes(rng.choice((0, 4, 12, 40)))
        offset = rng.randrange(16)
        body = struct.pack("!HHIIBBHHH", 999, port, rng.getrandbits(32),
                           rng.getrandbits(32), offset << 4,
                           rng.randrange(256), 1000, 0, 0) + options + noise
        proto = frames.TCP
    elif kind == 6:
        body = struct.pack("!HHHH", 67, 68, rng.randrange(65536), 0) + noise
        proto = frames.UDP
    else:
        body, proto = noise, rng.randrange(256)
    packet = frames.ip4(host.ip, target_ip, proto, body,
                        rng.randrange(65536), rng.randrange(256))
    if kind == 7:
        # fragments that overlap, never end, or claim too much
        head = bytearray(packet)
        head[6:8] = struct.pack("!H", rng.choice((0x2000, 0x2001, 0x3fff,
                                                  0x0001)))
        head[10:12] = b"\0\0"
        head[10:12] = struct.pack("!H", frames.checksum(bytes(head[:20])))
        packet = bytes(head)
    frame = frames.ether(target_mac, host.mac, frames.ETHER_IP, packet)
    return damage(rng, frame) if rng.random() < 0.5 else frame[:1514]


def note_rate(what, echo):
    rate = echo.received / echo.seconds if echo.seconds else 0
    qemu.note(f"{what}: {rate:.0f} packets/s")
