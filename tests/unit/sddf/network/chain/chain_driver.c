/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver under names of its own, so that one test holds the whole chain. */
#define init         chain_driver_init
#define notified     chain_driver_notified
#define config       chain_driver_config
#define stats_config chain_driver_stats_config
#include <string.h>

#include "sddf/drivers/network/virtio/net_virtio.c"

/** Forgets everything, as a fresh start does. */
void chain_driver_forget(void);

void chain_driver_forget(void)
{
    memset(&driver, 0, sizeof(driver));
}
