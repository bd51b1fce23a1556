# SPDX-License-Identifier: BSD-2-Clause
"""UDP echo, boot and idle of the echo system: counted from outside.

The generator is a Host on QEMU's socket network device: it verifies every
byte of every echo.  Five protection domains are between the wire and lwIP's
client: driver, two virtualisers, copier, client.
"""

import os
import struct
import tempfile
import time

import counters
import frames
from qemu import Machine
from rawnet import Host

PORT = 1235
WARM_UP = 200
PACKETS = 4000
IDLE_SECONDS = 10
CLIENT = frames.mac("52:54:01:00:00:01")


class Failure(Exception):
    """A measurement that may not be reported."""


def echo_row(wire, count, address, size, window):
    """Instructions and kernel entries per echoed packet."""
    wire.udp_echo(address, PORT, size=size, window=window, count=WARM_UP)
    before = count.read()
    result = wire.udp_echo(address, PORT, size=size, window=window,
                           count=PACKETS)
    after = count.read()
    if result.lost or result.wrong:
        raise Failure(f"{size} bytes, window {window}: {result.lost} lost, "
                      f"{result.wrong} wrong of {PACKETS}")
    return ((after.total - before.total) / PACKETS,
            (after.entries - before.entries) / PACKETS)


def idle(count):
    """Instructions per second when nothing happens."""
    before = count.read()
    time.sleep(IDLE_SECONDS)
    return (count.read().total - before.total) / IDLE_SECONDS


def first_frame_ns(pcap):
    """Virtual time of the first captured frame; one instruction each."""
    with open(pcap, "rb") as file:
        header = file.read(24)
        record = file.read(16)
    if len(record) < 16:
        raise Failure("no frame was captured")
    order = "<" if header[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    seconds, micro = struct.unpack(order + "II", record[:8])
    return (seconds * 1000000 + micro) * 1000


# QEMU stamps captured frames with virtual time since what the machine's clock
# said at reset: 1970, if both sides agree on the time zone.
UTC = ("env", "TZ=UTC")


def capture(pcap):
    """QEMU arguments that write the frames of net0 to a file."""
    return ["-rtc", "base=1970-01-01T00:00:00", "-object",
            f"filter-dump,id=dump,netdev=net0,file={pcap}"]


def boot():
    """Instructions from reset to the first Ethernet frame, to 1000."""
    descriptor, pcap = tempfile.mkstemp(suffix=".pcap")
    os.close(descriptor)
    wire = Host()
    try:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=capture(pcap), prefix=UTC):
            if wire.lease(CLIENT, 20) is None:
                raise Failure("no lease within 20 s")
        return first_frame_ns(pcap)
    finally:
        wire.close()
        os.unlink(pcap)


def measure():
    figures = {"boot_echo": boot()}
    wire = Host()
    with counters.Counters("release") as count:
        with Machine("echo", config="release", net=wire, icount=True,
                     args=count.args):
            address = wire.lease(CLIENT, 60)
            if address is None:
                raise Failure("no lease within 60 s")
            time.sleep(2)
            figures["idle_per_second"] = round(idle(count))
            for size in (1472, 64):
                for window in (1, 32):
                    insns, entries = echo_row(
                        wire, count, address, size, window)
                    figures[f"udp_echo_{size}_w{window}"] = round(insns)
                    if size == 1472:
                        figures[f"kernel_entries_per_packet_w{window}"] = \
                            round(entries, 2)
    wire.close()
    return figures
