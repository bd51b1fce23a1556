#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""iperf3 on the host against a server of ours: TCP streams into the guest."""

import json
import shutil
import subprocess
import sys
import time

import qemu
import tap


def run(net, *options):
    """One run of the client; returns its report."""
    iperf3 = shutil.which("iperf3")
    if not iperf3:
        raise tap.Skipped("needs iperf3 (package iperf3)")
    port = net.port[("tcp", 5201)]
    done = subprocess.run(
        [iperf3, "-c", "127.0.0.1", "-p", str(port), "-J", *options],
        capture_output=True, text=True, timeout=60, check=False)
    report = json.loads(done.stdout)
    tap.check("error" not in report, f"iperf3 says: {report.get('error')}")
    return report["end"]


def main():
    cases = tap.Tap()
    net = qemu.UserNet()
    with qemu.Machine("net-iperf", net=net, config="release"):
        time.sleep(2)  # DHCP
        for amount in (1 << 20, 32 << 20):
            with cases.case(f"iperf3: {amount >> 20} MiB arrive"):
                end = run(net, "-n", str(amount))
                sent = end["sum_sent"]["bytes"]
                tap.check(sent >= amount, f"sent {sent}")
                tap.equal(end["sum_received"]["bytes"], sent, "received")
                rate = end["sum_sent"]["bits_per_second"] / 1e6
                qemu.note(f"{amount >> 20} MiB at {rate:.0f} Mbit/s")
        with cases.case("iperf3: another run is served as well"):
            run(net, "-n", "65536")
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
