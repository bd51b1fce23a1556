# SPDX-License-Identifier: BSD-2-Clause
"""Kernel primitives: the guest counts its own instructions."""

import re

from qemu import Machine

RESULT = re.compile(r"BENCH (\w+) (\d+) (\d+)\n")
TIMEOUT = 60


def run_system(name):
    """Runs a system that prints BENCH lines; returns {name: per operation}."""
    figures = {}
    # sleep=off: idle time passes at once, nothing else is on the machine
    with Machine(name, config="release", icount=True,
                 args=["-icount", "shift=0,sleep=off"]) as m:
        while True:
            what, count, ticks = m.expect(RESULT, TIMEOUT).groups()
            if what == "end":
                return figures
            figures[what] = round(int(ticks) / int(count), 1)


def measure():
    figures = run_system("bench_primitives")
    figures.update(run_system("bench_fpu"))
    figures.update(run_system("bench_irq"))
    return figures
