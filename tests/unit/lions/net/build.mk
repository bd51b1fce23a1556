# SPDX-License-Identifier: BSD-2-Clause
# lwIP, its glue and the neighbours that lwip_rig.c plays: what most tests need.
host_parts += lions_net_lwip lions_net_queues
lions_net_queues_sources := lions/net/rx.c lions/net/tx.c
lions_net_queues_cflags := $(LWIP_CFLAGS)
lions_net_lwip_sources := lions/net/checksum.c \
	$(filter-out $(lions_net_queues_sources),$(lwip_glue)) \
	$(addprefix lions/net/arch/common/,checksum_blocks.c copy_blocks.c) \
	$(lwip_sources) $(lwip_heap) tests/unit/lions/net/lwip_rig.c \
	lions/net/client.c tests/unit/fake/sddf.c $(sddf_test_util)
lions_net_lwip_cflags := $(LWIP_CFLAGS)

lions_net_lwip_tests := $(addsuffix _test,$(addprefix lions_net_,client dhcp event \
	frame_copy rx start time_wait timers tx))
host_tests += $(lions_net_lwip_tests)
$(foreach t,$(lions_net_lwip_tests),$(eval $t_sources := \
	tests/unit/lions/net/$(t:lions_net_%=%).c))
$(foreach t,$(lions_net_lwip_tests),$(eval $t_parts := \
	lions_net_lwip lions_net_queues))
$(foreach t,$(lions_net_lwip_tests),$(eval $t_cflags := $(LWIP_CFLAGS)))

host_tests += lions_net_race_test
lions_net_race_test_sources := $(addprefix tests/unit/lions/net/,race_test.c \
	race_rx.c race_tx.c)
lions_net_race_test_parts := lions_net_lwip
lions_net_race_test_cflags := $(LWIP_CFLAGS)

host_tests += lions_net_console_test
lions_net_console_test_sources := tests/unit/lions/net/console_test.c \
	lions/net/console.c sddf/util/putchar_serial.c tests/unit/fake/sddf.c \
	$(filter-out %/putchar_debug.c,$(sddf_test_util))

host_tests += lions_net_pool_test
lions_net_pool_test_sources := tests/unit/lions/net/pool_test.c lions/net/pool.c
lions_net_pool_test_cflags := $(LWIP_CFLAGS)

host_tests += lions_net_checksum_test
lions_net_checksum_test_sources := tests/unit/lions/net/checksum_test.c \
	lions/net/checksum.c lions/net/arch/common/checksum_blocks.c

host_tests += lions_net_netif_address_test
lions_net_netif_address_test_sources := \
	tests/unit/lions/net/netif_address_test.c lions/net/netif_address.c

host_tests += lions_net_heap_test
lions_net_heap_test_sources := tests/unit/lions/net/heap_test.c lions/net/heap.c
lions_net_heap_test_cflags := $(LWIP_CFLAGS)
