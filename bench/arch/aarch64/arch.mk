# SPDX-License-Identifier: BSD-2-Clause
# From an interrupt to a program: the PD programs the user timer itself.
programs += bench_irq.elf
bench_irq.elf_sources := bench/arch/aarch64/irq.c bench/primitives/report.c
bench_irq.elf_cflags := $(bench_cflags)

systems += bench_irq
bench_irq_system := bench/arch/aarch64/bench_irq.system
bench_irq_programs := bench_irq.elf
