# SPDX-License-Identifier: BSD-2-Clause
"""TCP and HTTP, and what idle connections cost: counted from outside.

The echo is the echo system's, the sink the one that iperf3 is tested with, the
files come from the web server with other files in its archive.
"""

import os
import random
import time

import batches
import commands
import counters
import echo
import frames
import made
import qemu
import site_files
import stream
import tree
from qemu import Machine
from rawnet import Host

ECHO_PORT, SINK_PORT, HTTP_PORT = 1236, 5201, 80
ECHO_BURST, SINK_BURST = 16, 32  # segments
EXCHANGES = 500
BURSTS = 60
WARM_UP = 20
RESPONSES = {"5k.bin": 200, "64k.bin": 40, "1m.bin": 6}
ROUNDS = 3
IDLE_SECONDS = 8  # an idle connection to a web server may end after 20
NO_TRAFFIC_SECONDS = 60  # an interface without connections wakes once a minute
CONNECTIONS = (0, 1, 90)
WEB = frames.mac("52:54:01:00:00:10")
SINK = frames.mac("52:54:01:00:00:20")
GENERATOR = ("Stream (lib/stream.py): segments in bursts that the guest finds "
             "whole, every second one acknowledged, every byte compared")

# iperf3's states, and what its control connection begins with
COOKIE = b"pride-bench".ljust(36, b".") + b"\0"
NO_PARAMETERS = b"\0\0\0\2{}"


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def http_get(name):
    return f"GET /{name} HTTP/1.1\r\nHost: pride\r\n\r\n".encode()


class Bench:
    """What all rows of one machine share."""

    def __init__(self, wire, machine, count, address):
        self.burst = batches.Burst(wire, machine, lambda: count.read().total)
        self.count = count
        self.address = address
        self.port = 40000

    def connect(self, port):
        self.port += 1
        connection = stream.Stream(self.burst, self.address,
                                   (self.port, port))
        connection.open()
        return connection

    def rounds(self, operation, times, per, rounds=ROUNDS):
        """Instructions of operation(), done so many times a round, by `per`."""
        for _ in range(min(times, WARM_UP)):
            operation()
        found = echo.Rounds()
        for _ in range(rounds):
            self.burst.settle()
            before = self.count.read()
            for _ in range(times):
                operation()
            self.burst.settle()
            found.add(before, self.count.read(), times * per)
        return found

    def echoed(self, segments, size, times, per):
        """Per so many bytes of what is echoed in bursts of segments."""
        connection = self.connect(ECHO_PORT)
        data = noise(segments * size)

        def once():
            if connection.exchange(data, len(data)) != data:
                raise echo.Failure("an echo over TCP is wrong")
        found = self.rounds(once, times, segments * size / per)
        connection.abort()
        return found

    def echo_rows(self, prefix=""):
        """{row: Rounds} of the echo server."""
        return {prefix + "tcp_echo_64": self.echoed(1, 64, EXCHANGES, 64),
                prefix + "tcp_echo_kib": self.echoed(
                    ECHO_BURST, stream.MSS, BURSTS, 1024)}

    def receive_row(self, connection, prefix=""):
        """{row: Rounds} of a sink."""
        data = noise(SINK_BURST * stream.MSS)
        found = self.rounds(lambda: connection.exchange(data, 0), BURSTS,
                            len(data) / 1024)
        connection.abort()
        return {prefix + "tcp_receive_kib": found}

    def http_rows(self, prefix=""):
        """{row: Rounds} of a web server."""
        connection = self.connect(HTTP_PORT)
        rows = {}
        for name, times in RESPONSES.items():
            body = site_files.FILES[name]
            head = len(self.response_head(connection, name, body))
            rows[f"{prefix}http_{name.removesuffix('.bin')}"] = self.rounds(
                lambda: self.response(connection, name, head, body), times, 1)
        connection.abort()
        return rows

    def response_head(self, connection, name, body):
        """Asks once and learns how long the head is."""
        answer = connection.exchange(http_get(name), len(body))
        head = answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        answer += connection.collect(len(head) + len(body) - len(answer))
        if not head.startswith(b"HTTP/1.1 200 ") or answer != head + body:
            raise echo.Failure(f"the response with {name} is wrong")
        return head

    @staticmethod
    def response(connection, name, head, body):
        answer = connection.exchange(http_get(name), head + len(body))
        connection.flush()
        if answer[head:] != body:
            raise echo.Failure(f"a response with {name} is wrong")

    def idle_rows(self, prefix=""):
        """{row: instructions per second} with idle connections to a web
        server, each of which has been served once."""
        # Linux's clocks tick all the time: a few seconds tell
        no_traffic = IDLE_SECONDS if prefix else NO_TRAFFIC_SECONDS
        rows, connections = {}, []
        size = site_files.SIZES["5k.bin"]
        for wanted in CONNECTIONS:
            while len(connections) < wanted:
                connection = self.connect(HTTP_PORT)
                connection.exchange(http_get("5k.bin"), size)
                connection.flush()
                connections.append(connection)
            time.sleep(1)
            rows[f"{prefix}idle_per_second_tcp{wanted}"] = round(
                echo.idle(self.count, IDLE_SECONDS if wanted
                          else no_traffic))
        for connection in connections:
            connection.abort()
        return rows


