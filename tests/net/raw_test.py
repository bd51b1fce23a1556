#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 240
"""The echo system on a raw wire: no rights needed on the host.

DHCP, ARP, ping, echo at every size, the wrong addresses, garbage, overload and
a restarted driver; at rest all buffers are counted.
"""

import random
import re
import sys
import time

import frames
import netlib
import qemu
import rawnet
import tap


def addresses(cases, wire, machine):
    got = {}
    with cases.case("both clients obtain their addresses by DHCP"):
        for name, mac in netlib.MACS.items():
            got[name] = wire.lease(mac, 15)
            tap.check(got[name], f"{name}: no lease")
        said = {}
        for _ in got:
            line = machine.expect(
                re.compile(r"netif (client\d) is: ([0-9.]+)\n"), 5)
            said[line.group(1)] = frames.ip(line.group(2))
        tap.equal(said, got)
    with cases.case("ARP: each client answers for its own address only"):
        for name, mac in netlib.MACS.items():
            tap.equal(wire.resolve(got[name]), mac, name)
        tap.equal(wire.resolve(frames.ip("10.0.2.99"), 0.5), None)
    with cases.case("ARP: no answer to a request for a neighbour's address "
                    "sent to the wrong client"):
        wire.neighbours.clear()
        wire.send(frames.ether(
            netlib.MACS["client1"], wire.mac, frames.ETHER_ARP,
            frames.arp(1, wire.mac, wire.ip, b"\0" * 6, got["client0"])))
        answer = wire.wait(lambda p: p.kind == "arp", 0.3)
        tap.equal(answer, None)
    for name, mac in netlib.MACS.items():
        wire.neighbours[got[name]] = mac
    return got


def ping(cases, wire, got):
    with cases.case("ping: sizes 0 to 1472 come back"):
        for name in got:
            for n, size in enumerate((0, 1, 17, 56, 511, 1024, 1471, 1472)):
                data = bytes(i & 255 for i in range(size))
                tap.check(wire.ping(got[name], data, 2, n),
                          f"{name}, {size} bytes")


def echo(cases, wire, got):
    with cases.case("UDP: every length from 4 to 1472"):
        for size in range(4, 1473):
            result = wire.udp_echo(got["client0"], netlib.UDP_PORT, size, 4, 4,
                                   seed=size)
            tap.check((result.received, result.wrong) == (4, 0),
                      f"{size} bytes: {result}")
    for size, window, count in ((64, 1, 2000), (64, 32, 20000),
                                (1472, 1, 1000), (1472, 32, 10000),
                                (1472, 64, 10000)):
        with cases.case(f"UDP: {count} of {size} bytes, {window} in flight: "
                        "none lost, none changed"):
            result = wire.udp_echo(got["client0"], netlib.UDP_PORT, size,
                                   window, count)
            netlib.note_rate(f"{size} B x{window}", result)
            tap.equal((result.received, result.lost, result.wrong),
                      (count, 0, 0))


def strangers(cases, wire, got, machine):
    with cases.case("frames for nobody are dropped and counted"):
        before = netlib.stats(machine)["net_virt_rx"]["no_client"]
        for n in range(50):
            wire.send(frames.ether(frames.mac("52:54:01:00:00:77"), wire.mac,
                                   0x0800, bytes([n]) * 60))
        tap.check(wire.ping(got["client0"]), "no ping")
        after = netlib.stats(machine)["net_virt_rx"]["no_client"]
        tap.equal(after - before, 50, "counted")
    with cases.case("a client gets no frame of its neighbour"):
        before = netlib.stats(machine)["net_copy_client1"]["packets"]
        wire.udp_echo(got["client0"], netlib.UDP_PORT, 64, 8, 500)
        after = netlib.stats(machine)["net_copy_client1"]["packets"]
        tap.equal(after - before, 0, "frames at client1")
    with cases.case("UDP to a closed port: the echo goes on"):
        for port in (1, 1234, 65535):
            wire.send_udp(got["client0"], 4000, port, b"anybody?")
        result = wire.udp_echo(got["client0"], netlib.UDP_PORT, 64, 1, 10)
        tap.equal(result.received, 10)


def noise(cases, wire, got, machine, count):
    for seed in (1, 2, 3):
        with cases.case(f"{count} frames of garbage, seed {seed}: service "
                        "goes on"):
            rng = random.Random(seed)
            for n in range(count):
                name = rng.choice(list(netlib.MACS))
                mac = netlib.MACS[name]
                if rng.random() < 0.1:
                    mac = frames.BROADCAST
                wire.send(netlib.garbage(rng, wire, mac, got[name]))
                if n % 32 == 31:
                    while wire.poll(0.0005) is not None:
                        pass
            settle(wire)
            serve(wire, got)
            netlib.healthy(machine)
    with cases.case("after the garbage no buffer is lost (fragments may wait "
                    "15 s for the rest)"):
        netlib.conserve(machine, 25)


def settle(wire):
    """Takes what still comes, until nothing does."""
    quiet = time.monotonic() + 0.4
    while time.monotonic() < quiet:
        if wire.poll(0.1) is not None:
            quiet = time.monotonic() + 0.4


def serve(wire, got):
    for name, address in got.items():
        wire.neighbours[address] = netlib.MACS[name]
        tap.check(wire.ping(address, timeout=3), f"{name} answers no ping")
        result = wire.udp_echo(address, netlib.UDP_PORT, 200, 4, 100)
        tap.equal((result.received, result.wrong), (100, 0), name)


def overload(cases, wire, got, machine):
    with cases.case("overload: 60 000 frames as fast as the host can, most "
                    "unanswered: service goes on, no buffer lost"):
        packets = []
        for name, address in got.items():
            for size in (18, 1472):
                packets.append(frames.ether(
                    netlib.MACS[name], wire.mac, frames.ETHER_IP, frames.ip4(
                        wire.ip, address, frames.UDP, frames.udp(
                            wire.ip, address, 5000, netlib.UDP_PORT,
                            b"x" * size))))
        packets.append(frames.ether(frames.BROADCAST, wire.mac, 0x0800,
                                    b"y" * 100))
        for n in range(60000):
            wire.send(packets[n % len(packets)])
        settle(wire)
        serve(wire, got)
        netlib.healthy(machine)
        netlib.conserve(machine)


def main():
    cases = tap.Tap()
    wire = rawnet.Host()
    for config in ("debug", "release"):
        wire = rawnet.Host()
        with qemu.Machine("echo", config, net=wire,
                          log="net-raw") as machine:
            if config == "debug":
                got = addresses(cases, wire, machine)
            else:
                got = {}
                with cases.case("release: both clients obtain addresses"):
                    for name, mac in netlib.MACS.items():
                        got[name] = wire.lease(mac, 15)
                        tap.check(got[name], f"{name}: no lease")
            if len([a for a in got.values() if a]) != 2:
                continue
            with cases.case(f"{config}: all buffers are there at the start"):
                netlib.conserve(machine)
            if config == "debug":
                ping(cases, wire, got)
                echo(cases, wire, got)
                strangers(cases, wire, got, machine)
            noise(cases, wire, got, machine, 3000)
            overload(cases, wire, got, machine)
        wire.close()
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
