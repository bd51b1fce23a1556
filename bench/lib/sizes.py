# SPDX-License-Identifier: BSD-2-Clause
"""Sizes of what is trusted by everybody."""

import subprocess

import commands
import counters
import qemu


def measure(findings):
    findings.step(["kernel_text_bytes"], kernel_text)


def kernel_text():
    qemu.build("bench_irq", "release")
    command = ["llvm-size", "-A", "-d", counters.kernel_elf("release")]
    commands.note_text("sizes", ["kernel_text_bytes"],
                       commands.readable(command), "none: nothing runs")
    text = subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    total = 0
    for line in text.splitlines():
        fields = line.split()
        if fields and fields[0].startswith(".text"):
            total += int(fields[1])
    return {"kernel_text_bytes": total}
