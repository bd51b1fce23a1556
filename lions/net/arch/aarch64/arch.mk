# SPDX-License-Identifier: BSD-2-Clause
# What lions/net is on AArch64: checksums and copies in vector registers, and loads
# and stores at any address, since all of a client's memory is normal memory.
lions_net_arch_sources := $(addprefix lions/net/arch/aarch64/,checksum_blocks.c \
	copy_blocks.c)
lions_net_arch_cflags := -munaligned-access
lions_net_arch_fpu := yes
