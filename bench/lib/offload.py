# SPDX-License-Identifier: BSD-2-Clause
"""UDP echo over a tap, with checksums left to the device and without.

QEMU's socket back end cannot take checksums over, its tap can: the same frames
on a tap in a network namespace, once with the device's offers turned off.
"""

import commands
import counters
import echo
import netns
import tapwire
from findings import NotRun
from qemu import Machine

SIZE = 1472
GENERATOR = ("TapHost.udp_echo (tests/lib/tapwire.py): as over a socket, from a "
             "packet socket on tap0; datagrams leave with a partial checksum, "
             "which the kernel fills in where the device does not take it")


def rows(offload):
    """{row: Rounds} with the device's offers, or without."""
    kind = "_tap_offload" if offload else "_tap"
    found = {}
    with netns.TapNet(offload=offload) as net, tapwire.TapHost(net) as wire, \
            counters.Counters("release") as count, \
            Machine("echo", config="release", net=net, prefix=net.prefix,
                    icount=True, args=count.args) as machine:
        address = wire.lease(echo.CLIENT, 60)
        if address is None:
            raise echo.Failure("no lease over a tap within 60 s")
        for window in (1, 32):
            before = wire.partial_received
            found[f"udp_echo_{SIZE}_w{window}{kind}"] = echo.echo_row(
                wire, count, address, SIZE, window)
            if (wire.partial_received > before) != offload:
                raise echo.Failure("the guest left no checksum to the device"
                                   if offload else "a checksum was left out")
        commands.note("offload", found, machine, GENERATOR)
    return found


def measure(findings):
    why = netns.forbidden()
    if why:
        raise NotRun(why)
    for offload, kind in ((False, "_tap"), (True, "_tap_offload")):
        names = [f"udp_echo_{SIZE}_w{window}{kind}" for window in (1, 32)]
        findings.rounds(names, lambda: rows(offload))  # pylint: disable=W0640
