#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runaway loops above everybody get their budget and no more."""

import sys

import qemu
import tap
from attack_test import fields


SPANS = 10  # as in budget_judge.c


def main():
    cases = tap.Tap()
    # virtual time that counts instructions and skips over wfi: the same
    # figures on a busy host
    with qemu.Machine("kernel-budget",
                      args=["-icount", "shift=0,sleep=off"]) as machine:
        try:
            machine.expect("JUDGE|done", 150)
        except qemu.Timeout as timeout:
            qemu.note(str(timeout))
        spans = [fields(line) for line in machine.lines()
                 if line.startswith("SHARE|")]

    cases.ok(len(spans) == SPANS, "all spans were measured", str(spans))
    # a look that is late delays what comes back: some allowance is never used
    for who, least, most in ("runaway", 196, 203), ("sleeper", 96, 101):
        mean = sum(share.get(who, 0) for share in spans) / max(len(spans), 1)
        cases.ok(least <= mean <= most, f"all spans: mean of the {who}",
                 str(spans))
    for number, share in enumerate(spans):
        name = f"span {number + 1}: "
        # what is delayed is missing in some spans, where depends on phases: of
        # 240 spans of four kernels the least were 189 and 89; never too much
        cases.ok(188 <= share.get("runaway", 0) <= 212,
                 name + "2 of 10 ms for the runaway", str(share))
        cases.ok(84 <= share.get("sleeper", 0) <= 105,
                 name + "1 of 10 ms for the sleeper", str(share))
        cases.ok(45 <= share.get("storm", 0) <= 55
                 and share.get("interrupts", 0) > 1000,
                 name + "half of 10 ms for the interrupt storm", str(share))
        twins = share.get("twin_a", 0), share.get("twin_b", 0)
        cases.ok(min(twins) > 310 and abs(twins[0] - twins[1]) <= 10,
                 name + "the rest is shared fairly", str(share))
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
