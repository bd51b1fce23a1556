# SPDX-License-Identifier: BSD-2-Clause
"""Kernel primitives: the guest counts its own instructions."""

import re

import commands
import counters
import echo
from qemu import Machine

RESULT = re.compile(r"BENCH (\w+) (\d+) (\d+)\n")
TIMEOUT = 60
WAKE = "irq_idle_to_user"
LOOPS = ("ppc_passive_0w", "ppc_passive_4w", "ppc_passive_8w", "ppc_active_0w",
         "notify_higher", "pingpong", "notify_noswitch")
FPU = ("ppc_passive_0w_fpu", "ppc_passive_0w_fpu_both")
AGREE = 8  # instructions between the two ways to measure a wake-up


def run_system(name, args=()):
    """Runs a system that prints BENCH lines; returns {name: per operation}."""
    figures = {}
    # sleep=off: idle time passes at once, nothing else is on the machine
    with Machine(name, config="release", icount=True,
                 args=["-icount", "shift=0,sleep=off", *args]) as m:
        while True:
            what, count, ticks = m.expect(RESULT, TIMEOUT).groups()
            if what == "end":
                commands.note("primitives", figures, m, commands.BY_ITSELF)
                return figures
            figures[what] = round(int(ticks) / int(count), 1)


def wake():
    """From the timer to a program: by the guest's counter, and by the plugin,
    which is how Linux is measured; they must agree."""
    with counters.Counters() as count:
        figures = run_system("bench_irq", count.args)
        seen = count.read().wake_least
    if abs(figures[WAKE] - seen) > AGREE:
        raise echo.Failure(f"{WAKE}: {figures[WAKE]} by the guest's counter, "
                           f"{seen} by the plugin")
    return figures


def measure(findings):
    findings.step(LOOPS, lambda: run_system("bench_primitives"))
    findings.step(FPU, lambda: run_system("bench_fpu"))
    findings.step([WAKE], wake)
