/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - what the tool tells a client of the timer.
 *
 * Shape     section .timer_client_config; layout of sDDF 0.7, asserted.  The
 *           host tool includes this file too.
 * Owner     written by the tool into the ELF; constant at run time.
 * Trust     as trusted as the image itself.
 * Errors    timer_config_check_magic() is false when nothing was written.
 * Source    names and layouts of sDDF 0.7.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#define SDDF_TIMER_MAX_CLIENTS 64
#define SDDF_TIMER_MAGIC_LEN   5

static const char SDDF_TIMER_MAGIC[SDDF_TIMER_MAGIC_LEN] = { 's', 'D', 'D', 'F',
    0x6 };

/* .timer_client_config */
typedef struct timer_client_config {
    char magic[SDDF_TIMER_MAGIC_LEN];
    uint8_t driver_id; /* the channel to the driver */
} timer_client_config_t;

static_assert(sizeof(timer_client_config_t) == 6, "sDDF timer_client");

static inline bool timer_config_check_magic(const void *config)
{
    const char *magic = config;

    for (int i = 0; i < SDDF_TIMER_MAGIC_LEN; i++) {
        if (magic[i] != SDDF_TIMER_MAGIC[i]) {
            return false;
        }
    }
    return true;
}
