# SPDX-License-Identifier: BSD-2-Clause
# Systems whose PDs attack each other and the kernel.
kernel_test_arch := tests/kernel/arch/$(ARCH)
kernel_test_print := tests/kernel/judge_print.c

programs += kernel_attack_judge.elf
kernel_attack_judge.elf_sources := tests/kernel/attack_judge.c \
	tests/kernel/attack_list.c $(kernel_test_arch)/attack_steps.S \
	tests/kernel/attack_none.c $(kernel_test_print)
kernel_attack_judge.elf_libs := base

programs += kernel_attacker.elf
kernel_attacker.elf_sources := tests/kernel/attacker.c \
	tests/kernel/attack_list.c $(kernel_test_arch)/attack_steps.S

programs += kernel_no_fpu.elf
kernel_no_fpu.elf_sources := tests/kernel/no_fpu.c $(kernel_test_arch)/attack_steps.S

programs += kernel_checker.elf
kernel_checker.elf_sources := tests/kernel/checker.c $(kernel_test_arch)/checker_lap.S
kernel_checker.elf_fpu := yes

programs += kernel_noise.elf
kernel_noise.elf_sources := tests/kernel/noise.c $(kernel_test_arch)/checker_lap.S
kernel_noise.elf_fpu := yes

systems += kernel-attack
kernel-attack_system := tests/kernel/attack.system
kernel-attack_programs := kernel_attack_judge.elf kernel_attacker.elf \
	kernel_no_fpu.elf kernel_checker.elf kernel_noise.elf

programs += kernel_fuzz_judge.elf kernel_fuzzer.elf kernel_fuzz_peer.elf
kernel_fuzz_judge.elf_sources := tests/kernel/fuzz_judge.c $(kernel_test_print)
kernel_fuzz_judge.elf_libs := base
kernel_fuzzer.elf_sources := tests/kernel/fuzzer.c $(kernel_test_arch)/fuzz_call.S
kernel_fuzz_peer.elf_sources := tests/kernel/fuzz_peer.c

systems += kernel-fuzz
kernel-fuzz_system := tests/kernel/fuzz.system
kernel-fuzz_programs := kernel_fuzz_judge.elf kernel_fuzzer.elf \
	kernel_fuzz_peer.elf kernel_checker.elf

programs += kernel_budget_judge.elf kernel_budget_child.elf
kernel_budget_judge.elf_sources := tests/kernel/budget_judge.c \
	$(kernel_test_print)
kernel_budget_judge.elf_libs := base
kernel_budget_child.elf_sources := tests/kernel/budget_child.c
programs += kernel_budget_storm.elf
kernel_budget_storm.elf_sources := tests/kernel/budget_storm.c

systems += kernel-budget
kernel-budget_system := tests/kernel/budget.system
kernel-budget_programs := kernel_budget_judge.elf kernel_budget_child.elf \
	kernel_budget_storm.elf

programs += kernel_random_judge.elf
kernel_random_judge.elf_sources := tests/kernel/random_judge.c \
	$(kernel_test_print)
kernel_random_judge.elf_libs := base

systems += kernel-random
kernel-random_system := tests/kernel/random.system
kernel-random_programs := kernel_random_judge.elf kernel_noise.elf \
	kernel_checker.elf

programs += kernel_sysreg_judge.elf
kernel_sysreg_judge.elf_sources := tests/kernel/sysreg_judge.c \
	$(kernel_test_print)
kernel_sysreg_judge.elf_libs := base

systems += kernel-sysreg
kernel-sysreg_system := tests/kernel/sysreg.system
kernel-sysreg_programs := kernel_sysreg_judge.elf kernel_noise.elf \
	kernel_checker.elf

programs += kernel_leak.elf
kernel_leak.elf_sources := tests/kernel/leak_server.c tests/kernel/leak_one.c \
	tests/kernel/leak_judge.c tests/kernel/leak_step.c \
	tests/kernel/leak_check.c $(kernel_test_arch)/leak_call.S

systems += kernel-leak
kernel-leak_system := tests/kernel/leak.system
kernel-leak_programs := kernel_leak.elf
