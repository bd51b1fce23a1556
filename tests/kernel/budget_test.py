#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runaway loops above everybody get their budget and no more."""

import sys

import qemu
import tap
from attack_test import fields


def main():
    cases = tap.Tap()
    with qemu.Machine("kernel-budget", icount=True) as machine:
        try:
            machine.expect("JUDGE|done", 60)
        except qemu.Timeout as timeout:
            qemu.note(str(timeout))
        spans = [fields(line) for line in machine.lines()
                 if line.startswith("SHARE|")]

    # the first span ends at the first look at the clock: it has no length
    spans = spans[1:]
    cases.ok(len(spans) == 2, "two spans were measured", str(spans))
    for number, share in enumerate(spans):
        name = f"span {number + 1}: "
        cases.ok(190 <= share.get("runaway", 0) <= 210,
                 name + "2 of 10 ms for the runaway", str(share))
        # QEMU wakes late from wfi
        cases.ok(90 <= share.get("sleeper", 0) <= 160,
                 name + "1 of 10 ms for the sleeper", str(share))
        twins = share.get("twin_a", 0), share.get("twin_b", 0)
        cases.ok(min(twins) > 280 and abs(twins[0] - twins[1]) <= 20,
                 name + "the rest is shared fairly", str(share))
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
