/* SPDX-License-Identifier: BSD-2-Clause */
/* The Tx virtualiser under names of its own, so that one test holds the whole chain. */
#define init         chain_virt_tx_init
#define notified     chain_virt_tx_notified
#define config       chain_virt_tx_config
#define stats_config chain_virt_tx_stats_config
#define dma_config   chain_virt_tx_dma_config
#include <string.h>

#include "sddf/network/virt_tx.c"

/** Forgets everything, as a fresh start does. */
void chain_virt_tx_forget(void);

void chain_virt_tx_forget(void)
{
    memset(&virt, 0, sizeof(virt));
}
