/* SPDX-License-Identifier: BSD-2-Clause */
/* The pool of receive pbufs: whose memory, how many, and what is taken back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "lions/net/glue.h"

#define ENTRY    sizeof(struct glue_pool_entry)
#define BUILT_IN 512u

struct glue lions_glue;

/* Room for `entries`, and `more` bytes. */
static lib_sddf_lwip_config_t configure(uint64_t entries, uint64_t more)
{
    lib_sddf_lwip_config_t config = { .num_pbufs = entries };
    uint64_t size = entries * ENTRY + more;

    memcpy(config.magic, SDDF_LIB_SDDF_LWIP_MAGIC, sizeof(config.magic));
    config.pbuf_pool.vaddr = aligned_alloc(64, (size + 63) / 64 * 64);
    assert_non_null(config.pbuf_pool.vaddr);
    config.pbuf_pool.size = size;
    return config;
}

/* Takes all there is, each once, and gives it back; were all in this memory? */
static bool all_from(uint32_t expected, const void *memory, uint64_t size)
{
    pbuf_custom_offset_t **all = calloc(expected, sizeof(*all));
    bool within = true;

    for (uint32_t i = 0; i < expected; i++) {
        assert_false(sddf_lwip_pbuf_pool_empty());
        all[i] = sddf_lwip_pbuf_pool_alloc();
        assert_non_null(all[i]);
        within =
            within &&
            (uintptr_t)all[i] - (uintptr_t)memory + sizeof(*all[i]) <= size;
        memset(all[i], 0xa5, sizeof(*all[i]));
    }
    assert_true(sddf_lwip_pbuf_pool_empty());
    assert_null(sddf_lwip_pbuf_pool_alloc());
    for (uint32_t i = 0; i < expected; i++) {
        assert_int_equal(sddf_lwip_pbuf_pool_free(all[i]), SDDF_LWIP_ERR_OK);
    }
    free(all);
    return within;
}

static void test_built_in(void **state)
{
    (void)state;
    glue_pool_init(&lions_glue, NULL);
    assert_true(all_from(BUILT_IN, lions_glue.pool.entries, BUILT_IN * ENTRY));
}

/* Configured memory is used as far as it goes. */
static void test_configured(void **state)
{
    lib_sddf_lwip_config_t config = configure(BUILT_IN + 3, ENTRY - 1);

    (void)state;
    glue_pool_init(&lions_glue, &config);
    assert_true(
        all_from(BUILT_IN + 3, config.pbuf_pool.vaddr, config.pbuf_pool.size));
    free(config.pbuf_pool.vaddr);
}

static void test_limit(void **state)
{
    lib_sddf_lwip_config_t config = configure(65536 + 1, 0);

    (void)state;
    glue_pool_init(&lions_glue, &config);
    assert_true(all_from(65536, config.pbuf_pool.vaddr, config.pbuf_pool.size));
    free(config.pbuf_pool.vaddr);
}

/* A structure that the tool did not fill in, and memory that is too small. */
static void test_unusable(void **state)
{
    lib_sddf_lwip_config_t config = configure(BUILT_IN, 0);

    (void)state;
    config.pbuf_pool.size--;
    glue_pool_init(&lions_glue, &config);
    assert_false(
        all_from(BUILT_IN, config.pbuf_pool.vaddr, config.pbuf_pool.size));
    config.pbuf_pool.size++;
    config.magic[4] = 0;
    glue_pool_init(&lions_glue, &config);
    assert_false(
        all_from(BUILT_IN, config.pbuf_pool.vaddr, config.pbuf_pool.size));
    free(config.pbuf_pool.vaddr);
}

/* Only what is out is taken back. */
static void test_wrong_free(void **state)
{
    lib_sddf_lwip_config_t config = configure(BUILT_IN + 1, 0);

    (void)state;
    config.pbuf_pool.size -=
        ENTRY; /* behind the pool, all looks like an entry */
    glue_pool_init(&lions_glue, &config);
    struct glue_pool_entry *behind = &lions_glue.pool.entries[BUILT_IN];
    memset(behind, 0, sizeof(*behind));
    behind->used = true;
    pbuf_custom_offset_t *out = sddf_lwip_pbuf_pool_alloc();
    pbuf_custom_offset_t *wrong[] = { NULL, &behind->pbuf, out + 1,
        (pbuf_custom_offset_t *)(void *)((uint8_t *)out + 8),
        (pbuf_custom_offset_t *)(void *)((uint8_t *)out + ENTRY) };

    for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(
            sddf_lwip_pbuf_pool_free(wrong[i]), SDDF_LWIP_ERR_INVALID_PBUF);
    }
    assert_int_equal(lions_glue.pool.used, 1);
    assert_int_equal(sddf_lwip_pbuf_pool_free(out), SDDF_LWIP_ERR_OK);
    assert_int_equal(sddf_lwip_pbuf_pool_free(out), SDDF_LWIP_ERR_INVALID_PBUF);
    assert_int_equal(lions_glue.pool.used, 0);
    free(config.pbuf_pool.vaddr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in),
        cmocka_unit_test(test_configured),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_unusable),
        cmocka_unit_test(test_wrong_free),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
