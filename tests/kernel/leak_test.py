#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Nobody leaves the kernel with a neighbour's value, or the kernel's, in a
register: after every kind of switch each PD looks at all of them."""

import struct
import sys
import time

import counters
import qemu
import tap

# enum leak_pd, leak_kind and leak_wrong of leak.h, and the entries of
# leak_call.h
PDS = ["nobody", "one", "two", "server", "lent", "vector", "alarm", "rest",
       "judge", "clock"]
KINDS = [
    ("calls without words in the page", 1000),
    ("calls with words in the page", 1000),
    ("such calls were received", 1000),
    ("and such with words in the page", 1000),
    ("notifications were sent", 500),
    ("notifications were received", 500),
    ("calls were refused", 500),
    ("faults were resumed", 100),
    ("faults were received", 100),
    ("spins", 100),
    ("of these were interrupted", 50),
    ("uses of the FPU", 500),
    ("calls had to queue", 50),
    ("calls were repeated after a stop", 100),
    ("restarts amid a call", 100),
    ("operations on children", 1000),
    ("children's registers were read", 500),
    ("timer interrupts", 100)]
# with what was wanted, where that is one value
WRONGS = ["", "was not kept: {value}; it was {wanted}",
          "is not the PD's own: {value}",
          "is no proper result: {value}; wanted {wanted}",
          "is not what was sent: {value}; wanted {wanted}",
          "is not what belongs there: {value}; wanted {wanted}",
          "are not the PD's own: {value}; wanted {wanted}, after a call or 0",
          "of a restarted PD is {value}; wanted {wanted}",
          "of a child is not its own: {value}; the child is {pd}",
          "is not what was in the vector register: {value}; wanted {wanted}"]
ENTRIES = ["wait", "reply and wait", "call", "notify", "irq_ack", "pd_control",
           "no call", "fault", "spin", "vectors"]
NUMBERS = {31: "sp", 32: "tpidr_el0", 33: "flags", 34: "pc"}
KEY = 0x1ec1 << 48
HEAD = struct.Struct("<8Q")
SECONDS = 60


def name_of(number):
    """A register, or a word of the message page."""
    if number >= 64:
        return f"message word {number - 64}"
    return NUMBERS.get(number, f"x{number}")


def describe(value):
    """Whose value it is, if anybody's."""
    owner = value >> 48
    if 0 < owner < len(PDS):
        return (f"{PDS[owner]}'s {name_of(value >> 32 & 0xff)} "
                f"for {PDS[(value >> 40 & 0xff) % len(PDS)]}, "
                f"turn {value >> 12 & 0xfffff}, low bits {value & 0xfff:#x}")
    return hex(value - KEY if value >= KEY else value)


def finding(head):
    """The first error in words."""
    _, errors, who, entry, wrong, number, value, wanted = head
    if not errors:
        return "no error"
    what = WRONGS[wrong].format(value=describe(value), wanted=describe(wanted),
                                pd=PDS[wanted % len(PDS)])
    return (f"{errors} errors; the first: {PDS[who]}, {ENTRIES[entry]}: "
            f"{name_of(number)} {what}")


def run(cases, config):
    with qemu.Machine("kernel-leak", config) as machine:
        memory = counters.System(machine)
        deadline = time.monotonic() + SECONDS
        head = (0,) * 8
        while not head[0] and not head[1] and time.monotonic() < deadline:
            time.sleep(0.1)
            page = memory.read("leak")
            head = HEAD.unpack_from(page)
        counts = struct.unpack_from(f"<{len(KINDS)}Q", page, HEAD.size)
    cases.ok(head[1] == 0, f"{config}: every register is the PD's own, or was "
             "sent to it", finding(head))
    cases.ok(head[0] > 0, f"{config}: all rounds were made",
             f"{finding(head)}; {counts}")
    for (name, least), count in zip(KINDS, counts):
        cases.ok(count >= least, f"{config}: {name}",
                 f"{count}, at least {least} wanted")


def main():
    cases = tap.Tap()
    for config in "debug", "release":
        run(cases, config)
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
