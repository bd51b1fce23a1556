/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * budget_test.c - the arithmetic of budgets, against its definition:
 * in no window of one period does a PD use more than its budget.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/core/budget.h"

#define CAPACITY 100u
#define PERIOD   1000u
#define HORIZON  60000u

static uint64_t seed;
static uint8_t used_at[HORIZON]; /* 1: ran during that tick */

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 8) % below;
}

static uint64_t sum(const struct budget *b)
{
    uint64_t total = 0;

    for (uint32_t i = 0; i < b->count; i++) {
        total += b->refill[(b->head + i) % BUDGET_REFILLS].amount;
    }
    return total;
}

static void a_slice_never_ends_the_budget(void **unused)
{
    (void)unused;
    struct budget b;

    budget_init(&b, 500, 500, 7);
    assert_false(b.limited);
    assert_int_equal(budget_charge(&b, 499, 506), BUDGET_LEFT);
    assert_int_equal(budget_left(&b), 1);
    assert_int_equal(budget_charge(&b, 1, 507), BUDGET_SLICE_OVER);
    assert_int_equal(budget_left(&b), 500);
    assert_int_equal(budget_charge(&b, 9999, 10506), BUDGET_SLICE_OVER);
    assert_int_equal(budget_left(&b), 500);
}

static void used_time_returns_one_period_later(void **unused)
{
    (void)unused;
    struct budget b;

    budget_init(&b, CAPACITY, PERIOD, 0);
    assert_int_equal(budget_charge(&b, 40, 40), BUDGET_LEFT);
    assert_int_equal(budget_left(&b), 60);
    assert_true(budget_wake(&b, 300));
    assert_int_equal(budget_charge(&b, 60, 360), BUDGET_EMPTY);
    assert_false(budget_wake(&b, 999));
    assert_true(budget_wake(&b, 1000));
    assert_int_equal(budget_left(&b), 40);
    assert_int_equal(budget_charge(&b, 40, 1040), BUDGET_EMPTY);
    assert_false(budget_wake(&b, 1299));
    assert_true(budget_wake(&b, 1300));
    assert_int_equal(budget_left(&b), 60);
}

static void overrun_delays_the_return(void **unused)
{
    (void)unused;
    struct budget b;

    budget_init(&b, CAPACITY, PERIOD, 0);
    assert_int_equal(budget_charge(&b, CAPACITY + 25, 125), BUDGET_EMPTY);
    assert_false(budget_wake(&b, PERIOD + 25 * (PERIOD / CAPACITY) - 1));
    assert_true(budget_wake(&b, PERIOD + 26 * (PERIOD / CAPACITY)));
    assert_int_equal(sum(&b), CAPACITY);

    /* whatever the clock says, nothing wraps around */
    assert_int_equal(
        budget_charge(&b, UINT64_MAX / 2, UINT64_MAX / 2), BUDGET_SLICE_OVER);
    assert_int_equal(sum(&b), CAPACITY);
}

/* A PD that always runs over gets its share in the long run, not more. */
static void overruns_do_not_add_up(void **unused)
{
    (void)unused;
    struct budget b;
    uint64_t now = 0;
    uint64_t total = 0;

    budget_init(&b, CAPACITY, PERIOD, 0);
    while (now < 1000 * PERIOD) {
        if (!budget_wake(&b, now)) {
            now = b.refill[b.head].time;
            continue;
        }
        uint64_t run = budget_left(&b) + CAPACITY / 2;
        now += run;
        total += run;
        budget_charge(&b, run, now);
    }
    assert_in_range(total, 950 * CAPACITY, 1001 * CAPACITY);
}

/* Runs and sleeps at random, as the scheduler would let it. */
static void behave(struct budget *b, uint64_t longest_run, uint64_t longest_nap)
{
    uint64_t now = 0;

    while (now < HORIZON - 3 * CAPACITY) {
        if (!budget_wake(b, now)) {
            now = b->refill[b->head].time;
            continue;
        }
        uint64_t want = 1 + draw(longest_run);
        uint64_t run = want < budget_left(b) ? want : budget_left(b);
        for (uint64_t t = now; t < now + run && t < HORIZON; t++) {
            used_at[t] = 1;
        }
        now += run;
        budget_charge(b, run, now);
        assert_int_equal(sum(b), CAPACITY);
        assert_in_range(b->count, 1, BUDGET_REFILLS);
        now += draw(longest_nap);
    }
}

static void no_window_holds_more_than_the_budget(void **unused)
{
    (void)unused;
    for (uint64_t round = 1; round <= 200; round++) {
        struct budget b;
        uint64_t window = 0;

        seed = round * 0x9e3779b97f4a7c15u;
        for (uint32_t t = 0; t < HORIZON; t++) {
            used_at[t] = 0;
        }
        budget_init(&b, CAPACITY, PERIOD, 0);
        behave(&b, 1 + draw(40), 1 + draw(200));
        for (uint32_t t = 0; t < HORIZON; t++) {
            window += used_at[t];
            if (t >= PERIOD) {
                window -= used_at[t - PERIOD];
            }
            assert_in_range(window, 0, CAPACITY);
        }
    }
}

/* Joining pieces delays them: even a PD that runs in the shortest pieces gets
 * nine tenths of its share. */
static void a_greedy_pd_gets_its_share(void **unused)
{
    (void)unused;
    struct budget b;
    uint64_t total = 0;

    seed = 42;
    for (uint32_t t = 0; t < HORIZON; t++) {
        used_at[t] = 0;
    }
    budget_init(&b, CAPACITY, PERIOD, 0);
    behave(&b, 3, 1);
    for (uint32_t t = 0; t < HORIZON; t++) {
        total += used_at[t];
    }
    assert_in_range(total, HORIZON / PERIOD * CAPACITY * 90 / 100,
        HORIZON / PERIOD * CAPACITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slice_never_ends_the_budget),
        cmocka_unit_test(used_time_returns_one_period_later),
        cmocka_unit_test(overrun_delays_the_return),
        cmocka_unit_test(overruns_do_not_add_up),
        cmocka_unit_test(no_window_holds_more_than_the_budget),
        cmocka_unit_test(a_greedy_pd_gets_its_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
