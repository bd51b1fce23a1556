/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwipopts.h - how lwIP is configured for a protection domain.
 *
 * Shape     one thread, no operating system below: the raw API.  Versions 2.1
 *           and 2.2 take the same options.
 * Units     bytes, counts.
 * Owner     one instance of lwIP per client.
 * Trust     checksums are verified here, unless a device below has done so.
 * Source    lwip/opt.h explains each option.
 */
#pragma once

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_STATS           0

/* Timers run only while something waits for them: lions/net/timers.c. */
#define LWIP_TIMERS_CUSTOM 1

/* Protocols */
#define LWIP_IPV4                  1
#define LWIP_IPV6                  0
#define LWIP_ARP                   1
#define LWIP_ICMP                  1
#define LWIP_RAW                   1
#define LWIP_UDP                   1
#define LWIP_TCP                   1
#define LWIP_DHCP                  1
#define LWIP_DNS                   0
#define LWIP_IGMP                  0
#define LWIP_ACD                   0
#define LWIP_SINGLE_NETIF          1 /* what we are between is one interface */
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_HOSTNAME        1

/* The address a DHCP server hands out is used at once: probing for it first
 * (RFC 2131, 4.4.1) takes seconds that a virtual network does not need. */
#define DHCP_DOES_ARP_CHECK      0
#define LWIP_DHCP_DOES_ACD_CHECK 0

/* Memory.  The heap holds what is not yet sent or acknowledged, where the
 * program asked lwIP to copy, and outgoing headers. */
#define MEM_ALIGNMENT                 8
#define MEM_SIZE                      0x40000
#define MEMP_NUM_PBUF                 2048 /* references to data that is not copied */
#define MEMP_NUM_TCP_PCB              128
#define MEMP_NUM_TCP_PCB_LISTEN       8
#define MEMP_NUM_TCP_SEG              2048
#define MEMP_NUM_UDP_PCB              16
#define MEMP_NUM_RAW_PCB              4
#define MEMP_NUM_ARP_QUEUE            32
#define MEMP_NUM_REASSDATA            8
#define IP_REASS_MAX_PBUFS            32
#define PBUF_POOL_SIZE                8
#define ARP_TABLE_SIZE                32
#define ARP_QUEUEING                  1
#define ARP_QUEUE_LEN                 8
#define ETHARP_SUPPORT_STATIC_ENTRIES 1

/* TCP: the largest window without scaling.  A segment that comes out of order
 * pins a receive buffer, so their number is bounded. */
#define TCP_MSS             1460
#define TCP_WND             (44 * TCP_MSS)
#define TCP_SND_BUF         (44 * TCP_MSS)
#define TCP_SND_QUEUELEN    (4 * 44)
#define TCP_QUEUE_OOSEQ     1
#define TCP_OOSEQ_MAX_PBUFS 64
#define LWIP_TCP_SACK_OUT   1
#define LWIP_TCP_TIMESTAMPS 0
/* received frames have a pool of their own, which this check cannot see */
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1
#define TCP_LISTEN_BACKLOG             1

/* Copies of a few bytes, known at compile time, need no call. */
#define SMEMCPY(to, from, len) __builtin_memcpy(to, from, len)

/* Checksums are verified and made in software, by our own routine; of received
 * UDP and TCP unless a device has verified them (lions/net/rx.c). */
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define CHECKSUM_CHECK_IP            1
#define CHECKSUM_CHECK_UDP           1
#define CHECKSUM_CHECK_TCP           1
#define CHECKSUM_CHECK_ICMP          1
#define CHECKSUM_GEN_IP              1
#define CHECKSUM_GEN_UDP             0 /* lions/net/frame_copy.c does it */
#define CHECKSUM_GEN_TCP             0
#define CHECKSUM_GEN_ICMP            1
#define LWIP_CHKSUM                  lwip_port_checksum

/* Initial sequence numbers cannot be guessed from earlier ones. */
#define LWIP_HOOK_TCP_ISN lwip_port_tcp_isn

/* A new connection may take the place of one in TIME_WAIT. */
#define LWIP_HOOK_IP4_INPUT lwip_port_ip4_input

/* Calls from the wrong place are impossible here: one thread. */
#define LWIP_ASSERT_CORE_LOCKED()
