#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# run: alone
# cases: 10
# timeout: 240
"""The echo system on a tap in a network namespace, with the kernel's own network
stack and its tools as peers: ping, nc, nmap, tcpdump, scapy."""

import os
import re
import shutil
import subprocess
import sys
import time

import netlib
import netns
import qemu
import tap

LIB = os.path.join(os.getcwd(), "tests", "lib")
HERE = os.path.join(os.getcwd(), "tests", "net")


def need(program, package):
    if not shutil.which(program):
        raise tap.Skipped(f"needs {program} (package {package})")


def pings(cases, net):
    with cases.case("ping: 200, sizes 56 and 1472"):
        need("ping", "iputils-ping")
        for size in ("56", "1472"):
            done = net.run("ping", "-q", "-c", "200", "-i", "0.002", "-s",
                           size, "-W", "2", "10.0.2.15")
            tap.check(" 0% packet loss" in done.stdout, done.stdout)
    with cases.case("flood ping: 5000 answered"):
        need("ping", "iputils-ping")
        done = net.run("ping", "-q", "-f", "-c", "5000", "-W", "2",
                       "10.0.2.16", timeout=60)
        tap.check(" 0% packet loss" in done.stdout, done.stdout)
    with cases.case("neighbour table: each client has its own address"):
        done = net.run("ip", "neigh", "show", "dev", "tap0")
        for name, last in (("client0", 15), ("client1", 16)):
            mac = netlib.MACS[name].hex(":")
            tap.check(re.search(rf"10\.0\.2\.{last} lladdr {mac}",
                                done.stdout), done.stdout)


def echoes(cases, net):
    with cases.case("UDP and TCP echo by nc, both clients"):
        need("nc", "netcat-openbsd")
        for last in (15, 16):
            done = net.run("nc", "-u", "-w", "1", f"10.0.2.{last}", "1235",
                           input="hello\n")
            tap.equal(done.stdout, "hello\n", "UDP")
            done = net.run("nc", "-q", "1", f"10.0.2.{last}", "1236",
                           input="hello\n")
            tap.equal(done.stdout, "hello\n", "TCP")
    with cases.case("TCP echo: 8 MiB through the kernel's own stack"):
        script = ("import netlib; netlib.tcp_echo(('10.0.2.15', 1236), "
                  "8 << 20, 65536, timeout=60)")
        done = net.run(sys.executable, "-B", "-c", script, timeout=90)
        tap.check(done.returncode == 0, done.stderr[-500:])


def garbage(cases, net, machine):
    with cases.case("scapy's garbage: 2000 frames at each client, service "
                    "goes on"):
        try:
            import scapy  # noqa: F401 pylint: disable=unused-import
        except ImportError as error:
            raise tap.Skipped("needs python3-scapy") from error
        for last, name in ((15, "client0"), (16, "client1")):
            done = net.run(sys.executable, "-B", HERE + "/garbage.py", "tap0",
                           netlib.MACS[name].hex(":"), f"10.0.2.{last}",
                           "2000", str(last), timeout=120)
            tap.check(done.returncode == 0, done.stderr[-800:])
            tap.check(int(done.stdout.split()[-1]) > 1500, done.stdout)
        # what the garbage said about addresses is forgotten
        net.run("ip", "neigh", "flush", "dev", "tap0")
        for last in (15, 16):
            done = net.run("ping", "-q", "-c", "5", "-i", "0.2", "-W", "2",
                           f"10.0.2.{last}")
            tap.check(" 0% packet loss" in done.stdout, done.stdout)
        netlib.healthy(machine)


def scan(cases, net):
    with cases.case("port scan: exactly the open ports are open"):
        need("nmap", "nmap")
        done = net.run("nmap", "-n", "-Pn", "-p", "1-4000",
                       "--max-retries", "2", "10.0.2.15", timeout=120)
        found = set(re.findall(r"^(\d+)/tcp +open", done.stdout, re.M))
        tap.equal(found, {"1236", "1237"}, "open ports")


class Capture:
    """tcpdump while the tests run."""

    def __init__(self, net):
        self.path = os.path.join(qemu.log_directory(), "net-tap.pcap")
        self.process = None
        if shutil.which("tcpdump"):
            self.process = net.popen(
                "tcpdump", "-i", "tap0", "-w", self.path, "-U", "-s", "0",
                "-Z", "root", "-c", "30000", "ether", "src",
                netlib.MACS["client0"].hex(":"), stderr=subprocess.DEVNULL)
            time.sleep(0.5)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)

    def check(self):
        """Every frame's lengths and checksums are right."""
        import frames
        import struct
        with open(self.path, "rb") as file:
            data = file.read()
        at, count, bad = 24, 0, []
        while at + 16 <= len(data):
            size = struct.unpack_from("<I", data, at + 8)[0]
            packet = frames.Packet(data[at + 16:at + 16 + size])
            at += 16 + size
            count += 1
            if packet.kind in ("udp", "icmp") and not (
                    packet.checksum_ok and packet.header_ok):
                bad.append(packet.frame.hex())
            elif packet.kind == "tcp" and not packet.header_ok:
                bad.append(packet.frame.hex())
        tap.check(count > 100, f"{count} frames captured")
        tap.check(not bad, f"{len(bad)} of {count}: {bad[:2]}")


def run(cases, net):
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [HERE, LIB, os.environ.get("PYTHONPATH", "")])
    dhcpd = net.popen(sys.executable, "-B", LIB + "/dhcpd.py", "tap0",
                      "10.0.2.2", stdout=subprocess.PIPE)
    capture = Capture(net)
    try:
        dhcpd.stdout.readline()
        with qemu.Machine("echo", net=net, prefix=net.prefix,
                          log="net-tap") as machine:
            with cases.case("both clients obtain addresses"):
                machine.expect("DHCP request finished", 20)
                machine.expect("DHCP request finished", 20)
            swap = "client0 is: 10.0.2.16" in machine.text
            if swap:
                netlib.MACS.update(client0=netlib.MACS["client1"],
                                   client1=netlib.MACS["client0"])
            pings(cases, net)
            echoes(cases, net)
            with cases.case("frames from the guest are sound"):
                if not capture.process:
                    raise tap.Skipped("needs tcpdump")
                capture.stop()
                capture.check()
            scan(cases, net)
            garbage(cases, net, machine)
            with cases.case("at rest: no fault, no buffer lost"):
                netlib.healthy(machine)
                netlib.conserve(machine, 25)
    finally:
        capture.stop()
        dhcpd.terminate()
        dhcpd.wait()


def main():
    cases = tap.Tap()
    why = netns.forbidden()
    if why:
        return cases.skip_all(why)
    # tcpdump must see checksums as they are sent: offload_test.py has the others
    with netns.TapNet(offload=False) as net:
        run(cases, net)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
