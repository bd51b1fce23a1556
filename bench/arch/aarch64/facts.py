# SPDX-License-Identifier: BSD-2-Clause
"""What the bench must know of AArch64: where kernels execute and are entered,
and how Debian's Linux is built for and started on it."""

# An exception from user level enters the table at these offsets (Arm ARM,
# D1.10.2): synchronous, interrupt.
VECTORS = "vectors"
USER_ENTRIES = (0x400, 0x480)
IDLE = "arch_idle"  # a sleep that ends here is an interrupt taken

# Our kernel's text begins in this window and is not longer.
KERNEL_WINDOW = 0x100000
KERNEL_ALIGN = 0x10000

DEBIAN = "arm64"
CLANG = ("--target=aarch64-linux-gnu", "-mgeneral-regs-only")
LINUX_CONSOLE = "ttyAMA0"

# Where Linux's kernel may execute: physical memory (its boot and its page table
# switches run there) and the upper half; its processes are elsewhere.
LINUX_RANGES = ((0x40000000, 0xc0000000),
                (0xffff000000000000, 0xffffffffffffffff))


def linux_machine(words):
    """Linux is entered at EL1, where it runs anyway: entered at EL2 it would
    first set up its hypervisor.  Its figures are the same either way."""
    return [word.replace("virtualization=on", "virtualization=off")
            for word in words]
