/* SPDX-License-Identifier: BSD-2-Clause */
/* The copier under names of its own, so that one test holds the whole chain. */
#define init         chain_copy_init
#define notified     chain_copy_notified
#define config       chain_copy_config
#define stats_config chain_copy_stats_config
#include <string.h>

#include "sddf/network/copy.c"

/** Forgets everything, as a fresh start does. */
void chain_copy_forget(void);

void chain_copy_forget(void)
{
    memset(&copier, 0, sizeof(copier));
}
