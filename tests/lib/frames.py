# SPDX-License-Identifier: BSD-2-Clause
"""Builds and reads the few kinds of frames that tests need (RFC 791, 792, 768,
826, 2131).  Addresses are bytes; mac() and ip() convert from text."""

import struct

BROADCAST = b"\xff" * 6
ETHER_IP, ETHER_ARP = 0x0800, 0x0806
ICMP, TCP, UDP = 1, 6, 17


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def ip(text):
    return bytes(int(part) for part in text.split("."))


def ip_text(address):
    return ".".join(str(byte) for byte in address)


def checksum(data):
    """The Internet checksum, RFC 1071."""
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ether(dst, src, kind, payload):
    return (dst + src + struct.pack("!H", kind) + payload).ljust(60, b"\0")


def ip4(src, dst, proto, payload, ident=0, ttl=64):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident,
                       0x4000, ttl, proto, 0, src, dst)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def udp(src, dst, sport, dport, data):
    head = struct.pack("!HHHH", sport, dport, 8 + len(data), 0)
    pseudo = src + dst + struct.pack("!BBH", 0, UDP, 8 + len(data))
    total = checksum(pseudo + head + data) or 0xffff
    return head[:6] + struct.pack("!H", total) + data


def icmp_echo(ident, sequence, data, kind=8):
    head = struct.pack("!BBHHH", kind, 0, 0, ident, sequence)
    return head[:2] + struct.pack("!H", checksum(head + data)) + head[4:] \
        + data


def arp(operation, sender_mac, sender_ip, target_mac, target_ip):
    return struct.pack("!HHBBH", 1, ETHER_IP, 6, 4, operation) + sender_mac \
        + sender_ip + target_mac + target_ip


class Packet:
    """A received frame, as far as it is what it claims to be.

    `kind` is "arp", "icmp", "udp", "tcp" or "other"; fields that do not apply
    are absent.
    """

    def __init__(self, frame):
        self.frame = frame
        self.kind = "other"
        if len(frame) < 14:
            return
        self.dst_mac, self.src_mac = frame[:6], frame[6:12]
        ether_type = struct.unpack_from("!H", frame, 12)[0]
        body = frame[14:]
        if ether_type == ETHER_ARP and len(body) >= 28:
            self.kind = "arp"
            self.operation = struct.unpack_from("!H", body, 6)[0]
            self.sender_mac, self.sender_ip = body[8:14], body[14:18]
            self.target_mac, self.target_ip = body[18:24], body[24:28]
        elif ether_type == ETHER_IP and len(body) >= 20:
            self._ip(body)

    def _ip(self, body):
        length = struct.unpack_from("!H", body, 2)[0]
        head = (body[0] & 15) * 4
        if body[0] >> 4 != 4 or head < 20 or length > len(body) \
                or length < head:
            return
        self.header_ok = checksum(body[:head]) == 0
        self.src, self.dst = body[12:16], body[16:20]
        data, proto = body[head:length], body[9]
        if proto == ICMP and len(data) >= 8:
            self.kind = "icmp"
            self.type = data[0]
            self.ident, self.sequence = struct.unpack_from("!HH", data, 4)
            self.data = data[8:]
            self.checksum_ok = checksum(data) == 0
        elif proto == UDP and len(data) >= 8:
            self.kind = "udp"
            self.sport, self.dport, size, got = \
                struct.unpack_from("!HHHH", data)
            self.data = data[8:size]
            pseudo = self.src + self.dst + struct.pack("!BBH", 0, UDP, size)
            self.checksum_ok = got == 0 or checksum(pseudo + data[:size]) == 0
        elif proto == TCP and len(data) >= 20:
            self.kind = "tcp"
            self.sport, self.dport = struct.unpack_from("!HH", data)
            self.data = data


DHCP_MAGIC = bytes.fromhex("63825363")
DHCP_DISCOVER, DHCP_OFFER, DHCP_REQUEST, DHCP_ACK = 1, 2, 3, 5


def dhcp_options(data):
    """Options by number, of the UDP payload of a DHCP message."""
    found = {}
    if len(data) < 240 or data[236:240] != DHCP_MAGIC:
        return found
    at = 240
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        size = data[at + 1]
        found[data[at]] = data[at + 2:at + 2 + size]
        at += 2 + size
    return found


def dhcp_reply(request, kind, server, offered, lease=86400):
    """Answers the DHCP message `request` (a UDP payload)."""
    head = bytes([2]) + request[1:8] + b"\0" * 2 + request[10:12] \
        + b"\0" * 4 + offered + server + b"\0" * 4 + request[28:44] \
        + b"\0" * 192 + DHCP_MAGIC
    options = bytes([53, 1, kind, 54, 4]) + server + bytes([51, 4]) \
        + struct.pack("!I", lease) + bytes([1, 4, 255, 255, 255, 0, 3, 4]) \
        + server + b"\xff"
    return (head + options).ljust(300, b"\0")
