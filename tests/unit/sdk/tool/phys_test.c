/* SPDX-License-Identifier: BSD-2-Clause */
/* phys_test.c - free memory: first fit, and against a byte-wise model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sdk/tool/phys.h"

#define ALL ((struct phys_range){ 0, UINT64_MAX })

static struct arena arena;

static uint64_t take(struct phys *phys, uint64_t size, uint64_t align)
{
    uint64_t at = 0;

    assert_true(phys_take(phys, size, align, ALL, &at));
    return at;
}

static void the_lowest_place_is_taken(void **unused)
{
    (void)unused;
    struct phys phys;

    phys_init(&phys, &arena);
    phys_add(&phys, 0x9000, 0x1000);
    phys_add(&phys, 0x1000, 0x5000);
    phys_remove(&phys, 0x2000, 0x1000);
    assert_int_equal(take(&phys, 0x2000, 0x1000), 0x3000);
    assert_int_equal(take(&phys, 0x1000, 0x1000), 0x1000);
    assert_int_equal(take(&phys, 0x1000, 0x1000), 0x5000);
    assert_int_equal(take(&phys, 0x1000, 0x1000), 0x9000);
    assert_int_equal(phys.count, 0);
}

static void gaps_before_an_alignment_stay_free(void **unused)
{
    (void)unused;
    struct phys phys;

    phys_init(&phys, &arena);
    phys_add(&phys, 0x1000, 0x7000);
    assert_int_equal(take(&phys, 0x2000, 0x4000), 0x4000);
    assert_int_equal(take(&phys, 0x3000, 0x1000), 0x1000);
    assert_int_equal(take(&phys, 0x2000, 0x2000), 0x6000);
}

static void limits_hold(void **unused)
{
    (void)unused;
    struct phys phys;
    uint64_t at = 7;

    phys_init(&phys, &arena);
    phys_add(&phys, 0x1000, 0x8000);
    assert_false(phys_take(
        &phys, 0x2000, 0x1000, (struct phys_range){ 0x3000, 0x4000 }, &at));
    assert_false(phys_take(&phys, 0x9000, 0x1000, ALL, &at));
    assert_false(phys_take(&phys, UINT64_MAX, 0x1000, ALL, &at));
    assert_false(phys_take(&phys, 0x1000, 1ull << 63, ALL, &at));
    assert_int_equal(at, 7);
    assert_true(phys_take(
        &phys, 0x1000, 0x1000, (struct phys_range){ 0x3000, 0x4000 }, &at));
    assert_int_equal(at, 0x3000);
}

static void random_use_agrees_with_a_model(void **unused)
{
    (void)unused;
    static bool is_free[256];
    uint32_t seed = 12345;
    struct phys phys;

    phys_init(&phys, &arena);
    phys_add(&phys, 0, 256);
    memset(is_free, 1, sizeof(is_free));
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t at;
        uint32_t size;

        seed = seed * 1664525u + 1013904223u;
        at = (seed >> 8) % 256;
        size = (seed >> 20) % 12;
        if (at + size > 256) {
            size = 256 - at;
        }
        phys_remove(&phys, at, size);
        memset(is_free + at, 0, size);
        if (round % 16 == 15) { /* free everything again */
            phys_init(&phys, &arena);
            phys_add(&phys, 0, 256);
            memset(is_free, 1, sizeof(is_free));
        }

        uint32_t total = 0;
        for (uint32_t i = 0; i < phys.count; i++) {
            assert_true(phys.range[i].base < phys.range[i].end);
            for (uint64_t b = phys.range[i].base; b < phys.range[i].end; b++) {
                assert_true(is_free[b]);
                total++;
            }
        }
        for (uint32_t b = 0; b < 256; b++) {
            total -= is_free[b] ? 1 : 0;
        }
        assert_int_equal(total, 0);
    }
}

static void what_touches_becomes_one(void **unused)
{
    (void)unused;
    struct phys phys;

    phys_init(&phys, &arena);
    phys_add(&phys, 0x1000, 0x1000);
    phys_add(&phys, 0x5000, 0x1000);
    phys_add(&phys, 0x9000, 0x1000);
    phys_add(&phys, 0x2000, 0x3800); /* touches one, overlaps the next */
    assert_int_equal(phys.count, 2);
    assert_int_equal(phys.range[0].base, 0x1000);
    assert_int_equal(phys.range[0].end, 0x6000);
    phys_add(&phys, 0, 0x10000);
    assert_int_equal(phys.count, 1);
    assert_int_equal(take(&phys, 0x10000, 0x1000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lowest_place_is_taken),
        cmocka_unit_test(gaps_before_an_alignment_stay_free),
        cmocka_unit_test(what_touches_becomes_one),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(random_use_agrees_with_a_model),
    };
    int failed;

    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
