#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A DHCP server for a namespace: dhcpd.py DEVICE SERVER-ADDRESS [SECONDS].

Gives .15, .16, ... to whoever asks, by broadcast, and prints each lease.
"""

import socket
import sys
import time

import frames


def main():
    device, server = sys.argv[1], frames.ip(sys.argv[2])
    end = time.monotonic() + float(sys.argv[3] if sys.argv[3:] else 600)
    leases = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE,
                     device.encode())
        s.bind(("", 67))
        s.settimeout(1)
        print("ready", flush=True)
        while time.monotonic() < end:
            try:
                request = s.recv(2048)
            except socket.timeout:
                continue
            kind = frames.dhcp_options(request).get(53, b"\0")[0]
            answer = {frames.DHCP_DISCOVER: frames.DHCP_OFFER,
                      frames.DHCP_REQUEST: frames.DHCP_ACK}.get(kind)
            if answer is None:
                continue
            client = request[28:34]
            address = leases.setdefault(
                client, server[:3] + bytes([15 + len(leases)]))
            s.sendto(frames.dhcp_reply(request, answer, server, address),
                     ("255.255.255.255", 68))
            if answer == frames.DHCP_ACK:
                print(client.hex(":"), frames.ip_text(address), flush=True)


if __name__ == "__main__":
    main()
