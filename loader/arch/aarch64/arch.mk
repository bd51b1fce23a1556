# SPDX-License-Identifier: BSD-2-Clause
# What loader.elf is made of on AArch64.
loader_arch_sources := $(addprefix loader/arch/aarch64/,start.S cache.c map.c)
