# SPDX-License-Identifier: BSD-2-Clause
# liblwip.a: lwIP as it comes, with our options.  libsddf_lwip.a: the glue.
# A program that uses them adds $(LWIP_CFLAGS) to its flags and both libraries.
LWIP_CFLAGS := -isystem $(LWIP)/src/include -Ilions/net/port

libraries += liblwip.a libsddf_lwip.a
liblwip.a_sources := $(addprefix $(LWIP)/src/core/,def.c dns.c inet_chksum.c \
	init.c ip.c mem.c memp.c netif.c pbuf.c raw.c stats.c sys.c tcp.c \
	tcp_in.c tcp_out.c timeouts.c udp.c ipv4/dhcp.c ipv4/etharp.c \
	ipv4/icmp.c ipv4/ip4.c ipv4/ip4_addr.c ipv4/ip4_frag.c) \
	$(LWIP)/src/netif/ethernet.c
liblwip.a_cflags := $(LWIP_CFLAGS) -munaligned-access
liblwip.a_libc := picolibc
liblwip.a_foreign := yes

libsddf_lwip.a_sources := lions/net/lib_sddf_lwip.c lions/net/port.c \
	lions/net/netif_address.c lions/net/checksum.c
libsddf_lwip.a_cflags := $(LWIP_CFLAGS) -munaligned-access
