# SPDX-License-Identifier: BSD-2-Clause
"""Ports of this host, on its loopback address."""

import socket

TYPES = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


# What this process has given away: QEMU binds a port only later.
_claimed = set()


def claim(port, kind):
    """Takes the host port, tcp or udp, if nobody has it; says whether."""
    if (port, kind) in _claimed:
        return False
    with socket.socket(socket.AF_INET, TYPES[kind]) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    _claimed.add((port, kind))
    return True


def free_port(kind):
    """Takes a port that nobody has."""
    while True:
        with socket.socket(socket.AF_INET, TYPES[kind]) as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        if claim(port, kind):
            return port
