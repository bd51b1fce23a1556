#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# run: alone
# cases: 14
# timeout: 120
"""Checksums left to the device: the echo system on a tap that offers that, and on
one where it is turned off.  Our packet socket sees which checksums are partial,
fills them in as a device would, and compares every byte; the kernel's own stack
is a peer, too."""

import os
import sys

import counters
import frames
import netlib
import netns
import qemu
import tap
import tapwire

NAME = "client0"


def stat(machine, name):
    return counters.System(machine).stats()["net_driver"][name]


def wrong(wire, got, sport, flags=0, start=0, offset=0):
    """Sends a datagram whose checksum is wrong; says whether it came back."""
    data = b"not what was sent" * 10
    frame = frames.ether(
        netlib.MACS[NAME], wire.mac, frames.ETHER_IP, frames.ip4(
            wire.ip, got, frames.UDP, frames.udp(
                wire.ip, got, sport, netlib.UDP_PORT, data)))
    broken = frame[:60] + bytes([frame[60] ^ 1]) + frame[61:]
    wire.send_as(broken, flags, start, offset)
    return wire.wait(lambda p: p.kind == "udp" and p.dport == sport,
                     0.5) is not None


def echoes(cases, wire, got, offload):
    with cases.case("every length from 4 to 1472 comes back, sound"):
        for size in range(4, 1473, 7):
            result = wire.udp_echo(got, netlib.UDP_PORT, size, 4, 8,
                                   seed=size)
            tap.equal((result.received, result.wrong), (8, 0), f"{size} B")
    with cases.case("the guest leaves checksums to the device"
                    if offload else "the guest computes its checksums"):
        before = wire.partial_received
        result = wire.udp_echo(got, netlib.UDP_PORT, 1000, 1, 100)
        tap.equal(result.received, 100)
        tap.equal(wire.partial_received - before, 100 if offload else 0)


def mistakes(cases, wire, got):
    with cases.case("a wrong checksum is dropped, the next echo comes"):
        tap.check(not wrong(wire, got, 5001), "echoed")
        tap.check(wire.ping(got), "no ping")
        result = wire.udp_echo(got, netlib.UDP_PORT, 200, 1, 10)
        tap.equal(result.received, 10)
    with cases.case("wrong in a frame of all complete ones: still dropped"):
        wire.leave_to_device = False
        result = wire.udp_echo(got, netlib.UDP_PORT, 200, 8, 100)
        tap.equal((result.received, result.wrong), (100, 0))
        tap.check(not wrong(wire, got, 5002), "echoed")
        wire.leave_to_device = True


def kernel_peer(cases, net):
    with cases.case("the kernel's own stack: UDP and TCP echoes"):
        script = ("import netlib, socket; "
                  "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
                  "s.settimeout(2); d = bytes(range(256)) * 5; "
                  "[(s.sendto(d[n:], ('10.0.2.15', 1235)), "
                  "s.recvfrom(2048)[0] == d[n:] or exit(1)) "
                  "for n in range(200)]; "
                  "netlib.tcp_echo(('10.0.2.15', 1236), 1 << 20, 65536, "
                  "timeout=60)")
        done = net.run(sys.executable, "-B", "-c", script, timeout=90)
        tap.check(done.returncode == 0, done.stderr[-500:])


def run(cases, offload):
    what = "offered" if offload else "turned off"
    with netns.TapNet(offload=offload) as net, \
            tapwire.TapHost(net) as wire, \
            qemu.Machine("echo", net=net, prefix=net.prefix,
                         log="net-offload") as machine:
        with cases.case(f"offload {what}: an address by DHCP"):
            got = wire.lease(netlib.MACS[NAME], 20)
            tap.check(got, "no lease")
        echoes(cases, wire, got, offload)
        mistakes(cases, wire, got)
        kernel_peer(cases, net)
        with cases.case(f"offload {what}: no fault, no reset, no buffer lost"):
            netlib.healthy(machine)
            tap.equal(stat(machine, "resets"), 0, "resets")
            tap.equal(stat(machine, "bad_checksum"), 0, "bad hints")
            netlib.conserve(machine, 25)


def main():
    cases = tap.Tap()
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [os.path.join(os.getcwd(), "tests", name) for name in ("net", "lib")]
        + [os.environ.get("PYTHONPATH", "")])
    why = netns.forbidden()
    if why:
        return cases.skip_all(why)
    for offload in (True, False):
        run(cases, offload)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
