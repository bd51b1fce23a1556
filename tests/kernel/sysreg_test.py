#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Each of the 131072 system instructions once, by a PD: exactly those in
sysreg.txt are open to it."""

import os
import re
import sys

import qemu
import tap
from attack_test import fields

HERE = os.path.dirname(os.path.abspath(__file__))
OPEN = re.compile(r"OPEN\|(\w)\|op0=(\d+)\|op1=(\d+)\|crn=(\d+)\|crm=(\d+)"
                  r"\|op2=(\d+)$")


def wanted():
    """{encoding: name}"""
    with open(os.path.join(HERE, "sysreg.txt"), encoding="utf-8") as file:
        lines = [line.split(None, 6) for line in file
                 if line.strip() and not line.startswith("#")]
    return {tuple(line[:6]): line[6].strip() for line in lines}


def main():
    cases = tap.Tap()
    # virtual time follows instructions, so a busy host looks like an idle one
    with qemu.Machine("kernel-sysreg", icount=True) as machine:
        try:
            machine.expect("JUDGE|done", 120)
        except qemu.Timeout as timeout:
            qemu.note(str(timeout))
        lines = machine.lines()

    found = {m.groups() for m in map(OPEN.match, lines) if m}
    names = wanted()
    for encoding, name in names.items():
        way = {"r": "read", "w": "write"}[encoding[0]]
        cases.ok(encoding in found, f"open: {name}, {way}")
    more = sorted(found - set(names))
    cases.ok(not more, "nothing else is open", str(more))
    done = next((fields(line) for line in lines
                 if line.startswith("SYSREG|done")), {})
    cases.ok(done.get("tried") == 1 << 17 and done.get("odd") == 0
             and done.get("open", 0) + done.get("closed", 0) == 1 << 17,
             "every encoding was tried and understood",
             str([line for line in lines if line.startswith("SYSREG")]))
    cases.ok("CHECKER|alive|errors=0" in lines,
             "the neighbour's registers and memory never changed")
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