def send_row(figures, prefix=""):
    """What a KiB more of a response costs."""
    long, short = (figures.get(f"{prefix}http_{size}") for size in ("1m", "64k"))
    if long is None or short is None:
        raise echo.Failure("needs http_1m and http_64k")
    return {prefix + "tcp_send_kib": round((long - short) / 960)}


class Started:
    """A system that is measured, with an address, its traffic settled."""

    def __init__(self, system, client, image=None):
        self.wire = Host()
        self.count = counters.Counters("release")
        self.machine = Machine(
            system, config="release", net=self.wire, icount=True, image=image,
            args=[*self.count.args, *batches.arguments()])
        self.client = client

    def __enter__(self):
        self.machine.start()
        address = self.wire.lease(self.client, 60)
        if address is None:
            raise echo.Failure("no lease within 60 s")
        echo.serve(self.wire, echo.SETTLE_SECONDS)
        return Bench(self.wire, self.machine, self.count, address)

    def __exit__(self, *_):
        self.machine.stop()
        self.count.close()
        self.wire.close()


def web_image():
    """The web server's, with the files that Linux serves too."""
    qemu.build("webserver", "release")
    path = os.path.join(tree.TOP, "systems", "webserver", "webserver.system")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    wanted = text.replace('size="0x20000" prefill_path="webserver_site.bin"',
                          'size="0x200000" prefill_path="bench_site.bin"')
    if wanted == text:
        raise echo.Failure(f"{path} does not say where its files are")
    return made.image("webserver", wanted,
                      {"bench_site.bin": site_files.archive()})


def sink(bench):
    """Makes iperf's server expect data; returns the connection for it."""
    control = bench.connect(SINK_PORT)
    control.exchange(COOKIE, 1)         # it asks for parameters
    control.exchange(NO_PARAMETERS, 1)  # it asks for streams
    data = bench.connect(SINK_PORT)
    data.exchange(COOKIE, 0)
    return data


def of_web_server(findings, bench, prefix=""):
    """All rows that a web server has; theirs or Linux's."""
    idle = [f"{prefix}idle_per_second_tcp{n}" for n in CONNECTIONS]
    findings.step(idle, lambda: bench.idle_rows(prefix))
    names = [f"{prefix}http_{name.removesuffix('.bin')}" for name in RESPONSES]
    # Linux: the best round; others have more of the clock's ticks
    findings.rounds(names, lambda: bench.http_rows(prefix), best=bool(prefix))
    findings.step([prefix + "tcp_send_kib"],
                  lambda: send_row(findings.figures, prefix))
    commands.note("linux" if prefix else "tcp", idle, bench.burst.machine,
                  commands.QUIET)
    commands.note("linux" if prefix else "tcp",
                  [*names, prefix + "tcp_send_kib"], bench.burst.machine,
                  GENERATOR)


def of_echo(findings):
    with Started("echo", echo.CLIENT) as bench:
        names = ("tcp_echo_64", "tcp_echo_kib")
        findings.rounds(names, bench.echo_rows)
        commands.note("tcp", names, bench.burst.machine, GENERATOR)


def of_sink(findings):
    with Started("net-iperf", SINK) as bench:
        findings.rounds(["tcp_receive_kib"],
                        lambda: bench.receive_row(sink(bench)))
        commands.note("tcp", ["tcp_receive_kib"], bench.burst.machine,
                      GENERATOR)


def measure(findings):
    """Of our systems."""
    of_echo(findings)
    of_sink(findings)
    with Started("webserver", WEB, web_image()) as bench:
        of_web_server(findings, bench)
