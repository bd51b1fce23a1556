# SPDX-License-Identifier: BSD-2-Clause
"""Debian's Linux in the machine that our systems run in."""

import os
import pathlib

import arch
import linux_initramfs
import linux_packages
import machine
import qemu
import runfile

# What makes this kernel as fast as it goes: no mitigations, no randomness, no
# auditing, nothing on the console, no second protocol to announce.
COMMAND_LINE = (f"console={arch.facts.LINUX_CONSOLE} quiet rdinit=/init "
                "mitigations=off nokaslr audit=0 ipv6.disable=1")

class LinuxMachine(qemu.Machine):
    """One run of QEMU with Linux; the same board, device and counter."""

    def __init__(self, net, args=(), icount=True, log="linux"):
        super().__init__("linux", config="release", net=net, args=args,
                         icount=icount, log=log)

    def machine_command(self):
        root = linux_packages.get()
        kernel = next(pathlib.Path(root, "boot").glob("vmlinuz-*"))
        initrd = os.path.join(qemu.log_directory(), "..", "bench", "linux",
                              "initramfs.cpio")
        pathlib.Path(initrd).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(initrd).write_bytes(linux_initramfs.archive())
        board = machine.Board(qemu.arguments().board)
        command = board.command("none", self.icount)
        command = arch.facts.linux_machine(command[:command.index("-device")])
        return [*command, "-kernel", str(kernel), "-initrd", initrd,
                "-append", COMMAND_LINE], board, runfile.RunFile()
