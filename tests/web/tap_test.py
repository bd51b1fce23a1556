#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# cases: 5
# run: alone
# timeout: 200
"""The web server on a tap, with the host kernel's TCP as its peer: load as a
browser farm would make it."""

import os
import subprocess
import sys

import load
import netns
from qemu import Machine
from tap import Tap, check, equal
from weblib import READY

LIB = os.path.join(os.getcwd(), "tests", "lib")
URL = "http://10.0.2.15/style.css"
CASES = ("it obtains an address", "ab: 64 kept connections",
         "ab: a connection per request", "wrk: 90 connections",
         "afterwards nobody has crashed")


def run(tap, net):
    with Machine("webserver", net=net, prefix=net.prefix,
                 log="web-tap") as machine:
        with tap.case(CASES[0]):
            equal(machine.expect(READY, 30).group(1), "http://10.0.2.15/",
                  "address")
        with tap.case(CASES[1]):
            load.ab(URL, load.REQUESTS, 64, "-k", prefix=net.prefix)
        with tap.case(CASES[2]):
            load.ab(URL, 3000, 32, prefix=net.prefix)
        with tap.case(CASES[3]):
            load.wrk(URL, 90, 5, prefix=net.prefix)
        with tap.case(CASES[4]):
            done = net.run("curl", "-sS", "--fail", "-m", "10", URL)
            equal(done.returncode, 0, done.stderr)
            check("crashed" not in machine.text
                  and "MON|ERROR" not in machine.text, machine.text)


def main():
    tap = Tap()
    why = netns.forbidden()
    if why:
        return tap.skip_all(why)
    with netns.TapNet() as net:
        dhcpd = net.popen(sys.executable, "-B", LIB + "/dhcpd.py", "tap0",
                          "10.0.2.2", stdout=subprocess.PIPE)
        try:
            dhcpd.stdout.readline()
            run(tap, net)
        finally:
            dhcpd.terminate()
            dhcpd.wait()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
