# SPDX-License-Identifier: BSD-2-Clause
"""Debian's Linux in the machine that our systems run in."""

import os
import pathlib

import linux_initramfs
import linux_packages
import machine
import qemu

# What makes this kernel as fast as it goes: no mitigations, no randomness, no
# auditing, nothing on the console, no second protocol to announce.
COMMAND_LINE = ("console=ttyAMA0 quiet rdinit=/init mitigations=off nokaslr "
                "audit=0 ipv6.disable=1")

# Where its kernel may execute: physical memory (its boot and its page table
# switches run there) and the upper half; its processes are elsewhere.
KERNEL_RANGES = ((0x40000000, 0xc0000000),
                 (0xffff000000000000, 0xffffffffffffffff))


class LinuxMachine(qemu.Machine):
    """One run of QEMU with Linux; the same board, device and counter.

    Linux is entered at EL1, where it runs anyway: entered at EL2 it would first
    set up its hypervisor.  Its figures are the same either way.
    """

    exception_level = 1

    def __init__(self, net, args=(), log="linux", prefix=()):
        super().__init__("linux", config="release", net=net, args=args,
                         icount=True, log=log, prefix=prefix)

    def machine_command(self):
        root = linux_packages.get()
        kernel = next(pathlib.Path(root, "boot").glob("vmlinuz-*"))
        initrd = os.path.join(qemu.log_directory(), "..", "bench", "linux",
                              "initramfs.cpio")
        pathlib.Path(initrd).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(initrd).write_bytes(linux_initramfs.archive())
        board = machine.Board(qemu.arguments().board)
        command = board.command("none", self.icount)
        at = command.index("-device")
        command[at:] = ["-kernel", str(kernel), "-initrd", initrd,
                        "-append", COMMAND_LINE]
        if self.exception_level == 1:
            at = command.index("-machine") + 1
            command[at] = command[at].replace("virtualization=on",
                                              "virtualization=off")
        return command, board, {}
