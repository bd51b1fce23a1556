# SPDX-License-Identifier: BSD-2-Clause
# The library of a PD on a fake kernel.
libmicrokit_test_cflags := -Itests/unit/sdk/fake -Isdk/include -Isdk/arch/aarch64/include
libmicrokit_test_common := tests/unit/sdk/libmicrokit/pd_rig.c \
	$(addprefix sdk/libmicrokit/,loop.c entry.c children.c error.c sel4.c \
	benchmark.c print.c)

# $1 name
define libmicrokit_test
host_tests += libmicrokit_$1_test
libmicrokit_$1_test_sources := tests/unit/sdk/libmicrokit/$1_test.c \
	$(libmicrokit_test_common)
libmicrokit_$1_test_cflags := $(libmicrokit_test_cflags)
endef
$(foreach n,benchmark children entry loop print sel4,$(eval $(call \
	libmicrokit_test,$n)))
