# SPDX-License-Identifier: BSD-2-Clause
"""Of what kind the instructions of a row are, by plugin/detail.c."""

import counters
import echo
import frames
from plugins import Plugin
from primitives import RESULT, TIMEOUT
from qemu import Machine
from rawnet import Host

# enum figure in detail.c, and what the table calls them
FIGURES = ("kernel", "user", "crossings", "sleeps", "switches", "tlbi",
           "cache", "dmb", "dsb", "isb", "mrs", "msr", "mmio", "loads",
           "stores", "load_bytes", "store_bytes", "ilines", "dlines", "none")
SHOWN = FIGURES[:-1]
HEAD_WORDS = 3 + len(FIGURES)  # enabled, overflow, figures, marks
MARKS = 256
MARK_BEGIN, MARK_END = 0xaa1403f4, 0xaa1503f5  # mark.h
NOTIFICATIONS = 32  # in the window of notify_noswitch; few are in the other
SUMS = ("ilines", "dlines")  # of one interval, not per operation


class Detail(Plugin):
    """Live figures of one QEMU run; off until `enable`."""

    def __init__(self, ranges=None):
        words = HEAD_WORDS + MARKS * (1 + len(FIGURES))
        super().__init__("detail", words, ranges or counters.kernel_ranges())

    def enable(self, on=True):
        self.write_word(0, int(on))

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
    results = []
    with Detail() as detail:
        detail.enable()
        with Machine("bench_primitives", config="release", icount=True,
                     args=[*detail.args, "-icount", "shift=0,sleep=off"]) as m:
            while not results or results[-1][0] != "end":
                name, count, _ = m.expect(RESULT, 5 * TIMEOUT).groups()
                results.append((name, int(count)))
            windows = detail.windows()
    counts = dict(results[:-1], notify_noswitch=NOTIFICATIONS)
    # the last row has two windows: the one of few comes first
    del windows[len(counts) - 1]
    return {name: per_operation(window, count, SUMS)
            for (name, count), window in zip(counts.items(), windows)}


def echo_rows(wire, detail, address, ports):
    """Echo rows; lines are those touched since the last sleep, summed."""
    rows = {}
    for size in (1472, 64):
        for window in (1, 32):
            wire.udp_echo(address, ports[window], size=size, window=window,
                          count=echo.WARM_UP)
            detail.enable()
            before = detail.read()
            result = wire.udp_echo(address, ports[window], size=size,
                                   window=window, count=echo.PACKETS)
            after = detail.read()
            detail.enable(False)
            if result.lost or result.wrong:
                raise echo.Failure(f"{size} bytes, window {window}: "
                                   f"{result.lost} lost, {result.wrong} wrong")
            rows[f"udp_echo_{size}_w{window}"] = per_operation(
                difference(before, after), echo.PACKETS)
    return rows


def measure():
    rows = primitive_rows()
    wire = Host()
    with Detail() as detail:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=detail.args):
            address = wire.lease(frames.mac("52:54:01:00:00:01"), 120)
            if address is None:
                raise echo.Failure("no lease within 120 s")
            rows.update(echo_rows(wire, detail, address,
                                  {1: echo.PORT, 32: echo.PORT}))
    wire.close()
    return rows
