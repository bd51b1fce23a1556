/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common.h - what every class's configuration is made of.
 *
 * Shape     layouts of sDDF 0.7, asserted.  The host tool includes this file
 *           too, so it depends on nothing of the target.
 * Units     bytes; addresses are the component's own virtual ones.
 * Owner     written into the ELF by the tool; constant at run time.
 * Trust     as trusted as the image itself.
 * Source    names and layouts of sDDF 0.7.
 */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define SDDF_NAME_LENGTH 64

typedef struct region_resource {
    void *vaddr;
    uint64_t size;
} region_resource_t;

static_assert(sizeof(region_resource_t) == 16, "sDDF region_resource");
