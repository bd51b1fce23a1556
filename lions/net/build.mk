# SPDX-License-Identifier: BSD-2-Clause
# liblwip.a, liblwip_heap.a: lwIP as it comes, with our options.
# libsddf_lwip.a: the glue.  libchecksum.a: the Internet checksum.  libnet_client.a:
# a client's start.  A program that uses them adds $(LWIP_CFLAGS) to its flags and
# $(LWIP_LIBS) to its libraries.
# Dependency files leave out what system headers include, so the flags name the
# contents of the port's headers.
lwip_port_sum := $(shell cat lions/net/port/*.h lions/net/port/arch/*.h | cksum)
LWIP_CFLAGS := -isystem $(LWIP)/src/include -Ilions/net/port \
	-DLWIP_PORT_SUM=$(firstword $(lwip_port_sum))

LWIP_LIBS := net_client sddf_lwip lwip lwip_heap checksum

lwip_sources := $(addprefix $(LWIP)/src/core/,def.c inet_chksum.c \
	init.c ip.c memp.c netif.c pbuf.c raw.c stats.c sys.c tcp.c \
	tcp_in.c tcp_out.c timeouts.c udp.c ipv4/dhcp.c ipv4/etharp.c \
	ipv4/icmp.c ipv4/ip4.c ipv4/ip4_addr.c ipv4/ip4_frag.c) \
	$(LWIP)/src/netif/ethernet.c
lwip_heap := $(LWIP)/src/core/mem.c
lwip_glue := $(addprefix lions/net/,event.c frame_copy.c netif_address.c pool.c \
	port.c rx.c start.c time_wait.c timeout.c timers.c tx.c)

# The linker optimises what a program uses of them as one (-flto), the vector
# loops of the checksum included.  Nothing that the tool patches may be in them:
# the linker would take its value for a constant.
libraries += liblwip.a liblwip_heap.a libsddf_lwip.a libchecksum.a
include lions/net/arch/$(ARCH)/arch.mk
lwip_flags := $(lions_net_arch_cflags) -flto
liblwip.a_sources := $(lwip_sources)
liblwip.a_cflags := $(LWIP_CFLAGS) $(lwip_flags) -Dmem_malloc=heap_malloc \
	-Dmem_free=heap_free -Dmem_trim=heap_trim
liblwip.a_libc := picolibc
liblwip.a_foreign := yes
liblwip.a_fpu := $(lions_net_arch_fpu)
# what heap.c falls back to: lwIP's heap under its own names
liblwip_heap.a_sources := $(lwip_heap)
liblwip_heap.a_cflags := $(LWIP_CFLAGS) $(lwip_flags)
liblwip_heap.a_libc := picolibc
liblwip_heap.a_foreign := yes
liblwip_heap.a_fpu := $(lions_net_arch_fpu)
libsddf_lwip.a_sources := $(lwip_glue) lions/net/heap.c
libsddf_lwip.a_cflags := $(LWIP_CFLAGS) $(lwip_flags)
libsddf_lwip.a_fpu := $(lions_net_arch_fpu)
libchecksum.a_sources := lions/net/checksum.c $(lions_net_arch_sources)
libchecksum.a_cflags := $(lwip_flags)
libchecksum.a_fpu := $(lions_net_arch_fpu)

# What the tool patches: without link-time optimisation.
libraries += libnet_client.a
libnet_client.a_sources := lions/net/client.c lions/net/console.c
libnet_client.a_cflags := $(LWIP_CFLAGS)
