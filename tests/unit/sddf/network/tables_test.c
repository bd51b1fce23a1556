/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtualisers' tables: addresses to clients, device addresses to owners. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sddf/network/mac_table.h"
#include "sddf/network/tx_regions.h"

static struct mac_table macs;
static struct tx_regions regions;

/* Addresses that differ in few bits, as real ones do. */
static uint64_t mac_number(uint32_t n)
{
    uint8_t mac[6] = { 0x52, 0x54, (uint8_t)(n >> 16), 0, (uint8_t)(n >> 8),
        (uint8_t)n };

    return mac_word(mac);
}

static void test_mac_full_table(void **state)
{
    (void)state;
    mac_table_init(&macs, MAC_TABLE_MAX);
    for (uint32_t i = 0; i < MAC_TABLE_MAX; i++) {
        assert_int_equal(
            mac_table_add(&macs, mac_number(i), (uint8_t)(i % 64)), ERR_OK);
    }
    assert_int_equal(
        mac_table_add(&macs, mac_number(MAC_TABLE_MAX), 0), ERR_MEMORY);
    for (uint32_t i = 0; i < MAC_TABLE_MAX; i++) {
        assert_int_equal(mac_table_find(&macs, mac_number(i)), i % 64);
    }
    for (uint32_t i = MAC_TABLE_MAX; i < 2 * MAC_TABLE_MAX; i++) {
        assert_int_equal(mac_table_find(&macs, mac_number(i)), MAC_TABLE_NONE);
    }
}

static void test_mac_small(void **state)
{
    (void)state;
    mac_table_init(&macs, 0);
    assert_int_equal(mac_table_find(&macs, 0), MAC_TABLE_NONE);
    mac_table_init(&macs, 1);
    assert_int_equal(mac_table_add(&macs, 0, 63), ERR_OK);
    assert_int_equal(mac_table_add(&macs, 0, 1), ERR_STATE);
    assert_int_equal(mac_table_find(&macs, 0), 63);
    assert_int_equal(mac_table_find(&macs, 1), MAC_TABLE_NONE);
}

static void test_regions(void **state)
{
    (void)state;
    memset(&regions, 0, sizeof(regions));
    /* in no order, with gaps, one below all */
    assert_int_equal(tx_regions_add(&regions, 0x60000000, 4, 0, 0), ERR_OK);
    assert_int_equal(tx_regions_add(&regions, 0x50000000, 8, 1, 0), ERR_OK);
    assert_int_equal(
        tx_regions_add(&regions, 0x50000000 + 8 * 2048, 2, 1, 5), ERR_OK);
    assert_int_equal(
        tx_regions_add(&regions, 0x50000000 + 7 * 2048, 1, 2, 0), ERR_RANGE);
    assert_int_equal(
        tx_regions_add(&regions, 0x40000000, TX_BUFFERS_MAX, 2, 0), ERR_MEMORY);

    assert_null(tx_regions_find(&regions, 0));
    assert_null(tx_regions_find(&regions, 0x4fffffff));
    assert_null(tx_regions_find(&regions, 0x50000001));
    assert_null(tx_regions_find(&regions, UINT64_MAX));
    assert_null(tx_regions_find(&regions, 0x50000000 + 10 * 2048));
    assert_null(tx_regions_find(&regions, 0x60000000 + 4 * 2048));
    for (uint32_t i = 0; i < 10; i++) {
        const struct tx_region *region =
            tx_regions_find(&regions, 0x50000000 + i * 2048);

        assert_non_null(region);
        assert_int_equal(region->client, 1);
        assert_int_equal(region->oid, i < 8 ? 0 : 5);
        assert_int_equal(
            tx_buffer_number(region, 0x50000000 + i * 2048), 4 + i);
    }
    assert_int_equal(
        tx_regions_find(&regions, 0x60000000 + 3 * 2048)->client, 0);
}

static void test_region_bits(void **state)
{
    (void)state;
    memset(&regions, 0, sizeof(regions));
    for (uint32_t i = 0; i < TX_BUFFERS_MAX; i += 61) {
        assert_false(tx_buffer_given(&regions, i));
        assert_false(tx_buffer_take(&regions, i));
        tx_buffer_give(&regions, i);
        assert_true(tx_buffer_given(&regions, i));
        assert_true(tx_buffer_take(&regions, i));
        assert_false(tx_buffer_take(&regions, i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mac_full_table),
        cmocka_unit_test(test_mac_small),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_region_bits),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
