/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * util.h - small things that network components of sDDF use.
 *
 * Shape     a byte swap and a conversion.
 * Units     a MAC address as a number has its first byte highest.
 * Source    names of sDDF 0.7; ours prefer base/bytes.h.
 */
#pragma once

#include <stdint.h>

/** Host to network order, 16 bits. */
#define HTONS(x) ((uint16_t)__builtin_bswap16((uint16_t)(x)))

/** Writes the low 48 bits of `val` as an address. */
static inline void net_set_mac_addr(uint8_t *mac, uint64_t val)
{
    for (unsigned int i = 0; i < 6; i++) {
        mac[i] = (uint8_t)(val >> (40 - 8 * i));
    }
}
