#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""20 000 times a PD executes random instructions with random registers."""

import sys

import qemu
import tap
from attack_test import fields


def main():
    cases = tap.Tap()
    with qemu.Machine("kernel-random") as machine:
        try:
            machine.expect("JUDGE|done", 120)
        except qemu.Timeout as timeout:
            qemu.note(str(timeout))
        lines = machine.lines()

    faults = next((line.split("|label=")[1:] for line in lines
                   if line.startswith("RANDOM|faults")), [])
    done = next((fields(line) for line in lines
                 if line.startswith("RANDOM|done")), {})
    cases.ok(done.get("rounds") == 20000, "all rounds were run", str(done))
    cases.ok(done.get("refused") == 0, "the judge kept control", str(done))
    # ABI_FAULT_USER_EXCEPTION and ABI_FAULT_VM, nothing else
    cases.ok(len(faults) == 8 and int(faults[3]) > 10000
             and int(faults[6]) > 500, "both kinds of fault happened",
             str(faults))
    cases.ok(len(faults) == 8 and done.get("unknown") == 0
             and sum(map(int, faults)) == int(faults[3]) + int(faults[6]),
             "no other fault happened", f"{faults} {done}")
    cases.ok(done.get("endless", 0) > 0, "some went on until they were ended",
             str(done))
    cases.ok("CHECKER|alive|errors=0" in lines,
             "the neighbour's registers and memory never changed")
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
