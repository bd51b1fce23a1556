# SPDX-License-Identifier: BSD-2-Clause
#
# Builds everything under $(O)/.  One board and one configuration per run:
#
#   make [O=build] [BOARD=qemu_virt_aarch64] [CONFIG=debug|release|benchmark]
#        [V=1] [WERROR=1] TARGET
#
# V=1 shows the commands.  WERROR=1 makes warnings errors, as the tests do: another
# compiler's new warning must not stop a user's build.  It is not among the flags
# whose change makes objects again, so that tests and runs share them.
#
# Targets: all, sdk, tool, bin, tests, system-NAME, inputs-NAME (what its
# description names), print-systems, print-search, clean.
#
# A directory that has something to build says so in its build.mk, in these terms.
# X is a file name, unique in the tree; sources are paths from the top.
#
#   programs += X.elf            a protection domain's program
#   X.elf_sources := a.c b.S
#   X.elf_libs := name ...       target libraries, libname.a
#   X.elf_cflags := -I...        extra compiler flags
#   X.elf_fpu := yes             floating-point registers allowed
#   X.elf_libc := picolibc       C library: headers and libc.a
#   X.elf_foreign := yes         third-party code: no warnings
#   X.elf_ldflags, X.elf_ldlibs  extra linker arguments
#   X.elf_raw := yes             no SDK headers, no SDK libraries
#   X.elf_ldscript := x.ld       instead of microkit.ld; it may use the symbols
#                                IMAGE_BASE and KERNEL_BASE
#   X.elf_offsets := dir/o.c     makes the header dir/o.h (see "offsets" below)
#   libraries += libX.a          the same variables, except the linker's
#   host_programs += X           a program for the build machine, $(O)/host/X
#   X_sources, X_cflags, X_ldflags, X_ldlibs; X_first: flags before all others
#   X_unsanitized := yes         a test without the sanitizers' run time
#   host_tests += X              a cmocka test under sanitizers, $(O)/tests/X;
#                                the variables of host_programs
#   host_parts += X              what several tests link, compiled once for all:
#                                X_sources, X_cflags; a test T says T_parts := X
#   systems += NAME              $(O)/systems/BOARD/CONFIG/NAME/loader.img
#   NAME_system := systems/01-hello/hello.system
#   NAME_programs := hello.elf   all programs of its own that it needs
#   NAME_files := path ...       other files (prefill), found on the search path
#   NAME_search := dir ...       more directories to search
#   NAME_toolflags
#
# A system outside the tree: OUTSIDE=/dir/NAME.system adds it, and what a build.mk
# in its directory says in the same terms, with $(HERE)/ in front of its sources.
# If that lists no system, NAME is one, with all its programs.  Its programs are
# made in a directory of their own: it finds none of ours beside the SDK's.
#
# What goes into the SDK:
#
#   sdk_include_dirs += DIR      every file below DIR, as include/...
#   sdk_elfs += kernel.elf       programs in board/B/C/elf
#   sdk_libs += libmicrokit.a    libraries in board/B/C/lib
#   and without being named: sdk/microkit.ld, abi and base headers, board.xml,
#   board.dtb, and of the device framework what a system outside this tree needs:
#   sddf/drivers/*/*/driver.xml; sddf/include and lions/include, in directories of
#   their own, since one may have sDDF's headers in their place; every program
#   whose first source lies in sddf/ or lions/, in board/B/C/components, and every
#   library whose first source lies in sddf/, in board/B/C/lib.
#
# Third-party sources are unpacked under $(DEPS) by `./pride setup`; $(LWIP) and
# $(HTTP_PARSER) are two of them.

O ?= build
override O := $(abspath $O)
BOARD ?= qemu_virt_aarch64
CONFIG ?= debug
DEPS ?= build/deps

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

