# SPDX-License-Identifier: BSD-2-Clause
"""What a packet costs when there are more clients, at the same total load.

Systems with 1, 2, 4 ... 32 echo servers behind one network device are made by
the tool from descriptions that are written here.  32 datagrams are in flight,
spread over all clients, or one, to each client in turn.
"""

import math
import os
import random
import struct
import subprocess
import time

import counters
import curve
import echo
import frames
import qemu
from rawnet import Host

CLIENTS = (1, 2, 4, 8, 16, 32)
IN_FLIGHT = (1, 32)
SIZE = 1472
PACKETS = 2048
TIMEOUT = 5
PORT = 4000  # ours

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<system limits="pride">
    <protection_domain name="meter" priority="254" fpu="false">
        <program_image path="echo_meter.elf"/>
    </protection_domain>
"""


def mac(client):
    return f"52:54:01:00:01:{client:02x}"


def description(count):
    """The text of a system with so many clients."""
    names = [f"client{i}" for i in range(count)]
    text = HEAD
    for i, name in enumerate(names):
        text += (f'    <protection_domain name="{name}" priority="97">\n'
                 f'        <program_image path="echo.elf"/>\n'
                 f'    </protection_domain>\n    <channel>\n'
                 f'        <end pd="{name}" id="60" pp="true" '
                 f'setvar_id="meter_channel"/>\n'
                 f'        <end pd="meter" id="{i}"/>\n    </channel>\n')
    for kind, device, more in (("serial", "serial0", ' rx="false"'),
                               ("timer", "timer0", ""), ("net", "net0", "")):
        text += f'    <subsystem class="{kind}" device="{device}"{more}>\n'
        for i, name in enumerate(names):
            address = f' mac="{mac(i)}"' if kind == "net" else ""
            text += f'        <client pd="{name}"{address}/>\n'
        text += "    </subsystem>\n"
    return text + "</system>\n"


def build(count):
    """Makes the system's image; returns its path."""
    args = qemu.arguments("release")
    qemu.build("echo", "release")
    directory = os.path.join(args.build_dir, "bench", f"echo-{count}")
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, "echo.system")
    with open(path, "w", encoding="utf-8") as file:
        file.write(description(count))
    sdk = os.path.join(args.build_dir, "sdk")
    image = os.path.join(directory, "loader.img")
    with open(os.path.join(directory, "build.log"), "w",
              encoding="utf-8") as log:
        subprocess.run(
            [os.path.join(sdk, "bin", "microkit"), path, "--board",
             args.board, "--config", "release", "--search-path",
             os.path.join(args.build_dir, "bin", args.board, "release"),
             "-o", image, "-r", os.path.join(directory, "report.txt")],
            check=True, stdout=log, stderr=log,
            env=dict(os.environ, MICROKIT_SDK=sdk))
    return image


class Load:
    """Verified echoes, spread over several addresses, in bursts: the machine
    stands still while a burst is sent, so that the size of its batches does
    not depend on how fast this program is."""

    def __init__(self, wire, machine, addresses, burst):
        self.wire = wire
        self.machine = machine
        self.addresses = addresses
        self.burst = burst
        self.sent = 0
        self.noise = random.Random(1).randbytes(SIZE + 256)

    def payload(self, number):
        start = number & 255
        return struct.pack("!I", number) + self.noise[start:start + SIZE - 4]

    def send(self):
        """A burst, round robin; returns {number: address}."""
        flight = {}
        for _ in range(self.burst):
            address = self.addresses[self.sent % len(self.addresses)]
            self.wire.send_udp(address, PORT, echo.PORT,
                               self.payload(self.sent))
            flight[self.sent] = address
            self.sent += 1
        return flight

    def receive(self, flight):
        """Takes the echoes; every byte must be as it was sent."""
        deadline = time.monotonic() + TIMEOUT
        while flight:
            if time.monotonic() > deadline:
                raise echo.Failure(f"growth: {len(flight)} echoes are lost")
            packet = self.wire.poll(0.05)
            if packet is None or packet.kind != "udp" or packet.dport != PORT:
                continue
            number = struct.unpack("!I", packet.data[:4].rjust(4))[0]
            if flight.pop(number, None) != packet.src or not \
                    packet.checksum_ok or packet.data != self.payload(number):
                raise echo.Failure(f"growth: echo {number} is wrong")

    def run(self, count):
        """At least so many echoes."""
        end = self.sent + count
        while self.sent < end:
            self.machine.command_qemu("stop")
            flight = self.send()
            self.machine.command_qemu("cont")
            self.receive(flight)


def point(count):
    """{in flight: instructions per packet} with so many clients."""
    image = build(count)
    wire = Host()
    found = {}
    with counters.Counters("release") as counter:
        with qemu.Machine(f"echo-{count}", config="release", net=wire,
                          icount=True, args=counter.args,
                          image=image) as machine:
            addresses = [wire.lease(frames.mac(mac(i)), 60)
                         for i in range(count)]
            if None in addresses:
                raise echo.Failure(f"no lease for one of {count} clients")
            for burst in IN_FLIGHT:
                load = Load(wire, machine, addresses, burst)
                load.run(max(echo.WARM_UP, 4 * count))
                before = counter.read().total
                load.run(PACKETS)
                found[burst] = (counter.read().total - before) / PACKETS
    wire.close()
    return found


def exponent(points):
    """Of the power law fitted to (x, y) by least squares of logarithms."""
    xs = [math.log(x) for x, _ in points]
    ys = [math.log(y) for _, y in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) \
        / sum((x - mx) ** 2 for x in xs)


def measure():
    curves = {window: {} for window in IN_FLIGHT}
    for count in CLIENTS:
        for window, value in point(count).items():
            curves[window][count] = round(value)
    figures = {f"growth_exponent_w{window}":
               round(exponent(list(points.items())), 3)
               for window, points in curves.items()}
    return figures | {"growth": curves}


def name(window):
    return "1 at a time" if window == 1 else f"bursts of {window}"


def draw(figures, path):
    """Writes the curves as SVG."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(curve.draw(
            {name(w): points for w, points in figures["growth"].items()},
            {name(w): figures[f"growth_exponent_w{w}"] for w in IN_FLIGHT},
            f"Instructions per echoed packet of {SIZE} bytes"))
