# SPDX-License-Identifier: BSD-2-Clause
#
# Builds everything under $(O)/.  One board and one configuration per run:
#
#   make [O=build] [BOARD=qemu_virt_aarch64] [CONFIG=debug|release|benchmark] TARGET
#
# Targets: all, sdk, tool, system-NAME, clean.  A folder that has something to
# build says so in its build.mk, in these terms (X is a file name, unique in
# the tree; sources are paths from the top):
#
#   programs += X.elf            a protection domain's program
#   X.elf_sources := a.c b.c
#   X.elf_libs := name ...       target libraries, libname.a
#   X.elf_cflags := -I...        extra compiler flags
#   X.elf_fpu := yes             floating-point registers allowed
#   libraries += libX.a          the same variables
#   host_programs += X           a program for the build machine
#   X_sources, X_cflags, X_ldlibs
#   systems += NAME              systems/.../NAME.system
#   NAME_system := systems/01-hello/hello.system
#   NAME_programs := hello.elf   all programs it needs
#   NAME_files := path ...       other files (prefill), found on the search path

O ?= build
BOARD ?= qemu_virt_aarch64
CONFIG ?= debug

CONFIGS := debug release benchmark
ifeq ($(filter $(CONFIG),$(CONFIGS)),)
$(error unknown CONFIG '$(CONFIG)'; there are: $(CONFIGS))
endif
ifeq ($(wildcard boards/$(BOARD)/board.mk),)
$(error unknown BOARD '$(BOARD)'; there are: $(notdir $(wildcard boards/*)))
endif
include boards/$(BOARD)/board.mk

SDK := $(O)/sdk
SDK_BOARD := $(SDK)/board/$(BOARD)/$(CONFIG)
OBJ := $(O)/obj/$(BOARD)/$(CONFIG)
BIN := $(O)/bin/$(BOARD)/$(CONFIG)
HOST_OBJ := $(O)/obj/host
TOOL := $(SDK)/bin/microkit

CC_TARGET := clang --target=$(CLANG_TARGET)
LD := ld.lld
AR := llvm-ar
HOST_CC := gcc

WARN := -Wall -Wextra -Werror -Wpedantic -Wconversion -Wsign-conversion \
	-Wshadow -Wvla -Wundef -Wstrict-prototypes -Wmissing-prototypes \
	-Wcast-qual -Wpointer-arith -Wswitch-enum -Wimplicit-fallthrough \
	-Wwrite-strings
COMMON := -std=c11 -g -fno-common -fno-strict-aliasing -fwrapv -MMD -MP
TARGET_CFLAGS := $(COMMON) -O2 -ffreestanding $(ARCH_CFLAGS) \
	-ffunction-sections -fdata-sections -fno-stack-protector \
	-fno-asynchronous-unwind-tables -I.
NO_FPU := $(ARCH_NO_FPU_CFLAGS)
USER_CFLAGS := -I$(SDK_BOARD)/include -Isddf/include -Ilions/include
HOST_CFLAGS := $(COMMON) -O1 -I.

programs :=
libraries :=
host_programs :=
systems :=
include $(sort $(wildcard build.mk */build.mk */*/build.mk */*/*/build.mk \
	*/*/*/*/build.mk))

.PHONY: all
.DEFAULT_GOAL := all
all: $(foreach s,$(systems),system-$s)

# --- rules made from the lists ------------------------------------------- #

obj_of = $(patsubst %,$(OBJ)/$1/%.o,$($1_sources))
fpu_flags = $(if $($1_fpu),,$(NO_FPU))

define program_rules
$(OBJ)/$1/%.c.o: %.c $(SDK_BOARD)/.headers
	@mkdir -p $$(@D)
	$$(Q)$(CC_TARGET) $(TARGET_CFLAGS) $(if $($1_raw),,$(USER_CFLAGS)) \
		$(WARN) $(call fpu_flags,$1) $($1_cflags) -c $$< -o $$@
$(OBJ)/$1/%.S.o: %.S $(SDK_BOARD)/.headers
	@mkdir -p $$(@D)
	$$(Q)$(CC_TARGET) $(TARGET_CFLAGS) $($1_cflags) -c $$< -o $$@
-include $$(wildcard $(patsubst %.o,%.d,$(call obj_of,$1)))
endef

define elf_rules
$(call program_rules,$1)
$(BIN)/$1: $(call obj_of,$1) $(foreach l,$($1_libs),$(BIN)/lib$l.a) \
	$(SDK_BOARD)/lib/libmicrokit.a $(SDK_BOARD)/lib/microkit.ld
	@mkdir -p $$(@D)
	$$(Q)$(LD) -L$(SDK_BOARD)/lib -L$(BIN) --gc-sections \
		$(call obj_of,$1) --start-group $(foreach l,$($1_libs),-l$l) \
		-lmicrokit $($1_ldlibs) --end-group -T microkit.ld -o $$@
endef

define library_rules
$(call program_rules,$1)
$(BIN)/$1: $(call obj_of,$1)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)$(AR) rcs $$@ $$^
endef

define host_rules
$(HOST_OBJ)/$1/%.c.o: %.c
	@mkdir -p $$(@D)
	$$(Q)$(HOST_CC) $(HOST_CFLAGS) $(WARN) $($1_cflags) -c $$< -o $$@
-include $$(wildcard $(patsubst %,$(HOST_OBJ)/$1/%.d,$($1_sources)))
$(O)/host/$1: $(patsubst %,$(HOST_OBJ)/$1/%.o,$($1_sources))
	@mkdir -p $$(@D)
	$$(Q)$(HOST_CC) $($1_ldflags) $$^ $($1_ldlibs) -o $$@
endef

define system_rules
.PHONY: system-$1
system-$1: $(O)/systems/$(BOARD)/$(CONFIG)/$1/loader.img
$(O)/systems/$(BOARD)/$(CONFIG)/$1/loader.img: $($1_system) $($1_files) \
	$(addprefix $(BIN)/,$($1_programs)) $(SDK_BOARD)/.complete
	@mkdir -p $$(@D)
	$$(Q)MICROKIT_SDK=$(abspath $(SDK)) $(TOOL) $($1_system) \
		--board $(BOARD) --config $(CONFIG) \
		--search-path $(BIN) $(dir $($1_system)) $($1_search) \
		-o $$@ -r $$(@D)/report.txt $($1_toolflags)
endef

$(foreach p,$(programs),$(eval $(call elf_rules,$p)))
$(foreach l,$(libraries),$(eval $(call library_rules,$l)))
$(foreach h,$(host_programs),$(eval $(call host_rules,$h)))
$(foreach s,$(systems),$(eval $(call system_rules,$s)))

.PHONY: clean
clean:
	rm -rf $(O)

ifndef V
Q := @
endif
