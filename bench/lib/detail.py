# SPDX-License-Identifier: BSD-2-Clause
"""Of what kind the instructions of a row are, by plugin/detail.c."""

import sys
import time

import counters
import echo
import linux_guest
import linux_packages
import linux_rows
from plugins import Plugin
from primitives import RESULT, TIMEOUT
from qemu import Machine
from rawnet import Host

# enum figure in kinds.h, and what the table calls them
FIGURES = ("kernel", "user", "crossings", "sleeps", "switches", "tlbi",
           "cache", "dmb", "dsb", "isb", "mrs", "msr", "mmio", "loads",
           "stores", "load_bytes", "store_bytes", "ilines", "dlines", "none")
SHOWN = FIGURES[:-1]
HEAD_WORDS = 3 + len(FIGURES)  # enabled, overflow, figures, marks
OFF, ON, BY_MARKS = 0, 1, 2  # enabled
MARKS = 256
MARK_BEGIN, MARK_END = 0xaa1403f4, 0xaa1503f5  # mark.h
NOTIFICATIONS = 32  # in the window of notify_noswitch; few are in the other
PACKETS = 1000
SUMS = ("ilines", "dlines")  # of one interval, not per operation


class Detail(Plugin):
    """Live figures of one QEMU run; off until count(ON) or count(BY_MARKS)."""

    def __init__(self, ranges=None):
        words = HEAD_WORDS + MARKS * (1 + len(FIGURES))
        super().__init__("detail", words, ranges or counters.kernel_ranges())

    def count(self, how):
        self.write_word(0, how)

    def read(self):
        """{figure: value} so far."""
        if self.read_words(1, 1)[0]:
            raise echo.Failure("the plugin ran out of room")
        return dict(zip(FIGURES, self.read_words(2, len(FIGURES))))

    def windows(self):
        """{figure: value} of each pair of marks that the guest made."""
        found, begin = [], None
        count = self.read_words(HEAD_WORDS - 1, 1)[0]
        for i in range(count):
            kind, *figures = self.read_words(
                HEAD_WORDS + i * (1 + len(FIGURES)), 1 + len(FIGURES))
            now = dict(zip(FIGURES, figures))
            if kind == MARK_BEGIN:
                begin = now
            elif begin is not None:
                found.append(difference(begin, now))
                begin = None
        return found


def difference(before, after):
    return {name: after[name] - before[name] for name in SHOWN}


def per_operation(figures, operations, whole=()):
    """Figures of a window, divided; those in `whole` are not."""
    return {name: value if name in whole else round(value / operations, 2)
            for name, value in figures.items()}


def primitive_rows():
    """The guest's marks enclose its loops, in the order of its results.

    Nothing sleeps in a loop, so its distinct lines are those of one operation
    done again and again."""
    with Detail() as detail:
        detail.count(BY_MARKS)
        with Machine("bench_primitives", config="release", icount=True,
                     args=[*detail.args, "-icount", "shift=0,sleep=off"]) as m:
            results = []
            while not results or results[-1][0] != "end":
                name, count, ticks = m.expect(RESULT, 2 * TIMEOUT).groups()
                results.append((name, int(count), int(ticks)))
        windows = detail.windows()
    # the last row has two windows: the one of few comes first
    *others, (last, _, _), _ = results
    agree(others, windows)
    rows = {name: per_operation(window, count, SUMS)
            for (name, count, _), window in zip(others, windows)}
    rows[last] = per_operation(windows[-1], NOTIFICATIONS, SUMS)
    return rows


def agree(results, windows):
    """The guest's own clock and the plugin must have seen the same."""
    if len(windows) != len(results) + 2:
        raise echo.Failure(f"{len(windows)} windows of {len(results)} rows")
    for (name, _, ticks), window in zip(results, windows):
        seen = window["kernel"] + window["user"]
        if abs(seen - ticks) > ticks / 1000:
            raise echo.Failure(f"{name}: {ticks} by the guest's clock, "
                               f"{seen} by the plugin")


def one_by_one(wire, detail, address, port, size, count):
    """Echoes, each sent when the guest is done with the one before: it has to
    sleep in between however slow the plugin makes it."""
    for _ in range(count):
        result = wire.udp_echo(address, port, size=size, count=1)
        if result.lost or result.wrong:
            return result
        now, before = detail.read(), None
        while now != before:
            time.sleep(0.0001)
            now, before = detail.read(), now
    return result


def echo_row(wire, detail, address, port, size, window):
    """Per packet; lines are those touched since the last sleep, summed."""
    wire.udp_echo(address, port, size=size, window=window, count=echo.WARM_UP)
    detail.count(ON)
    before = detail.read()
    if window == 1:
        result = one_by_one(wire, detail, address, port, size, PACKETS)
    else:
        result = wire.udp_echo(address, port, size=size, window=window,
                               count=PACKETS)
    after = detail.read()
    detail.count(OFF)
    if result.lost or result.wrong:
        raise echo.Failure(f"{size} bytes, window {window}: {result.lost} "
                           f"lost, {result.wrong} wrong")
    return per_operation(difference(before, after), PACKETS)


def echo_rows():
    rows = {}
    wire = Host()
    with Detail() as detail:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=detail.args):
            address = wire.lease(echo.CLIENT, 120)
            if address is None:
                raise echo.Failure("no lease within 120 s")
            for size in (1472, 64):
                for window in (1, 32):
                    rows[f"udp_echo_{size}_w{window}"] = echo_row(
                        wire, detail, address, echo.PORT, size, window)
    wire.close()
    return rows


def linux_rows_of(wire, detail):
    """Linux's rows, with the names of ours they stand beside."""
    with linux_rows.start(wire, detail.args) as machine:
        address = linux_rows.lease(wire)
        linux_rows.results(machine)
        rounds = detail.windows()
        best = min(rounds, key=lambda r: r["kernel"] + r["user"])
        yield ("linux_eventfd_pingpong",
               per_operation(best, linux_rows.PINGPONGS, SUMS))
        for size in (1472, 64):
            for window, port in linux_rows.PORTS.items():
                yield (f"linux_udp_echo_{size}_w{window}",
                       echo_row(wire, detail, address, port, size, window))


def measure_linux():
    wire = Host()
    with Detail(linux_guest.KERNEL_RANGES) as detail:
        detail.count(BY_MARKS)
        rows = dict(linux_rows_of(wire, detail))
    wire.close()
    return rows


def measure():
    rows = primitive_rows() | echo_rows()
    try:
        rows |= measure_linux()
    except linux_packages.sources.Failure as failure:
        print(f"bench: detail without Linux: {failure}", file=sys.stderr)
    return {"detail": rows}
