/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cc.h - the compiler and the functions that lwIP expects from its host.
 *
 * Shape     definitions that lwip/arch.h looks for.  Needs no C library, so
 *           programs may include lwIP's headers without one.
 * Owner     lions/net.
 * Errors    a broken invariant of lwIP's stops this domain.
 * Source    lwIP's doc/sys_arch.txt.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LWIP_NO_INTTYPES_H 1
#define LWIP_NO_UNISTD_H   1
#define LWIP_NO_CTYPE_H    1

#define X8_F  "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "lu"

typedef long ssize_t;
#define SSIZE_MAX INT64_MAX

#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__
#endif
#ifndef LITTLE_ENDIAN
#define LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#endif
#ifndef BIG_ENDIAN
#define BIG_ENDIAN __ORDER_BIG_ENDIAN__
#endif

#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)

struct ip4_addr;
struct netif;
struct pbuf;

/** Prints a diagnostic; silent in a release build. */
void lwip_port_diag(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/** Reports a broken invariant of lwIP's and stops this domain. */
void lwip_port_assert(const char *message, const char *file, int line)
    __attribute__((noreturn));

/** A number that is hard to guess. */
uint32_t lwip_port_random(void);

/** An initial sequence number (RFC 6528). */
uint32_t lwip_port_tcp_isn(const struct ip4_addr *local_ip, uint16_t local_port,
    const struct ip4_addr *remote_ip, uint16_t remote_port);

/** Sees each IPv4 packet before lwIP; returns 0: lwIP goes on with it. */
int lwip_port_ip4_input(struct pbuf *p, struct netif *netif);

/** The ones' complement sum of `len` bytes (RFC 1071), folded to 16 bits. */
uint16_t lwip_port_checksum(const void *data, uint16_t len);

#define LWIP_PLATFORM_DIAG(x)   lwip_port_diag x
#define LWIP_PLATFORM_ASSERT(x) lwip_port_assert((x), __FILE__, __LINE__)
#define LWIP_RAND()             lwip_port_random()
