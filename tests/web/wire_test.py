#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 200
"""Peers who break the rules of TCP, segment by segment, and what others get
from the server meanwhile."""

import pathlib
import random
import sys
import time

import frames
import tree
from qemu import Machine, note
from rawnet import Host
from tap import Tap, check, equal
from tcppeer import ACK, FIN, PSH, RST, SYN, Peer
from weblib import READY

MAC = frames.mac("52:54:01:00:00:10")
STYLE = pathlib.Path(tree.TOP, "systems", "webserver", "site", "style.css")
GET = b"GET /style.css HTTP/1.1\r\nHost: pride\r\n\r\n"


class Wire(Host):
    """The host on the wire; `loss` is the share of frames that get lost."""

    def __init__(self):
        super().__init__()
        self.loss = 0.0
        self.dice = random.Random(7)
        self.port = 20000

    def send(self, frame):
        if self.dice.random() >= self.loss:
            super().send(frame)

    def receive(self, timeout):
        frame = super().receive(timeout)
        while frame is not None and self.dice.random() < self.loss:
            frame = super().receive(timeout)
        return frame

    def peer(self, guest, **more):
        self.port += 1
        return Peer(self, guest, self.port, **more)


def served(wire, guest, timeout=4):
    """A well-behaved newcomer gets the file; how long that took."""
    start = time.monotonic()
    peer = wire.peer(guest)
    check(peer.open(timeout), "a newcomer is not let in")
    peer.send(GET)
    answer = peer.response(timeout)
    check(answer is not None, "a newcomer gets no answer")
    equal(answer[1], STYLE.read_bytes(), "body")
    peer.raw(RST)
    return time.monotonic() - start


def test_holes(tap, wire, guest):
    """Segments behind a hole are kept, and each keeps a receive buffer."""
    with tap.case("30 peers with 60 segments behind a hole each"):
        peers = [wire.peer(guest) for _ in range(30)]
        for peer in peers:
            check(peer.open(), "not let in")
        for peer in peers:
            for i in range(60):
                peer.raw(ACK, b"x", seq=peer.seq + 100 + 2 * i)
            wire.poll(0.002)
        note(f"a newcomer was served after {served(wire, guest):.2f} s")
        for peer in peers:
            peer.raw(RST)
    with tap.case("afterwards others are served at once"):
        check(served(wire, guest) < 1, "slow")


def test_half_open(tap, wire, guest):
    with tap.case("300 half-open connections"):
        for _ in range(300):
            wire.peer(guest).raw(SYN, ack=0)
            wire.poll(0)
        note(f"a newcomer was served after "
             f"{served(wire, guest, 30):.2f} s")


def test_nonsense(tap, wire, guest):
    with tap.case("segments that belong to nothing"):
        dice = random.Random(3)
        for _ in range(2000):
            peer = wire.peer(guest)
            peer.raw(dice.randrange(64), dice.randbytes(dice.randrange(100)),
                     seq=dice.getrandbits(32), ack=dice.getrandbits(32),
                     options=dice.randbytes(4 * dice.randrange(11)))
            wire.poll(0)
        check(served(wire, guest) < 2, "slow")
    with tap.case("segments that lie, inside an open connection"):
        dice = random.Random(4)
        for _ in range(40):
            peer = wire.peer(guest)
            check(peer.open(), "not let in")
            peer.send(GET[:20])
            for _ in range(40):
                peer.raw(ACK | dice.choice((0, PSH, SYN, 32)),
                         dice.randbytes(dice.randrange(1400)),
                         seq=peer.seq + dice.randrange(-100000, 100000),
                         ack=peer.ack + dice.randrange(-100000, 100000),
                         options=dice.randbytes(4 * dice.randrange(11)))
                wire.poll(0)
            peer.raw(RST)
        check(served(wire, guest) < 2, "slow")


def test_resets(tap, wire, guest):
    with tap.case("100 peers who reset in the middle of a response"):
        for i in range(100):
            peer = wire.peer(guest)
            check(peer.open(), "not let in")
            peer.send(GET)
            for _ in range(i % 4):
                peer.take(1)
            peer.raw(RST if i % 2 else RST | ACK)
        check(served(wire, guest) < 1, "slow")
    with tap.case("data behind a FIN"):
        peer = wire.peer(guest)
        check(peer.open(), "not let in")
        peer.raw(ACK | PSH | FIN, GET)
        peer.seq += len(GET) + 1
        check(peer.response(3) is not None, "no answer")
        peer.raw(ACK | PSH, GET)
        check(served(wire, guest) < 1, "slow")


def test_port_again(tap, wire, guest):
    """RFC 1122, 4.2.2.13: a new SYN may end the wait after a close."""
    with tap.case("a port is used again right after the server closed"):
        port = wire.peer(guest).port
        for round_ in range(20):
            peer = Peer(wire, guest, port)
            peer.seq += round_ * 100000
            check(peer.open(3), f"not let in, round {round_}")
            peer.send(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            check(peer.response(3) is not None, f"no answer, round {round_}")
            while peer.ended is None and peer.take(3):
                pass
            equal(peer.ended, "fin", "end")
            peer.raw(ACK | FIN)
            peer.seq += 1
            peer.take(1)


def test_window(tap, wire, guest):
    with tap.case("a peer whose window stays closed is dropped"):
        peers = [wire.peer(guest, window=0) for _ in range(90)]
        for peer in peers:
            check(peer.open(), "not let in")
            peer.send(GET)
        start = time.monotonic()
        while time.monotonic() - start < 25:
            wire.poll(0.5)
        slow = served(wire, guest)
        note(f"a newcomer was served after {slow:.2f} s")
        fresh = [wire.peer(guest) for _ in range(90)]
        for peer in fresh:
            check(peer.open(), "old connections still take the room")
            peer.send(GET)
            check(peer.response(3) is not None, "no answer")
        for peer in fresh:
            peer.raw(RST)


def test_loss(tap, wire, guest):
    with tap.case("every tenth frame is lost, each way: pages are whole"):
        wire.loss = 0.1
        try:
            for _ in range(5):
                served(wire, guest, 60)
        finally:
            wire.loss = 0.0


def main():
    tap = Tap()
    wanted = sys.argv[1:]
    wire = Wire()
    with Machine("webserver", net=wire, log="web-wire") as machine:
        with tap.case("it obtains an address"):
            guest = wire.lease(MAC, 30)
            check(guest is not None, "no DHCP")
            machine.expect(READY, 10)
        for test in (test_holes, test_half_open, test_nonsense, test_resets,
                     test_port_again, test_window, test_loss):
            if not wanted or test.__name__ in wanted:
                test(tap, wire, guest)
        with tap.case("nobody has crashed"):
            check("crashed" not in machine.text
                  and "MON|ERROR" not in machine.text, machine.text)
            check(served(wire, guest) < 1, "slow")
    wire.close()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
