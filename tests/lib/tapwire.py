# SPDX-License-Identifier: BSD-2-Clause
"""Raw Ethernet to a machine whose network is a tap in a namespace.

A packet socket on the tap takes each frame with a virtio_net_hdr in front
(packet(7), PACKET_VNET_HDR), so checksums can be left to the other side in both
directions, as between a kernel and a device that offloads them:

    with netns.TapNet() as net, tapwire.TapHost(net) as wire:
        with Machine("echo", net=net, prefix=net.prefix):
            guest = wire.lease(mac, 10)
"""

import ctypes
import os
import socket
import struct

import frames
import rawnet

CLONE_NEWNET = 0x40000000  # sched.h
SOL_PACKET, PACKET_VNET_HDR = 263, 15  # linux/socket.h, linux/if_packet.h
ETH_P_ALL, PACKET_OUTGOING = 3, 4
HEADER = struct.Struct("<BBHHHH")  # VIRTIO 1.2, 5.1.6, the legacy 10 bytes
NEEDS_CSUM, DATA_VALID = 1, 2


def packet_socket(namespace, interface):
    """A packet socket inside a network namespace, which is a file's path."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(path):
        with open(path, "rb") as file:
            if libc.setns(file.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"setns {path}")

    with open("/proc/thread-self/ns/net", "rb") as home:
        enter(namespace)
        try:
            found = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(ETH_P_ALL))
            found.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
            found.bind((interface, 0))
        finally:
            if libc.setns(home.fileno(), CLONE_NEWNET) != 0:
                os._exit(1)  # nothing here may go on in the wrong place
    return found


def complete(frame, start, offset):
    """What a device does for NEEDS_CSUM (5.1.6.2)."""
    total = frames.checksum(frame[start:]) or 0xffff
    at = start + offset
    return frame[:at] + struct.pack("!H", total) + frame[at + 2:]


def partial(frame):
    """A UDP frame with the sum of its pseudo header only; its hint."""
    start = 14 + (frame[14] & 15) * 4
    length = struct.unpack_from("!H", frame, start + 4)[0]
    pseudo = frame[26:34] + struct.pack("!BBH", 0, frames.UDP, length)
    total = ~frames.checksum(pseudo) & 0xffff
    at = start + 6
    return frame[:at] + struct.pack("!H", total) + frame[at + 2:], start, 6


class TapHost(rawnet.Host):
    """rawnet.Host on a tap.  UDP leaves with a partial checksum; what comes with
    one is completed, and counted."""

    def __init__(self, net):
        self.net = net
        self.leave_to_device = True
        self.partial_received = 0
        # another host than the kernel, which has 10.0.2.2
        super().__init__("10.0.2.3", "52:55:0a:00:02:03")

    def open(self):
        self.socket = packet_socket(self.net.path(), "tap0")
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, 4 << 20)

    def drained(self, timeout=5):
        """A tap takes frames at once, QEMU reads them when it runs."""

    def send_as(self, frame, flags=0, start=0, offset=0):
        """A frame with what its header says about its checksum."""
        self.sent += 1
        self.socket.send(HEADER.pack(flags, 0, 0, 0, start, offset) + frame)

    def send(self, frame):
        if self.leave_to_device and frame[12:14] == b"\x08\x00" \
                and frame[23] == frames.UDP:
            frame, start, offset = partial(frame)
            self.send_as(frame, NEEDS_CSUM, start, offset)
        else:
            self.send_as(frame)

    def receive(self, timeout):
        self.socket.settimeout(max(timeout, 0.000001))
        try:
            while True:
                data, source = self.socket.recvfrom(65536)
                if source[2] != PACKET_OUTGOING:
                    break  # what we sent is seen here, too
        except (socket.timeout, BlockingIOError):
            return None
        flags, _, _, _, start, offset = HEADER.unpack_from(data)
        frame = data[HEADER.size:]
        if flags & NEEDS_CSUM:
            self.partial_received += 1
            frame = complete(frame, start, offset)
        return frame

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
