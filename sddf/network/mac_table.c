/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filling the table of mac_table.h.
 */
#include "sddf/network/mac_table.h"

#define SLOT_USED (UINT64_C(1) << 63)

void mac_table_init(struct mac_table *table, uint32_t addresses)
{
    uint32_t slots = 2;

    while (slots < 2 * addresses && slots < MAC_TABLE_SLOTS) {
        slots *= 2;
    }
    table->mask = slots - 1;
    table->shift = 64 - (uint32_t)__builtin_ctz(slots);
    table->count = 0;
    for (uint32_t i = 0; i < slots; i++) {
        table->slot[i] = 0;
    }
}

enum err mac_table_add(struct mac_table *table, uint64_t mac, uint8_t client)
{
    if (mac_table_find(table, mac) != MAC_TABLE_NONE) {
        return ERR_STATE;
    }
    if (2 * (table->count + 1) > table->mask + 1) {
        return ERR_MEMORY;
    }
    uint32_t i = mac_table_hash(table, mac);
    while (table->slot[i & table->mask] != 0) {
        i++;
    }
    table->slot[i & table->mask] = SLOT_USED | (uint64_t)client << 48 | mac;
    table->count++;
    return ERR_OK;
}
