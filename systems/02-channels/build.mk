# SPDX-License-Identifier: BSD-2-Clause
channels_names := ping pong calc broker client
programs += $(foreach n,$(channels_names),channels_$n.elf)
$(foreach n,$(channels_names),$(eval \
	channels_$n.elf_sources := systems/02-channels/$n.c))

systems += channels
channels_system := systems/02-channels/channels.system
channels_programs := $(foreach n,$(channels_names),channels_$n.elf)
