# SPDX-License-Identifier: BSD-2-Clause
"""What a packet costs when there are more clients, at the same total load.

Systems with 1, 2, 4 ... 32 echo servers behind one network device are made by
the tool from descriptions that are written here.  32 datagrams are in flight,
spread over all clients, or one, to each client in turn.
"""

import math

import batches
import commands
import counters
import curve
import echo
import frames
import made
import qemu
from rawnet import Host

CLIENTS = (1, 2, 4, 8, 16, 32)
IN_FLIGHT = (1, 32)
SIZE = 1472
PACKETS = 2048
GENERATOR = ("Batches (lib/batches.py): 1 UDP datagram, or 32, to all clients "
             "in turn, when all are back the next; every byte compared")

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
    qemu.build("echo", "release")
    return made.image(f"echo-{count}", description(count))


def point(count):
    """{in flight: instructions per packet} with so many clients."""
    image = build(count)
    wire = Host()
    found = {}
    with counters.Counters("release") as counter:
        with qemu.Machine(f"echo-{count}", config="release", net=wire,
                          icount=True,
                          args=[*counter.args, *batches.arguments()],
                          image=image) as machine:
            addresses = [wire.lease(frames.mac(mac(i)), 60)
                         for i in range(count)]
            if None in addresses:
                raise echo.Failure(f"no lease for one of {count} clients")
            for address in addresses:  # lwIP asks for our address once
                wire.udp_echo(address, echo.PORT, count=1)
            burst = batches.Burst(wire, machine, lambda: counter.read().total)
            load = batches.Batches(burst, addresses, echo.PORT, SIZE)
            for window in IN_FLIGHT:
                load.run(window, max(echo.WARM_UP, 4 * count))
                before = counter.read().total
                packets = load.run(window, PACKETS)
                found[window] = (counter.read().total - before) / packets
            commands.note("growth", [f"{count} clients"], machine, GENERATOR)
    wire.close()
    return found


def exponent(points):
    """Of the power law fitted to (x, y) by least squares of logarithms."""
    xs = [math.log(x) for x, _ in points]
    ys = [math.log(y) for _, y in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) \
        / sum((x - mx) ** 2 for x in xs)


def measure(findings):
    curves = {window: {} for window in IN_FLIGHT}
    for count in CLIENTS:
        for window, value in point(count).items():
            curves[window][count] = round(value)
    for window, points in curves.items():
        findings.figures[f"growth_exponent_w{window}"] = \
            round(exponent(list(points.items())), 3)
    # as a results file has it: keys are texts
    findings.tables["growth"] = {
        str(window): {str(count): value for count, value in points.items()}
        for window, points in curves.items()}


def name(window):
    return "1 at a time" if window == 1 else f"bursts of {window}"


def drawn(figures, table):
    """The curves as SVG."""
    return curve.draw(
        {name(w): {int(count): value
                   for count, value in table[str(w)].items()}
         for w in IN_FLIGHT},
        {name(w): figures[f"growth_exponent_w{w}"] for w in IN_FLIGHT},
        f"Instructions per echoed packet of {SIZE} bytes")
