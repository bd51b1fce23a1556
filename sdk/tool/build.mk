# SPDX-License-Identifier: BSD-2-Clause
# microkit: the tool that makes an image out of a system description.  One tool
# serves every architecture.
host_programs += microkit
microkit_sources := $(sort $(wildcard sdk/tool/*.c sdk/tool/arch/*/*.c))
microkit_cflags := -Isddf/include
microkit_ldlibs := -lexpat -lfdt
