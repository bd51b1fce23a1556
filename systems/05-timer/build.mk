# SPDX-License-Identifier: BSD-2-Clause
programs += timer_client.elf
timer_client.elf_sources := systems/05-timer/timer_client.c
timer_client.elf_libs := sddf_util_debug

systems += timer
timer_system := systems/05-timer/timer.system
timer_programs := timer_client.elf
