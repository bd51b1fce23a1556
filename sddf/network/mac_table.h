/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mac_table.h - which client has which Ethernet address.
 *
 * Shape     open addressing with linear probing in a table twice as large as
 *           the number of addresses, so a look-up is one or two probes.
 * Units     an address is the low 48 bits of a word, first byte lowest.
 * Owner     filled once at start; then only read.
 * Trust     a looked-up address comes from the wire.
 * Errors    mac_table_add() says ERR_MEMORY when full and ERR_STATE when the
 *           address is there already.
 * Source    multiplicative hashing: Knuth, TAOCP 3, 6.4.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/network/mac802.h>

#include "abi/err.h"
#include "base/attr.h"

#define MAC_TABLE_SLOTS 8192
#define MAC_TABLE_MAX   (MAC_TABLE_SLOTS / 2)
#define MAC_TABLE_NONE  0xffffffffu

/* A used slot has bit 63 set, the client in bits 48..55. */
struct mac_table {
    uint32_t shift; /* 64 - log2(slots in use) */
    uint32_t mask;
    uint32_t count;
    uint64_t slot[MAC_TABLE_SLOTS];
};

/** The address as a word. */
static inline uint64_t mac_word(const uint8_t *addr)
{
    uint64_t word = 0;

    for (unsigned int i = 0; i < MAC802_BYTES; i++) {
        word |= (uint64_t)addr[i] << (8 * i);
    }
    return word;
}

/** The same for the address at the start of a frame, which is aligned and has
 *  8 bytes at least: one load. */
static inline uint64_t mac_word_of_frame(const uint8_t *frame)
{
    const uint64_t address = (UINT64_C(1) << 48) - 1;
    uint64_t word;

    __builtin_memcpy(&word, __builtin_assume_aligned(frame, 8), sizeof(word));
    return word & address;
}

_Static_assert(
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the low one");

/** Is this the address of a group, as mac802_addr_is_group() says? */
static inline bool mac_word_is_group(uint64_t mac)
{
    return (mac & 1) != 0;
}

/** Prepares an empty table for up to `addresses` of them. */
void mac_table_init(struct mac_table *table, uint32_t addresses);

/** Adds an address. */
MUST_USE enum err mac_table_add(
    struct mac_table *table, uint64_t mac, uint8_t client);

/** Where the search for an address begins. */
static inline uint32_t mac_table_hash(
    const struct mac_table *table, uint64_t mac)
{
    return (uint32_t)((mac * UINT64_C(0x9e3779b97f4a7c15)) >> table->shift);
}

/** The client that has this address, or MAC_TABLE_NONE. */
static inline uint32_t mac_table_find(
    const struct mac_table *table, uint64_t mac)
{
    const uint64_t address = (UINT64_C(1) << 48) - 1;

    /* Ends: at least half of the slots are 0. */
    for (uint32_t i = mac_table_hash(table, mac);; i++) {
        uint64_t slot = table->slot[i & table->mask];

        if (slot == 0) {
            return MAC_TABLE_NONE;
        }
        if ((slot & address) == mac) {
            return (uint32_t)(slot >> 48) & 0xff;
        }
    }
}
