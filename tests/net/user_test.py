#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 240
"""The echo system behind QEMU's own network, with ordinary peers: sockets, nc,
and the load generator's conversation."""

import random
import shutil
import socket
import subprocess
import sys
import threading

import netlib
import qemu
import tap


class Ports:
    """Where the services are on the host."""

    def __init__(self, net):
        self.udp = [("127.0.0.1", net.port[("udp", n)]) for n in (1235, 1238)]
        self.tcp = [("127.0.0.1", net.port[("tcp", n)]) for n in (1236, 1239)]
        self.talk = [("127.0.0.1", net.port[("tcp", n)]) for n in (1237, 1240)]


def datagrams(cases, ports):
    for client, address in enumerate(ports.udp):
        with cases.case(f"UDP echo of client{client}: 1000 datagrams"):
            rng = random.Random(client)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.settimeout(2)
                for n in range(1000):
                    data = rng.randbytes(rng.randint(1, 1472))
                    s.sendto(data, address)
                    tap.equal(s.recv(2048), data, f"datagram {n}")
    with cases.case("UDP echo through nc"):
        nc = shutil.which("nc")
        if not nc:
            raise tap.Skipped("needs nc (package netcat-openbsd)")
        host, port = ports.udp[0]
        done = subprocess.run([nc, "-u", "-w", "2", host, str(port)],
                              input=b"one\ntwo\n", capture_output=True,
                              timeout=15, check=False)
        tap.equal(done.stdout, b"one\ntwo\n")


def streams(cases, ports):
    for client, address in enumerate(ports.tcp):
        with cases.case(f"TCP echo of client{client}: 4 MiB"):
            netlib.tcp_echo(address, 4 << 20, 65536, timeout=60)
    with cases.case("TCP echo: one byte at a time"):
        with socket.create_connection(ports.tcp[0], timeout=5) as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for n in range(300):
                s.sendall(bytes([n & 255]))
                tap.equal(s.recv(1), bytes([n & 255]), f"byte {n}")
    with cases.case("TCP echo through nc"):
        nc = shutil.which("nc")
        if not nc:
            raise tap.Skipped("needs nc (package netcat-openbsd)")
        data = random.Random(7).randbytes(20000)
        host, port = ports.tcp[0]
        done = subprocess.run([nc, "-q", "2", host, str(port)], input=data,
                              capture_output=True, timeout=20, check=False)
        tap.check(done.stdout == data, f"{len(done.stdout)} bytes came back")
    with cases.case("TCP echo: 500 connections, one after the other"):
        for n in range(500):
            with socket.create_connection(ports.tcp[n & 1], timeout=5) as s:
                s.sendall(b"%d" % n)
                tap.equal(s.recv(16), b"%d" % n)
    with cases.case("TCP echo: a peer that resets does no harm"):
        for _ in range(50):
            s = socket.create_connection(ports.tcp[0], timeout=5)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         b"\1\0\0\0\0\0\0\0")
            s.sendall(b"x" * 3000)
            s.close()
        netlib.tcp_echo(ports.tcp[0], 20000, 4096)


def together(cases, ports):
    with cases.case("TCP echo: 32 connections at once, 64 KiB each"):
        problems = []

        # One after the other: QEMU's forwarding resets some of many at once.
        opened = [netlib.tcp_open(ports.tcp[n & 1]) for n in range(32)]

        def one(n):
            try:
                netlib.tcp_echo(None, 65536, 8192, n, 60, opened[n])
            except Exception as error:  # pylint: disable=broad-except
                problems.append(f"{n}: {error!r}")

        threads = [threading.Thread(target=one, args=(n,)) for n in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tap.check(not problems, "; ".join(problems[:4]))
    with cases.case("TCP echo: a reader that does not read stops nobody"):
        with socket.create_connection(ports.tcp[0], timeout=5) as deaf:
            deaf.setblocking(False)
            sent = 0
            try:
                while sent < 8 << 20:
                    sent += deaf.send(b"z" * 65536)
            except BlockingIOError:
                pass
            netlib.tcp_echo(ports.tcp[0], 200000, 8192)


def talking(cases, ports, machine):
    with cases.case("utilisation: the load generator's conversation"):
        talk = netlib.Talk(ports.talk[0])
        tap.check(talk.line().startswith("100 "), "greeting")
        tap.check(talk.ask("HELLO").startswith("200 "), "HELLO")
        tap.check(talk.ask("LOAD cpu_target_lukem").startswith("200 "), "LOAD")
        tap.check(talk.ask('SETUP args::""').startswith("200 "), "SETUP")
        talk.say("START")
        machine.expect("measurement starting", 5)
        netlib.tcp_echo(ports.tcp[0], 200000, 8192)
        tap.check(talk.ask("STOP").startswith("220 "), "STOP")
        size = int(talk.line().split(":")[1])
        _, idle, total = talk.rest(size).rstrip(b"\0").decode().split(",")
        tap.check(0 < int(idle) < int(total), f"idle {idle} of {total}")
        talk.say("QUIT")
        talk.close()
    with cases.case("a restarted network driver: service resumes, no buffer "
                    "is lost"):
        for _ in range(3):
            talk = netlib.Talk(ports.talk[0])
            talk.line()
            answer = talk.ask("RESTART")
            talk.close()
            tap.check(answer.startswith("200 "), answer)
            netlib.tcp_echo(ports.tcp[0], 100000, 8192, timeout=30)
            netlib.tcp_echo(ports.tcp[1], 100000, 8192, timeout=30)
        netlib.conserve(machine)


def main():
    cases = tap.Tap()
    net = qemu.UserNet()
    with qemu.Machine("echo", net=net, log="net-user") as machine:
        with cases.case("both clients obtain addresses"):
            machine.expect("DHCP request finished", 15)
            machine.expect("DHCP request finished", 15)
        ports = Ports(net)
        datagrams(cases, ports)
        streams(cases, ports)
        together(cases, ports)
        talking(cases, ports, machine)
        with cases.case("at rest: no fault, no buffer lost"):
            netlib.healthy(machine)
            netlib.conserve(machine)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
