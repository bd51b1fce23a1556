/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mac802.h - Ethernet addresses and the Ethernet header.
 *
 * Shape     six bytes in the order of the wire; structures have no padding.
 * Units     bytes.
 * Owner     nobody: values.
 * Trust     a frame's bytes come from anybody; these functions only compare.
 * Source    IEEE 802.3-2018, 3.2 (frame) and 3.2.3 (address bits); names as
 *           in sDDF.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PR_MAC802_ADDR "%x:%x:%x:%x:%x:%x"

#define MAC802_BYTES 6
#define ETH_TYPE_IP  0x0800U

/* Least significant bit of the first byte: a group address. */
#define MAC802_GROUP_BIT 0x01U

typedef struct mac_addr {
    uint8_t addr[MAC802_BYTES];
} mac_addr_t;

typedef struct ether_hdr {
    mac_addr_t dest;
    mac_addr_t src;
    uint8_t etype[2]; /* big-endian */
} ether_hdr_t;

_Static_assert(sizeof(ether_hdr_t) == 14, "IEEE 802.3, 3.2");

/** Compares the first `num` bytes of two addresses. */
static inline bool mac802_addr_eq_num(
    const uint8_t *addr0, const uint8_t *addr1, unsigned int num)
{
    for (unsigned int i = 0; i < num; i++) {
        if (addr0[i] != addr1[i]) {
            return false;
        }
    }
    return true;
}

/** Tells whether two addresses are the same. */
static inline bool mac802_addr_eq(const uint8_t *addr0, const uint8_t *addr1)
{
    return mac802_addr_eq_num(addr0, addr1, MAC802_BYTES);
}

/** Tells whether a frame to this address is for more than one station. */
static inline bool mac802_addr_is_group(const uint8_t *addr)
{
    return (addr[0] & MAC802_GROUP_BIT) != 0;
}

/** Tells whether `addr` is the broadcast address. */
static inline bool mac802_addr_is_bcast(const uint8_t *addr)
{
    uint8_t all = 0xff;

    for (unsigned int i = 0; i < MAC802_BYTES; i++) {
        all &= addr[i];
    }
    return all == 0xff;
}
