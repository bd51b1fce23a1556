#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 600
"""Boots every system and compares its console with its expect.txt.

Systems with a network get QEMU's own one.  Debug configuration; a file
expect-CONFIG.txt beside it is compared in that configuration.
"""

import os
import re
import sys

import expect
import qemu
import runfile
import tap
import tree


def one(case, system, path, config):
    with case.case(f"{system.name}, {config}: console as expected"):
        with open(path, encoding="utf-8") as file:
            wanted = expect.Expectation(file.read())
        nets = runfile.of(system).of_kind("net")
        net = [qemu.UserNet(number) for number in range(len(nets))]
        with qemu.Machine(system.name, config, net=net,
                          log="expect-" + system.name) as machine:
            problem = expect.run(machine, wanted)
        tap.check(not problem, problem)


def main():
    cases = tap.Tap()
    for system in tree.all_systems(qemu.arguments()):
        if re.match(r"bench/|tests/(kernel|net|web)/", system.description):
            continue
        found = False
        for config in tree.CONFIGS:
            end = "" if config == "debug" else "-" + config
            path = os.path.join(system.directory, f"expect{end}.txt")
            named = os.path.join(system.directory,
                                 f"{system.name}.expect{end}.txt")
            path = named if os.path.exists(named) else path
            if os.path.exists(path):
                found = True
                one(cases, system, path, config)
        if not found:
            cases.ok(False, f"{system.name}: has an expect.txt",
                     system.directory)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
