# SPDX-License-Identifier: BSD-2-Clause
"""How long an echo takes on the clock on the wall, ours by Linux's.

Both guests run at once, each in its QEMU, the one of all other rows, without a
plugin and without -icount; one sleeps while the other is asked, in turns.  Times
are those of this host under its load: only their ratio is reported.
"""

import contextlib
import statistics

import commands
import echo
import linux_rows
from qemu import Machine
from rawnet import Host

TURNS = 41
PACKETS = {1: 200, 32: 1600}
SIZES = (1472, 64)


def seconds(wire, address, port, size, window):
    """Of one packet."""
    count = PACKETS[window]
    result = wire.udp_echo(address, port, size=size, window=window,
                           count=count)
    if result.lost or result.wrong:
        raise echo.Failure(f"{result.lost} lost, {result.wrong} wrong")
    return result.seconds / count


def ratio(ours, linux, size, window):
    """Of the shortest times, which other work on the host disturbed least; and
    least, median and most of the turns' ratios."""
    mine, others = [], []
    for _ in range(TURNS):
        mine.append(seconds(*ours, echo.PORT, size, window))
        others.append(seconds(*linux, linux_rows.PORTS[window], size, window))
    found = [other / own for other, own in zip(others, mine)]
    return {"best": round(min(others) / min(mine), 2),
            "least": round(min(found), 2),
            "median": round(statistics.median(found), 2),
            "most": round(max(found), 2), "turns": TURNS}


def measure(findings):
    with contextlib.ExitStack() as stack:
        wires = [stack.enter_context(contextlib.closing(Host()))
                 for _ in range(2)]
        machine = stack.enter_context(
            Machine("echo", config="release", net=wires[0], log="wall"))
        other = stack.enter_context(
            linux_rows.start(wires[1], icount=False))
        ours = wires[0], echo.settled(wires[0], 60)
        linux = wires[1], linux_rows.lease(wires[1])
        linux_rows.results(other)
        table = findings.tables.setdefault("wall", {})
        for size in SIZES:
            for window in PACKETS:
                name = f"wall_udp_echo_{size}_w{window}"

                def one(size=size, window=window, name=name):
                    table[name] = ratio(ours, linux, size, window)
                    return {name: table[name]["best"]}
                findings.step([name], one)
        commands.note("wall", list(table), machine, commands.ECHO)
