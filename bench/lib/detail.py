# SPDX-License-Identifier: BSD-2-Clause
"""Of what kind the instructions of a row are, by plugin/detail.c."""

import time

import arch
import batches
import commands
import counters
import echo
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
MARKS = 1024
MARK_BEGIN, MARK_END, MARK_SLEEP = 1, 2, 3  # enum mark in kinds.h
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
            raise echo.Failure("the plugin has no space left")
        return dict(zip(FIGURES, self.read_words(2, len(FIGURES))))

    def windows(self):
        """{figure: value} of each pair of marks that the guest made; `woken`
        says that it slept between them: then of what came after."""
        found, begin, woken = [], None, False
        count = self.read_words(HEAD_WORDS - 1, 1)[0]
        for i in range(count):
            kind, *figures = self.read_words(
                HEAD_WORDS + i * (1 + len(FIGURES)), 1 + len(FIGURES))
            now = dict(zip(FIGURES, figures))
            if kind in (MARK_BEGIN, MARK_SLEEP):
                begin, woken = now, kind == MARK_SLEEP
            elif begin is not None:
                found.append(difference(begin, now) | {"woken": woken})
                begin = None
        return found


def difference(before, after):
    return {name: after[name] - before[name] for name in SHOWN}


def per_operation(figures, operations, whole=()):
    """Figures of a window, divided; those in `whole` are not."""
    return {name: value if name in whole else round(value / operations, 2)
            for name, value in figures.items() if name in SHOWN}


def marked(name):
    """Results and windows of a system that measures itself: its marks enclose
    its loops, in the order of its results."""
    with Detail() as detail:
        detail.count(BY_MARKS)
        with Machine(name, config="release", icount=True,
                     args=[*detail.args, "-icount", "shift=0,sleep=off"]) as m:
            results = []
            while not results or results[-1][0] != "end":
                name, count, ticks = m.expect(RESULT, 2 * TIMEOUT).groups()
                results.append((name, int(count), int(ticks)))
            commands.note("detail", [name for name, _, _ in results[:-1]], m,
                          commands.BY_ITSELF)
        return results[:-1], detail.windows()


def looped(results, windows):
    """Nothing sleeps in a loop, so its distinct lines are those of one
    operation done again and again."""
    agree(results, windows)
    return {name: per_operation(window, count, SUMS)
            for (name, count, _), window in zip(results, windows)}


def primitive_rows():
    """Calls and notifications, with the FPU too, and a wake-up."""
    # the last row has two windows: the one of few comes first
    (*results, (last, _, _)), (*windows, _, many) = marked("bench_primitives")
    rows = looped(results, windows)
    rows[last] = per_operation(many, NOTIFICATIONS, SUMS)
    rows |= looped(*marked("bench_fpu"))
    results, windows = marked("bench_irq")
    rows[results[0][0]] = per_operation(least(windows), 1)
    return rows


def least(windows):
    """The window with the fewest instructions."""
    return min(windows, key=lambda w: w["kernel"] + w["user"])


def agree(results, windows):
    """The guest's own clock and the plugin must have seen the same."""
    if len(windows) != len(results):
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


def batch_row(wire, machine, detail, address, port, size):
    """The same in whole batches."""
    load = batches.Batches(
        batches.Burst(wire, machine, detail.read), [address], port, size)
    detail.count(ON)
    load.run(echo.BATCH, echo.WARM_UP)
    before = detail.read()
    packets = load.run(echo.BATCH, PACKETS)
    after = detail.read()
    detail.count(OFF)
    return per_operation(difference(before, after), packets)


def all_rows(wire, machine, detail, address, ports):
    """Names end as those of echo.py; `ports` are by window."""
    for size in (1472, 64):
        for window, port in ports.items():
            yield f"udp_echo_{size}_w{window}", echo_row(
                wire, detail, address, port, size, window)
        yield f"udp_echo_{size}_b{echo.BATCH}", batch_row(
            wire, machine, detail, address, ports[32], size)


