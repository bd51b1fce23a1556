#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""40 000 system calls with every kind of value in every register and in the
message page, while the caller is stopped, resumed and restarted."""

import sys

import qemu
import tap
from attack_test import fields

CALLS = 40000
# enum err: results that calls other than wait must have produced
SEEN = {0: "ERR_OK", 1: "ERR_CALL", 2: "ERR_CHANNEL", 3: "ERR_RIGHT",
        4: "ERR_CHILD", 5: "ERR_LENGTH", 6: "ERR_RANGE", 8: "ERR_STOPPED",
        9: "ERR_UNSUPPORTED"}


def line_of(lines, start):
    return next((line for line in lines if line.startswith(start)), "")


def main():
    cases = tap.Tap()
    with qemu.Machine("kernel-fuzz") as machine:
        try:
            machine.expect("JUDGE|done", 120)
        except qemu.Timeout as timeout:
            qemu.note(str(timeout))
        lines = machine.lines()

    results = line_of(lines, "FUZZ|results").split("|err=")[1:]
    events = fields(line_of(lines, "FUZZ|events"))
    done = fields(line_of(lines, "FUZZ|done"))
    meddled = fields(line_of(lines, "FUZZ|interference"))
    cases.ok(done.get("calls", 0) >= CALLS, f"{CALLS} calls were made",
             str(done))
    cases.ok(done.get("errors") == 0, "each result was one that may be, and "
             "no other register changed", line_of(lines, "FUZZ|first error"))
    cases.ok(done.get("faults") == 0, "the caller never faulted",
             line_of(lines, "FUZZ|fault"))
    for err, name in SEEN.items():
        cases.ok(len(results) > err and int(results[err]) > 0,
                 f"{name} was among the results", str(results))
    for kind in "notifications", "calls", "faults":
        cases.ok(events.get(kind, 0) > 0, f"{kind} were received",
                 str(events))
    cases.ok(meddled.get("stops", 0) > 20 and meddled.get("restarts", 0) > 3
             and meddled.get("refused") == 0,
             "the caller was stopped and restarted meanwhile", str(meddled))
    cases.ok(fields(line_of(lines, "CHECKER|")) == {"errors": 0},
             "the neighbour's registers and memory never changed",
             line_of(lines, "CHECKER|"))
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
