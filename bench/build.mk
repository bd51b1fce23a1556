# SPDX-License-Identifier: BSD-2-Clause
bench_primitives_programs := bench_runner.elf bench_peer.elf bench_sink.elf
programs += $(bench_primitives_programs) bench_irq.elf
bench_runner.elf_sources := bench/primitives/runner.c bench/primitives/report.c
bench_peer.elf_sources := bench/primitives/peer.c
bench_sink.elf_sources := bench/primitives/sink.c
bench_irq.elf_sources := bench/primitives/irq.c bench/primitives/report.c

programs += bench_fpu.elf bench_fpu_peer.elf
bench_fpu.elf_sources := bench/primitives/fpu.c bench/primitives/report.c
bench_fpu.elf_fpu := yes
bench_fpu_peer.elf_sources := bench/primitives/fpu_peer.c
bench_fpu_peer.elf_fpu := yes

systems += bench_primitives bench_irq bench_fpu
bench_fpu_system := bench/primitives/bench_fpu.system
bench_fpu_programs := bench_fpu.elf bench_fpu_peer.elf bench_peer.elf
bench_primitives_system := bench/primitives/bench_primitives.system
bench_irq_system := bench/primitives/bench_irq.system
bench_irq_programs := bench_irq.elf

host_tests += bench_plugin_test
bench_plugin_test_sources := tests/unit/bench_plugin_test.c \
	bench/plugin/kinds.c
