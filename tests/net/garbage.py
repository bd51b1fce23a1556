#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sends garbage made by scapy: garbage.py DEVICE MAC ADDRESS COUNT SEED.

Run inside the namespace of tap_test.py.
"""

import random
import sys

import scapy.config

scapy.config.conf.verb = 0

from scapy.all import (ARP, DNS, ICMP, IP, TCP, UDP, BOOTP, DHCP,  # noqa: E402
                       Ether, Raw, conf, fuzz)


def templates(mac, address):
    """Packets whose unset fields scapy fills with random values."""
    to = Ether(dst=mac)
    ip = IP(dst=address)
    return (
        to / fuzz(IP(dst=address)),
        to / ip / fuzz(UDP()),
        to / ip / fuzz(UDP(dport=1235)) / Raw(b"x" * 100),
        to / ip / fuzz(TCP()),
        to / ip / fuzz(TCP(dport=1236)),
        to / ip / fuzz(TCP(dport=1237)) / Raw(b"y" * 300),
        to / ip / fuzz(ICMP()),
        to / fuzz(ARP(pdst=address)),
        Ether(dst="ff:ff:ff:ff:ff:ff") / fuzz(ARP()),
        to / ip / UDP(sport=67, dport=68) / fuzz(BOOTP())
        / DHCP(options=[("message-type", 5), ("lease_time", 0), "end"]),
        to / ip / UDP(sport=53, dport=1025) / fuzz(DNS()),
        Ether(dst=mac, type=0x86dd) / Raw(b"\x60" + b"\xff" * 200),
        Ether(dst=mac, type=0x8100) / Raw(b"\x00\x01\x08\x00" + b"\x45" * 60),
        to / IP(dst=address, ihl=15, len=20) / Raw(b"z" * 40),
        to / IP(dst=address, flags="MF", frag=8000) / Raw(b"f" * 64),
        to / IP(dst=address, src=address) / UDP(dport=1235, sport=1235)
        / Raw(b"land"),
        to / IP(dst=address, src="127.0.0.1") / UDP(dport=1235) / Raw(b"lo"),
        to / IP(dst=address, src="255.255.255.255") / ICMP(),
        to / IP(dst=address, src="224.0.0.1") / TCP(dport=1236, flags="S"),
    )


def main():
    device, mac, address, count, seed = sys.argv[1:6]
    random.seed(int(seed))
    packets = templates(mac, address)
    sock = conf.L2socket(iface=device)
    sent = 0
    for n in range(int(count)):
        packet = packets[n % len(packets)]
        try:
            data = bytes(packet)
        except Exception:  # pylint: disable=broad-except
            continue  # scapy's own random values do not always fit
        sock.send(Raw(data[:1514]))
        sent += 1
    print(sent)


if __name__ == "__main__":
    main()