CONFIGS := debug release benchmark
ifeq ($(filter $(CONFIG),$(CONFIGS)),)
$(error unknown CONFIG '$(CONFIG)'; there are: $(CONFIGS))
endif
ifeq ($(wildcard boards/$(BOARD)/board.mk),)
$(error unknown BOARD '$(BOARD)'; there are: $(notdir $(wildcard boards/*)))
endif

# What the build needs of a board's numbers and kinds: board.xml has them.
# ARCH/arch.mk of a directory says what depends on the architecture.
board_fact = $(shell awk -f sdk/config/board_fact.awk -v element=$1 \
	-v attribute=$2 boards/$(BOARD)/board.xml)
ARCH := $(call board_fact,board,arch)
IRQCHIP := $(call board_fact,irqchip,kind)
CONSOLE := $(call board_fact,console,kind)
IMAGE_BASE := $(call board_fact,image,base)
include boards/$(BOARD)/board.mk
ifeq ($(wildcard sdk/arch/$(ARCH)/arch.mk),)
$(error board '$(BOARD)': no files for architecture '$(ARCH)' in sdk/arch)
endif
include sdk/arch/$(ARCH)/arch.mk

# The loader's part of the image; the kernel comes next.
LOADER_SIZE := 0x10000

SDK := $(O)/sdk
SDK_BOARD := $(SDK)/board/$(BOARD)/$(CONFIG)
OBJ := $(O)/obj/$(BOARD)/$(CONFIG)
BIN := $(O)/bin/$(BOARD)/$(CONFIG)
OUTSIDE_BIN := $(O)/outside$(dir $(OUTSIDE))$(BOARD)/$(CONFIG)
search = $(if $(filter $1,$(outside_systems)),$(OUTSIDE_BIN),$(BIN)) \
	$(patsubst %/,%,$(dir $($1_system))) $($1_search) $(sort $(dir $($1_files)))
# where a program or library is made
binary = $(if $(filter $1,$(outside)),$(OUTSIDE_BIN),$(BIN))/$1
SYS := $(O)/systems/$(BOARD)/$(CONFIG)
HOST_OBJ := $(O)/obj/host
TOOL := $(SDK)/bin/microkit
LWIP := $(DEPS)/lwip
HTTP_PARSER := $(DEPS)/http-parser

CC_TARGET := clang --target=$(CLANG_TARGET)
LD := ld.lld
AR := llvm-ar
HOST_CC := gcc

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion \
	-Wshadow -Wvla -Wundef -Wstrict-prototypes -Wmissing-prototypes \
	-Wcast-qual -Wpointer-arith -Wswitch-enum -Wimplicit-fallthrough \
	-Wwrite-strings
STRICT := $(if $(WERROR),-Werror)
COMMON := -std=c11 -g -fno-common -fno-strict-aliasing -fwrapv -MMD -MP
TARGET_CFLAGS := $(COMMON) -O2 -ffreestanding $(BOARD_CFLAGS) $(ARCH_CFLAGS) \
	-ffunction-sections -fdata-sections -fno-stack-protector \
	-fno-asynchronous-unwind-tables
NO_FPU := $(ARCH_NO_FPU_CFLAGS)
HOST_CFLAGS := $(COMMON) -O1 -I. -D_GNU_SOURCE
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
TEST_CFLAGS := $(SANITIZE) -Itests/unit/fake -Isddf/include -Ilions/include

programs :=
libraries :=
host_programs :=
host_tests :=
host_parts :=
systems :=
sdk_include_dirs :=
sdk_elfs :=
sdk_libs :=
# What lies below build may be another tree (tests/fresh makes some).
include $(sort $(filter-out build/%,$(wildcard build.mk */build.mk */*/build.mk \
	*/*/*/build.mk */*/*/*/build.mk */*/*/*/*/build.mk */*/*/*/*/*/build.mk)))

# --- a system outside the tree --------------------------------------------- #

ifdef OUTSIDE
HERE := $(patsubst %/,%,$(dir $(OUTSIDE)))
ours := $(programs) $(libraries) $(host_programs) $(host_tests) $(systems)
-include $(wildcard $(HERE)/build.mk)
all_names = $(programs) $(libraries) $(host_programs) $(host_tests) $(systems)
outside := $(filter-out $(ours),$(programs) $(libraries))
outside_systems := $(filter-out $(ours),$(systems))
# unless build.mk has said it: the system, with all programs
ifeq ($(filter $(OUTSIDE),$(foreach s,$(outside_systems),$($s_system))),)
outside_name := $(basename $(notdir $(OUTSIDE)))
systems += $(outside_name)
outside_systems += $(outside_name)
$(outside_name)_system := $(OUTSIDE)
$(outside_name)_programs := $(filter $(outside),$(programs))
endif
twice := $(strip $(foreach n,$(sort $(all_names)),$(if \
	$(word 2,$(filter $n,$(all_names))),$n)))
ifneq ($(twice),)
$(error $(HERE): other names are needed for what this tree has too: $(twice))
endif
ifneq ($(filter-out $(all_names),$(ours)),)
$(error $(HERE)/build.mk: a list is set by ":=", which drops what this tree has; use "+=")
endif
endif

ifndef V
Q := @
say = @printf '  %-5s %s\n' $1 '$2'
endif

.PHONY: all sdk tool bin tests print-systems print-search print-tests clean FORCE
.DEFAULT_GOAL := all
all: $(foreach s,$(systems),system-$s)
sdk: $(SDK_BOARD)/.complete
tool: $(TOOL)
bin: $(foreach p,$(programs) $(libraries),$(call binary,$p))
tests: $(addprefix $(O)/tests/,$(host_tests)) $(addprefix $(O)/host/,$(host_programs))
print-systems:
	@$(foreach s,$(systems),echo '$s $($s_system)';)
# where a system's programs are looked for
print-search:
	@$(foreach s,$(systems),echo '$s $(call search,$s)';)
print-tests:
	@$(foreach t,$(host_tests),echo '$t $(firstword $($t_sources))';)
clean:
	rm -rf $(addprefix $(O)/,bin boards host obj outside sdk systems tests)

ifneq ($(MAKECMDGOALS),clean)

# --- when flags or lists change, what depends on them is made again ------- #

# stamp FILE,TEXT: FILE changes exactly when TEXT does.
define stamp
$(if $(call differ,$(strip $(file <$1)),$(strip $2)),$(shell mkdir -p \
	$(dir $1))$(file >$1,$2))
endef
differ = $(subst x$1x,,x$2x)$(subst x$2x,,x$1x)

# --- third-party sources -------------------------------------------------- #

source_dirs := $(LWIP) $(HTTP_PARSER)
source_stamps := $(addsuffix /.complete,$(source_dirs))
$(source_stamps) &: tools/setup/sources.json
	./pride setup --sources
	@touch $(source_stamps)
$(LWIP)/%.c: | $(LWIP)/.complete ;
$(HTTP_PARSER)/%.c: | $(HTTP_PARSER)/.complete ;
# the stamps of the sources that the flags or files in $1 need
needs_sources = $(foreach d,$(source_dirs),$(if $(findstring $d,$1),$d/.complete))

# --- programs and libraries for the target -------------------------------- #

object = $(OBJ)/$1/$(subst $(O)/,gen/,$2).o
objects = $(foreach f,$($1_sources),$(call object,$1,$f))
fpu_flags = $(if $($1_fpu),,$(NO_FPU))
libc_flags = $(if $($1_libc),-isystem $(PICOLIBC)/include)
# Headers come from the tree where it has them, so that messages name files one
# can edit; raw code has no SDK.
room_flags = $(if $($1_raw),,-Isddf/include -Ilions/include) -I. \
	$(if $($1_raw),,-I$(SDK_BOARD)/include) \
	$(if $($1_offsets),-I$(OBJ)/$1/gen)
compile_flags = $(TARGET_CFLAGS) $(room_flags) $($1_cflags) $(libc_flags) \
	-idirafter base/freestanding
c_flags = $(compile_flags) $(if $($1_foreign),-w,$(WARN)) $(fpu_flags)
offsets_header = $(if $($1_offsets),$(OBJ)/$1/gen/$($1_offsets:.c=.h))
before_compile = $(if $($1_raw),,$(SDK_BOARD)/.headers) \
	$(call offsets_header,$1) $(call needs_sources,$($1_cflags))

# $1 program, $2 source, $3 object
define object_rule
$3: $2 $(OBJ)/$1/.flags | $(call before_compile,$1)
	$$(call say,CC,$2)
	@mkdir -p $$(@D)
	$$(Q)$(CC_TARGET) $(if $(filter %.S,$2),$(call compile_flags,$1),$(call \
		c_flags,$1) $(if $($1_foreign),,$(STRICT))) -c $$< -o $$@
-include $(3:.o=.d)
endef

# Offsets for assembly.  The C file contains lines made by
#   asm volatile("\n.ascii \"->NAME %c0\"" :: "i"(value))
# and from each comes one `#define NAME value`.
define offsets_rule
$(call offsets_header,$1): $($1_offsets) $(OBJ)/$1/.flags
	$$(call say,GEN,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(CC_TARGET) $(TARGET_CFLAGS) -I. -idirafter base/freestanding \
		$($1_cflags) $(WARN) $(STRICT) -MT $$@ \
		-MF $$@.d -fno-lto -S $$< -o $$@.s
	$$(Q){ echo '/* SPDX-License-Identifier: BSD-2-Clause */'; \
		echo '/* Generated from $($1_offsets). */'; echo '#pragma once'; \
		sed -n 's/.*"->\([A-Z0-9_]*\) [#$$$$]*\([-0-9]*\)".*/#define \1 \2/p' \
		$$@.s; } > $$@
	$$(Q)grep -q '#define' $$@
-include $(call offsets_header,$1).d
endef

define target_rules
$(call stamp,$(OBJ)/$1/.flags,$(c_flags))
$(call stamp,$(OBJ)/$1/.list,$($1_sources) $($1_libs) $($1_ldlibs) \
	$($1_ldflags) $($1_ldscript) $(IMAGE_BASE) $(LOADER_SIZE) \
	$(call elf_note,$1))
$(foreach f,$($1_sources),$(eval $(call object_rule,$1,$f,$(call object,$1,$f))))
$(if $($1_offsets),$(eval $(call offsets_rule,$1)))
endef

sdk_ld = $(SDK_BOARD)/lib/microkit.ld
elf_libs = $(foreach l,$($1_libs),$(call binary,lib$l.a)) \
	$(if $($1_raw),,$(addprefix $(SDK_BOARD)/lib/,$(sdk_libs)))
elf_script = $(or $($1_ldscript),$(sdk_ld))
# A program that is built without floating-point registers, libraries included,
# says so to the tool by a note.
no_fpu_note := $(OBJ)/no_fpu.o
elf_note = $(if $($1_raw)$($1_fpu)$($1_libc)$(foreach \
	l,$($1_libs),$(lib$l.a_fpu)),,$(no_fpu_note))
$(no_fpu_note): sdk/no_fpu.S abi/note.h
	@mkdir -p $(@D)
	$(Q)$(CC_TARGET) $(TARGET_CFLAGS) -I. -c $< -o $@

define elf_rules
$(call target_rules,$1)
$(call binary,$1): $(call objects,$1) $(call elf_libs,$1) $(call elf_script,$1) \
		$(call elf_note,$1) $(OBJ)/$1/.list
	$$(call say,LD,$1)
	@mkdir -p $$(@D)
	$$(Q)$(LD) --gc-sections -z max-page-size=4096 \
		--defsym=IMAGE_BASE=$(IMAGE_BASE) \
		--defsym=KERNEL_BASE=$(IMAGE_BASE)+$(LOADER_SIZE) $($1_ldflags) \
		$(call objects,$1) $(call elf_note,$1) \
		--start-group $(call elf_libs,$1) $($1_ldlibs) \
		$(if $($1_libc),$(PICOLIBC)/lib/libc.a) --end-group \
		-T $(call elf_script,$1) -o $$@
endef

define library_rules
$(call target_rules,$1)
$(call binary,$1): $(call objects,$1) $(OBJ)/$1/.list
	$$(call say,AR,$1)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)$(AR) rcs $$@ $(call objects,$1)
endef

# --- programs and tests for the build machine ----------------------------- #

host_object = $(HOST_OBJ)/$1/$(subst $(O)/,gen/,$2).o
host_objects = $(foreach x,$1 $($1_parts),$(foreach f,$($x_sources),$(call \
	host_object,$x,$f)))

# $1 program, $2 source, $3 object, $4 more flags
define host_object_rule
$3: $2 $(HOST_OBJ)/$1/.flags | $(call needs_sources,$($1_cflags))
	$$(call say,HCC,$2)
	@mkdir -p $$(@D)
	$$(Q)$(HOST_CC) $($1_first) $4 $(HOST_CFLAGS) $(if $(filter $(DEPS)/%,$2),-w,$(WARN) $(STRICT)) $($1_cflags) -c $$< -o $$@
-include $(3:.o=.d)
endef

# $1 program or part, $2 more compiler flags
define host_part_rules
$(call stamp,$(HOST_OBJ)/$1/.flags,$($1_first) $(HOST_CFLAGS) $2 $(WARN) $($1_cflags))
$(foreach f,$($1_sources),$(eval $(call \
	host_object_rule,$1,$f,$(call host_object,$1,$f),$2)))
endef

# $1 program, $2 output, $3 more compiler flags, $4 more linker flags
define host_rules
$(call host_part_rules,$1,$3)
$(call stamp,$(HOST_OBJ)/$1/.list,$(call host_objects,$1) $($1_ldflags) $($1_ldlibs))
$2: $(call host_objects,$1) $(HOST_OBJ)/$1/.list
	$$(call say,HLD,$1)
	@mkdir -p $$(@D)
	$$(Q)$(HOST_CC) $($1_ldflags) $(call host_objects,$1) $($1_ldlibs) \
		$4 -o $$@
endef

# --- the SDK ---------------------------------------------------------------- #

# $1 file in the SDK, $2 where it comes from
define install_rule
$1: $2
	@mkdir -p $$(@D)
	$$(Q)cp $$< $$@
endef

below = $(shell test ! -d $1 || find $1 -type f ! -name '*.md' -printf '%P\n')
sdk_headers := $(foreach d,$(sdk_include_dirs),$(foreach f,$(call \
	below,$d),$(SDK_BOARD)/include/$f=$d/$f)) \
	$(foreach f,$(wildcard abi/*.h abi/arch/$(ARCH)/*.h base/*.h),$(SDK_BOARD)/include/$f=$f) \
	$(SDK_BOARD)/include/assert.h=base/freestanding/assert.h
component_elfs := $(foreach p,$(programs),$(if $(filter \
	sddf/% lions/%,$(firstword $($p_sources))),$p))
component_libs := $(foreach l,$(libraries),$(if $(filter \
	sddf/%,$(firstword $($l_sources))),$l))
driver_files := $(wildcard sddf/drivers/*/*/driver.xml)
sdk_files := \
	$(SDK_BOARD)/lib/microkit.ld=sdk/microkit.ld \
	$(foreach l,$(sdk_libs),$(SDK_BOARD)/lib/$l=$(BIN)/$l) \
	$(SDK_BOARD)/lib/no_fpu.o=$(no_fpu_note) \
	$(foreach e,$(sdk_elfs),$(SDK_BOARD)/elf/$e=$(BIN)/$e) \
	$(SDK)/board/$(BOARD)/board.xml=boards/$(BOARD)/board.xml \
	$(SDK)/board/$(BOARD)/board.dtb=$(O)/boards/$(BOARD).dtb \
	$(foreach f,$(driver_files),$(SDK)/$(f:sddf/%=%)=$f) \
	$(SDK)/LICENSE=LICENSE $(SDK)/VERSION=tools/VERSION \
	$(TOOL)=$(O)/host/microkit
sdk_components := \
	$(foreach e,$(component_elfs),$(SDK_BOARD)/components/$e=$(BIN)/$e) \
	$(foreach l,$(component_libs),$(SDK_BOARD)/lib/$l=$(BIN)/$l) \
	$(foreach d,sddf/include lions/include,$(foreach f,$(call \
	below,$d),$(SDK)/$d/$f=$d/$f))
to = $(firstword $(subst =, ,$1))
from = $(lastword $(subst =, ,$1))

$(foreach p,$(sdk_headers) $(sdk_files) $(sdk_components),$(eval $(call \
	install_rule,$(call to,$p),$(call from,$p))))

$(O)/boards/$(BOARD).dtb: boards/$(BOARD)/board.dts
	@mkdir -p $(@D)
	$(Q)dtc -I dts -O dtb -o $@ $<

$(SDK_BOARD)/.headers: $(foreach p,$(sdk_headers),$(call to,$p))
	@mkdir -p $(@D)
	@touch $@
$(SDK_BOARD)/.tools: $(SDK_BOARD)/.headers \
		$(foreach p,$(sdk_files),$(call to,$p))
	@touch $@
$(SDK_BOARD)/.complete: $(SDK_BOARD)/.tools \
		$(foreach p,$(sdk_components),$(call to,$p))
	@touch $@

# --- systems -------------------------------------------------------------- #

# A description without subsystems needs no prebuilt components.
with_subsystems := $(if $(systems),$(shell grep -l '<subsystem' \
	$(foreach s,$(systems),$($s_system)) /dev/null 2>/dev/null))
sdk_stamp = $(SDK_BOARD)/$(if $(filter \
	$($1_system),$(with_subsystems)),.complete,.tools)

# Programs beside an outside description that nothing here makes.
beside = $(if $(filter $1,$(outside_systems)),$(wildcard $(dir $($1_system))*.elf))

define system_rules
.PHONY: system-$1 inputs-$1
system-$1: $(SYS)/$1/loader.img
inputs-$1: $($1_files) $(foreach p,$($1_programs),$(call binary,$p))
$(call stamp,$(SYS)/$1/.flags,$($1_system) $($1_programs) $($1_files) \
	$($1_search) $($1_toolflags))
$(SYS)/$1/loader.img: $($1_system) $($1_files) $(SYS)/$1/.flags \
		$(foreach p,$($1_programs),$(call binary,$p)) $(call sdk_stamp,$1) \
		$(call beside,$1)
	$$(call say,IMAGE,$1)
	@mkdir -p $$(@D)
	$$(Q)MICROKIT_SDK=$(abspath $(SDK)) $(TOOL) $($1_system) \
		--board $(BOARD) --config $(CONFIG) --search-path $(call search,$1) \
		-o $$@ -r $$(@D)/report.txt $($1_toolflags) > $$(@D)/build.log \
		|| { cat $$(@D)/build.log; exit 1; }
endef

# --- from the lists to rules ------------------------------------------------ #

$(foreach p,$(programs),$(eval $(call elf_rules,$p)))
$(foreach l,$(libraries),$(eval $(call library_rules,$l)))
$(foreach h,$(host_programs),$(eval $(call host_rules,$h,$(O)/host/$h)))
$(foreach p,$(host_parts),$(eval $(call host_part_rules,$p,$(TEST_CFLAGS))))
$(foreach t,$(host_tests),$(eval $(call \
	host_rules,$t,$(O)/tests/$t,$(TEST_CFLAGS),$(if \
	$($t_unsanitized),,$(SANITIZE)) -lcmocka)))
$(foreach s,$(systems),$(eval $(call system_rules,$s)))

endif
