# SPDX-License-Identifier: BSD-2-Clause
#
# The measured programs.  What is the architecture's is in bench/arch/$(ARCH):
# its headers are on the include path of every program here, and its arch.mk
# adds programs of its own.
bench_cflags := -Ibench/arch/$(ARCH)

bench_primitives_programs := bench_runner.elf bench_peer.elf bench_sink.elf
programs += $(bench_primitives_programs)
bench_runner.elf_sources := bench/primitives/runner.c bench/primitives/report.c
bench_runner.elf_cflags := $(bench_cflags)
bench_peer.elf_sources := bench/primitives/peer.c
bench_peer.elf_cflags := $(bench_cflags)
bench_sink.elf_sources := bench/primitives/sink.c
bench_sink.elf_cflags := $(bench_cflags)

programs += bench_fpu.elf bench_fpu_peer.elf
bench_fpu.elf_sources := bench/primitives/fpu.c bench/primitives/report.c
bench_fpu.elf_cflags := $(bench_cflags)
bench_fpu.elf_fpu := yes
bench_fpu_peer.elf_sources := bench/primitives/fpu_peer.c
bench_fpu_peer.elf_cflags := $(bench_cflags)
bench_fpu_peer.elf_fpu := yes

systems += bench_primitives bench_fpu
bench_fpu_system := bench/primitives/bench_fpu.system
bench_fpu_programs := bench_fpu.elf bench_fpu_peer.elf bench_peer.elf
bench_primitives_system := bench/primitives/bench_primitives.system

-include bench/arch/$(ARCH)/arch.mk
