# SPDX-License-Identifier: BSD-2-Clause
# lwIP itself is not held to our warnings, so neither is this test; the glue is
# when it is built for the target.
host_tests += lions_net_test
lions_net_test_sources := tests/unit/lions/net/net_test.c $(lwip_glue) \
	lions/net/checksum.c $(addprefix lions/net/arch/common/,checksum_blocks.c \
	copy_blocks.c) $(lwip_sources) $(lwip_heap) tests/unit/fake/sddf.c \
	sddf/util/printf.c sddf/util/util.c sddf/util/check.c \
	sddf/util/putchar_debug.c base/fmt.c
lions_net_test_cflags := $(LWIP_CFLAGS) -w

host_tests += lions_net_heap_test
lions_net_heap_test_sources := tests/unit/lions/net/heap_test.c lions/net/heap.c
lions_net_heap_test_cflags := $(LWIP_CFLAGS)
