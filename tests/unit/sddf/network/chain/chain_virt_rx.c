/* SPDX-License-Identifier: BSD-2-Clause */
/* The Rx virtualiser under names of its own, so that one test holds the whole chain. */
#define init         chain_virt_rx_init
#define notified     chain_virt_rx_notified
#define config       chain_virt_rx_config
#define stats_config chain_virt_rx_stats_config
#define dma_config   chain_virt_rx_dma_config
#include <string.h>

#include "sddf/network/virt_rx.c"

/** Forgets everything, as a fresh start does. */
void chain_virt_rx_forget(void);

void chain_virt_rx_forget(void)
{
    memset(&virt, 0, sizeof(virt));
}
