/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loader's page table (loader/arch/aarch64/map.c), walked as the processor does.  Its
 * state is the program's, so these cases build on each other, in this order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loader/map.h"

#define MIB          0x100000ull
#define GIB          0x40000000ull
#define ADDRESS_MASK 0x0000ffffffe00000ull
#define NORMAL       (1ull << 2 | 3ull << 8 | 1ull << 10 | 1)
#define DEVICE       (1ull << 54 | 1ull << 10 | 1)

/* The block entry for `address`, 0 when it is not mapped. */
static uint64_t walk(uint64_t address)
{
    uint64_t entry = map_root()[address / GIB];

    if (entry == 0) {
        return 0;
    }
    assert_int_equal(entry & 0xfff, 3);
    const uint64_t *table = (const uint64_t *)(uintptr_t)(entry - 3);
    return table[address % GIB / (2 * MIB)];
}

static void nothing_is_mapped_at_first(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 512; i++) {
        assert_int_equal(map_root()[i], 0);
    }
    assert_true(map_range(0x70000000, 0, MAP_NORMAL));
    assert_int_equal(walk(0x70000000), 0);
}

static void a_range_maps_the_blocks_it_touches(void **state)
{
    (void)state;
    assert_true(map_range(0x70000000, 3 * MIB, MAP_NORMAL));
    assert_int_equal(walk(0x70000000), 0x70000000 | NORMAL);
    assert_int_equal(walk(0x70200000), 0x70200000 | NORMAL);
    assert_int_equal(walk(0x70400000), 0);
    assert_int_equal(walk(0x6fffffff), 0);
}

static void one_byte_over_a_border_maps_both(void **state)
{
    (void)state;
    assert_true(map_range(0x80000000 - 1, 2, MAP_NORMAL));
    assert_int_equal(walk(0x7fe00000), 0x7fe00000 | NORMAL);
    assert_int_equal(walk(0x80000000), 0x80000000 | NORMAL);
    assert_int_equal(walk(0x80200000), 0);
}

static void a_device_is_no_memory(void **state)
{
    (void)state;
    assert_true(map_range(0x09000000, 0x1000, MAP_DEVICE));
    assert_int_equal(walk(0x09000000), 0x09000000 | DEVICE);
}

static void what_is_mapped_keeps_its_kind(void **state)
{
    (void)state;
    assert_true(map_range(0x70000000, 0x1000, MAP_DEVICE));
    assert_int_equal(walk(0x70000000), 0x70000000 | NORMAL);
}

static void addresses_end_at_39_bits(void **state)
{
    (void)state;
    assert_false(map_range(1ull << 39, 1, MAP_NORMAL));
    assert_false(map_range((1ull << 39) - 1, 2, MAP_NORMAL));
    assert_false(map_range(UINT64_MAX, 1, MAP_NORMAL));
    assert_false(map_range(0x70000000, UINT64_MAX, MAP_NORMAL));
}

static void the_tables_are_limited(void **state)
{
    (void)state;
    /* gigabytes 0, 1 and 2 have one each */
    assert_true(map_range(511 * GIB, GIB, MAP_NORMAL));
    assert_int_equal(walk(512 * GIB - 1) & ADDRESS_MASK, 512 * GIB - 2 * MIB);
    assert_false(map_range(100 * GIB, 1, MAP_NORMAL));
    assert_int_equal(walk(100 * GIB), 0);
    assert_true(map_range(0x90000000, 1, MAP_NORMAL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_mapped_at_first),
        cmocka_unit_test(a_range_maps_the_blocks_it_touches),
        cmocka_unit_test(one_byte_over_a_border_maps_both),
        cmocka_unit_test(a_device_is_no_memory),
        cmocka_unit_test(what_is_mapped_keeps_its_kind),
        cmocka_unit_test(addresses_end_at_39_bits),
        cmocka_unit_test(the_tables_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
