/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool of pbufs in which received frames are handed to lwIP.  The program
 * may take some too, for frames of its own.
 */
#include "lions/net/glue.h"

/* Entries of our own, and the fewest that a configured pool must have. */
#define POOL_BUILT_IN 512u
#define POOL_MAX      65536u

static struct glue_pool_entry built_in[POOL_BUILT_IN];

void glue_pool_init(struct glue *g, const lib_sddf_lwip_config_t *config)
{
    struct glue_pool *pool = &g->pool;

    pool->entries = built_in;
    pool->size = POOL_BUILT_IN;
    if (config != NULL &&
        __builtin_memcmp(config->magic, SDDF_LIB_SDDF_LWIP_MAGIC,
            SDDF_LIB_SDDF_LWIP_MAGIC_LEN) == 0 &&
        config->pbuf_pool.size / sizeof(struct glue_pool_entry) >=
            POOL_BUILT_IN) {
        uint64_t fit = config->pbuf_pool.size / sizeof(struct glue_pool_entry);

        pool->entries = config->pbuf_pool.vaddr;
        pool->size = fit < POOL_MAX ? (uint32_t)fit : POOL_MAX;
    }
    pool->free = NULL;
    pool->used = 0;
    for (uint32_t i = pool->size; i-- > 0;) {
        pool->entries[i].used = false;
        pool->entries[i].next = pool->free;
        pool->free = &pool->entries[i];
    }
}

bool sddf_lwip_pbuf_pool_empty(void)
{
    return lions_glue.pool.free == NULL;
}

pbuf_custom_offset_t *sddf_lwip_pbuf_pool_alloc(void)
{
    return lions_glue.pool.free == NULL ? NULL : glue_pool_take(&lions_glue);
}

bool glue_pool_put(struct glue *g, pbuf_custom_offset_t *pbuf)
{
    struct glue_pool *pool = &g->pool;
    uintptr_t offset = (uintptr_t)pbuf - (uintptr_t)pool->entries;
    uintptr_t index = offset / sizeof(struct glue_pool_entry);

    if (offset % sizeof(struct glue_pool_entry) != 0 || index >= pool->size ||
        !pool->entries[index].used) {
        return false;
    }
    struct glue_pool_entry *entry = &pool->entries[index];
    entry->used = false;
    entry->next = pool->free;
    pool->free = entry;
    pool->used--;
    return true;
}

net_sddf_err_t sddf_lwip_pbuf_pool_free(pbuf_custom_offset_t *pbuf)
{
    return glue_pool_put(&lions_glue, pbuf) ? SDDF_LWIP_ERR_OK
                                            : SDDF_LWIP_ERR_INVALID_PBUF;
}