def idle_row(detail, seconds=echo.IDLE_SECONDS):
    """Per second, when nothing happens."""
    detail.count(ON)
    before = detail.read()
    time.sleep(seconds)
    after = detail.read()
    detail.count(OFF)
    return per_operation(difference(before, after), seconds)


def boot_row(wire, detail, timeout):
    """From reset until the first frame is out and all is quiet."""
    if wire.receive(timeout) is None:
        raise echo.Failure(f"no frame within {timeout} s")
    figures = echo.quiet(detail.read)
    detail.count(OFF)
    return per_operation(difference(dict.fromkeys(FIGURES, 0), figures), 1)


def boot():
    """Of the echo system; counted from before QEMU starts."""
    wire = Host()
    with Detail() as detail:
        detail.count(ON)
        with Machine("echo", config="release", net=wire, icount=True,
                     args=detail.args) as machine:
            commands.note("detail", ["boot_quiet"], machine,
                          "none: nobody answers")
            row = boot_row(wire, detail, 60)
    wire.close()
    return {"boot_quiet": row}


def echo_rows():
    wire = Host()
    with Detail() as detail:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=[*detail.args, *batches.arguments()]) as machine:
            address = echo.settled(wire, 120)
            rows = {"idle_per_second": idle_row(detail)}
            commands.note("detail", rows, machine, commands.QUIET)
            echoes = dict(all_rows(wire, machine, detail, address,
                                   {1: echo.PORT, 32: echo.PORT}))
            commands.note("detail", echoes, machine, commands.ECHO)
    wire.close()
    return rows | echoes


def linux_rows_of(wire, detail, machine):
    """Linux's rows, with the names of ours that they stand beside."""
    address = linux_rows.lease(wire)
    linux_rows.results(machine)
    wakes, rounds = [], []
    for window in detail.windows():
        (wakes if window["woken"] else rounds).append(window)
    yield "linux_irq_idle_to_user", per_operation(least(wakes), 1)
    yield ("linux_eventfd_pingpong",
           per_operation(least(rounds), linux_rows.PINGPONGS, SUMS))
    yield "linux_idle_per_second", idle_row(detail, linux_rows.IDLE_SECONDS)
    for name, row in all_rows(wire, machine, detail, address,
                              linux_rows.PORTS):
        yield "linux_" + name, row


def linux_boot():
    """From reset until the first frame is out; it is never quiet for long."""
    wire = Host()
    with Detail(arch.facts.LINUX_RANGES) as detail:
        detail.count(ON)
        with linux_rows.start(wire, detail.args) as machine:
            commands.note("detail", ["linux_boot_first_frame"], machine,
                          "none: nobody answers")
            if wire.receive(300) is None:
                raise echo.Failure("no frame from Linux within 300 s")
            row = difference(dict.fromkeys(FIGURES, 0), detail.read())
    wire.close()
    return {"linux_boot_first_frame": row}


def measure_linux():
    wire = Host()
    with Detail(arch.facts.LINUX_RANGES) as detail:
        detail.count(BY_MARKS)
        with linux_rows.start(wire, [*detail.args, *batches.arguments()]) \
                as machine:
            rows = dict(linux_rows_of(wire, detail, machine))
            commands.note("detail", rows, machine, linux_rows.ECHO)
    wire.close()
    return rows


def measure(findings):
    table = findings.tables.setdefault("detail", {})

    def into(measure_rows):
        table.update(measure_rows())
        return {}
    for name, measure_rows in (
            ("kinds of instructions: primitives", primitive_rows),
            ("kinds of instructions: boot", boot),
            ("kinds of instructions: echo", echo_rows),
            ("kinds of instructions: Linux", measure_linux),
            ("kinds of instructions: Linux's boot", linux_boot)):
        findings.step([name], lambda: into(measure_rows))  # pylint: disable=W0640
