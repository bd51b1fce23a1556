#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""Two network cards: two drivers, two networks, each with a client."""

import json
import shutil
import subprocess
import sys
import time

import qemu
import tap

SIZE = 262144
ATTEMPTS = 5  # the guest's first address takes a while


def once(iperf3, port):
    """Some data to a client; what arrived there."""
    try:
        done = subprocess.run(
            [iperf3, "-c", "127.0.0.1", "-p", str(port), "-J", "-n", str(SIZE)],
            capture_output=True, text=True, timeout=8, check=False)
    except subprocess.TimeoutExpired:
        return "no answer"
    report = json.loads(done.stdout)
    return report.get("error") or report["end"]["sum_received"]["bytes"]


def stream(net, usual):
    """Data arrives."""
    iperf3 = shutil.which("iperf3")
    if not iperf3:
        raise tap.Skipped("needs iperf3 (package iperf3)")
    for _ in range(ATTEMPTS):
        found = once(iperf3, net.port[("tcp", usual)])
        if found == SIZE:
            return
        time.sleep(1)
    raise tap.Failed(f"the last attempt ended with {found!r}")


def main():
    cases = tap.Tap()
    nets = [qemu.UserNet(0), qemu.UserNet(1)]
    with qemu.Machine("two-cards", net=nets, log="two-cards") as machine:
        machine.expect("Microkit Monitor started!", 20)
        for name, net, usual in (("first", nets[0], 5201),
                                 ("second", nets[1], 5202)):
            with cases.case(f"data arrives through the {name} card"):
                stream(net, usual)
        with cases.case("a card without a link: the other goes on"):
            machine.command_qemu("set_link", name="net0", up=False)
            stream(nets[1], 5202)
            machine.command_qemu("set_link", name="net0", up=True)
            stream(nets[0], 5201)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
