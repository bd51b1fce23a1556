#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A PD attacks; each attack must end as attack.txt says, and nobody else may
notice.  Afterwards a storm of 3000 faults and restarts."""

import os
import re
import sys

import qemu
import tap

HERE = os.path.dirname(os.path.abspath(__file__))


def wanted():
    """(name, what must be observed), in order."""
    with open(os.path.join(HERE, "attack.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, _, kind = line.strip().rpartition(": ")
                yield name, kind


def fields(line):
    """The name=number fields of a judge's line."""
    return {k: int(v, 0) for k, v in re.findall(r"\|([\w ]+)=(\w+)", line)}


def main():
    cases = tap.Tap()
    attacks = list(wanted())
    with qemu.Machine("kernel-attack") as machine:
        try:
            machine.expect("JUDGE|done", 60)
            machine.expect("\n", 5)
        except qemu.Timeout as timeout:
            qemu.note(str(timeout))
        lines = machine.lines()

    seen = [line.split("|") for line in lines if line.startswith("ATTACK|")]
    for at, (name, kind) in enumerate(attacks):
        found = seen[at][1:] if at < len(seen) else ["nothing seen"]
        cases.ok(found == [name, kind, "ok"], f"{name}: {kind}",
                 f"observed {found}")
    cases.ok(len(seen) == len(attacks), "no other attacks",
             f"{len(seen)} seen, {len(attacks)} in attack.txt")

    cases.ok("NOFPU|exception|class=7|ok" in lines,
             "a PD without the right to compute with vectors faults")
    ends = {line.split("|")[0]: fields(line) for line in lines
            if re.match(r"(STORM|CHECKER|JUDGE)\|", line)}
    storm = ends.get("STORM", {})
    cases.ok(storm.get("starts", 0) > 3000 and storm.get("notified") == 3000,
             "a storm of 3000 faults and restarts", str(storm))
    cases.ok(storm.get("state") == 4, "the attacker is stopped in the end",
             str(storm))
    cases.ok(ends.get("CHECKER") == {"errors": 0},
             "the neighbour's registers and memory never changed", str(ends))
    cases.ok(ends.get("JUDGE") == {"attacks": len(attacks), "failures": 0},
             "every fault had the right address", str(ends))
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
