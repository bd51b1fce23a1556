#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# run: alone
# timeout: 480
"""Many requests, many connections, slow and hostile peers, against the system.

    load_test.py [test_NAME...]
"""

import os
import random
import re
import select
import sys
import time

import load
from qemu import note
from tap import Tap, check, equal
from weblib import HOST, Connection, Server

GET = load.GET
LIMIT = 96  # connections the server has room for


def buffers(status):
    """Counters that tell of buffers gone astray, by component."""
    suspicious = re.compile(r"^(bad_|duplicate)")
    return {f"{c['name']}.{name}": value for c in status["components"]
            for name, value in c["counters"].items()
            if suspicious.match(name) and value}


def test_peers(tap, server):
    """Programs that open all connections at once get only two: crowd_of()."""
    with tap.case("ab: 10000 requests on two kept connections, none fails"):
        before = server.status()["http"]
        load.ab(server.url("/style.css"), load.REQUESTS, 2, "-k")
        after = server.status()["http"]
        check(after["ok"] - before["ok"] >= load.REQUESTS, f"counted: {after}")
    with tap.case("ab: 2000 requests, each on a connection of its own"):
        load.ab(server.url("/style.css"), 2000, 2)
    with tap.case("wrk: 3 seconds without an error"):
        load.wrk(server.url("/"), 2, 3)


def test_many(tap, server):
    style = server.get("/style.css").body
    with tap.case("10000 requests on 64 kept connections, all compared"):
        rate = load.generate(server, 64, load.REQUESTS, b"/style.css", style)
        note(f"{rate:.0f} requests per second")


def test_simultaneous(tap, server):
    with tap.case("80 connections at once are all served, again and again"):
        connections = load.crowd_of(server, 80)
        try:
            for _ in range(5):
                for connection in connections:
                    connection.send(GET)
                for connection in connections:
                    equal(connection.answer().status, 200, "status")
            check(server.status()["http"]["connections"] >= 80,
                  "the server counts fewer")
        finally:
            for connection in connections:
                connection.close()
    server.settle()


def first_word(connection):
    """What a crowded server says to a newcomer: status, or how it ended."""
    try:
        connection.send(GET)
        return connection.answer().status
    except EOFError:
        return "closed"
    except OSError as error:
        return type(error).__name__


def test_crowd(tap, server):
    with tap.case("beyond the limit newcomers are refused, and told so"):
        crowd = load.crowd_of(server, LIMIT)
        try:
            # half a request: such connections may not be pushed aside
            for connection in crowd:
                connection.send(GET[:10])
            time.sleep(0.5)
            words = []
            for _ in range(20):
                with server.connect(20) as newcomer:
                    words.append(first_word(newcomer))
            check(503 in words, f"answers: {words}")
            check(200 not in words, f"answers: {words}")
            for connection in crowd:
                connection.send(GET[10:])
            for connection in crowd:
                equal(connection.answer().status, 200, "an old one's status")
        finally:
            for connection in crowd:
                connection.close()
        status = server.settle()
        check(status["http"]["refused"] > 0, "nothing counted as refused")
    with tap.case("idle connections make room for newcomers"):
        idle = load.crowd_of(server, LIMIT)
        try:
            time.sleep(1.5)
            for _ in range(10):
                equal(server.get("/style.css").status, 200, "newcomer")
        finally:
            for connection in idle:
                connection.close()
    server.settle()


def seconds_until_closed(connection, limit):
    """Reads until the other side closes."""
    start = time.monotonic()
    data = b""
    connection.socket.settimeout(limit)
    try:
        while True:
            piece = connection.socket.recv(65536)
            if not piece:
                break
            data += piece
    except ConnectionError:
        pass
    except TimeoutError:
        return None, data
    return time.monotonic() - start, data


def test_slow(tap, server):
    with tap.case("a request that never ends is answered 408 after 10 s"):
        with server.connect(30) as fast, server.connect(30) as slow:
            slow.send(GET[:-4])
            start = time.monotonic()
            served = 0
            while not select.select([slow.socket], [], [], 0.5)[0]:
                check(time.monotonic() - start < 20, "still open after 20 s")
                slow.send(b"X")  # a byte now and then gains no time
                equal(fast.ask(GET).status, 200, "another one's status")
                served += 1
            took, data = time.monotonic() - start, slow.answer()
            equal(data.status, 408, "status")
            check(8 <= took <= 14, f"after {took:.1f} s")
            check(served > 10, f"others were served {served} times only")
            check(slow.is_closed(), "the connection stays open")
    with tap.case("silence from the start is closed"):
        with server.connect(30) as silent:
            took, data = seconds_until_closed(silent, 20)
            check(took is not None and data == b"", f"{took} {data!r}")
    with tap.case("a reader that takes nothing is cut off, others go on"):
        before = server.status()["http"]["timeouts"]
        with server.connect(40) as stuck:
            # more answers than all buffers on the way can hold
            stuck.socket.settimeout(5)
            try:
                for _ in range(40):
                    stuck.send((b"GET /status.js HTTP/1.1\r\n" + HOST
                                + b"\r\n") * 50)
            except (TimeoutError, ConnectionError):
                pass
            start = time.monotonic()
            while time.monotonic() - start < 40:
                http = server.status()["http"]
                if http["connections"] == 1:
                    break
                time.sleep(0.5)
            check(http["connections"] == 1, f"still there: {http}")
            note(f"timeouts {before} -> {http['timeouts']}, "
                 f"aborted {http['aborted']}")
    server.settle()


def test_garbage(tap, server):
    with tap.case("300 connections full of noise: it goes on serving"):
        noise = random.Random(1)
        for i in range(300):
            data = noise.randbytes(noise.randrange(1, 3000))
            if i % 3 == 0:
                data = GET[:noise.randrange(len(GET))] + data
            with Connection(server.web_port, 10) as connection:
                try:
                    connection.send(data)
                    if i % 2:
                        connection.end()
                        seconds_until_closed(connection, 5)
                except OSError:
                    pass
        equal(server.get("/").status, 200, "status")
    with tap.case("a thousand connections that are opened and dropped"):
        for _ in range(1000):
            server.connect().close()
        equal(server.get("/").status, 200, "status")
    server.settle()


def main():
    tap = Tap()
    wanted = sys.argv[1:]
    config = os.environ.get("WEB_CONFIG", "debug")
    with Server(config, log="web-load") as server:
        for test in (test_peers, test_many, test_simultaneous, test_crowd,
                     test_slow, test_garbage):
            if not wanted or test.__name__ in wanted:
                test(tap, server)
        with tap.case("afterwards: no connection left, no fault, no bad buffer"):
            status = server.settle()
            equal(sum(pd["faults"] for pd in status["pds"]), 0, "faults")
            equal(buffers(status), {}, "suspicious counters")
            note(f"in the end: {status['http']}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
