/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sddf/timer/timer_common.h against 128-bit arithmetic, and the heap of
 * sddf/timer/timeouts.h against a plain sorted list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sddf/timer/timeouts.h>
#include <sddf/timer/timer_common.h>
#include <sddf/util/udivmodti4.h>

#include "base/attr.h"

__extension__ typedef unsigned __int128 wide_t;

static const uint64_t frequencies[] = { 1, 3, 1000, 32768, 1000000, 8000000,
    19200000, 24000000, 62500000, 999999999, 1000000000, 1000000001,
    UINT32_MAX };

static const uint64_t times[] = { 0, 1, 2, 999, 1000, 999999999, 1000000000,
    1000000001, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 53,
    UINT64_C(0x7fffffffffffffff), UINT64_C(1) << 63, UINT64_MAX - 1,
    UINT64_MAX };

static uint64_t saturated(wide_t n)
{
    return n > UINT64_MAX ? UINT64_MAX : (uint64_t)n;
}

/* A reproducible stream of numbers of all magnitudes. */
static uint64_t next_number(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (*state ^ *state >> 29) >> (*state >> 58);
}

static void check_conversion(uint64_t n, uint64_t freq)
{
    assert_int_equal(
        ticks_to_ns(n, freq), saturated((wide_t)n * NS_IN_S / freq));
    assert_int_equal(
        ns_to_ticks(n, freq), saturated((wide_t)n * freq / NS_IN_S));
}

static void conversions_are_exact_or_saturate(void **unused)
{
    uint64_t seed = 1;

    (void)unused;
    for (uint32_t f = 0; f < ARRAY_LEN(frequencies); f++) {
        for (uint32_t t = 0; t < ARRAY_LEN(times); t++) {
            check_conversion(times[t], frequencies[f]);
        }
        for (uint32_t i = 0; i < 20000; i++) {
            check_conversion(next_number(&seed), frequencies[f]);
        }
    }
}

static void a_missing_frequency_divides_nothing(void **unused)
{
    (void)unused;
    assert_int_equal(ticks_to_ns(UINT64_MAX, 0), 0);
    assert_int_equal(ns_to_ticks(UINT64_MAX, 0), 0);
}

static void check_deadline(uint64_t now, uint64_t ns, uint64_t freq)
{
    wide_t exact = ((wide_t)ns * freq + (NS_IN_S - 1)) / NS_IN_S + (wide_t)now;

    assert_int_equal(timer_deadline(now, ns, freq), saturated(exact));
}

static void deadlines_are_never_early(void **unused)
{
    uint64_t seed = 7;

    (void)unused;
    for (uint32_t f = 0; f < ARRAY_LEN(frequencies); f++) {
        for (uint32_t t = 0; t < ARRAY_LEN(times); t++) {
            check_deadline(0, times[t], frequencies[f]);
            check_deadline(times[t], 1, frequencies[f]);
            check_deadline(UINT64_MAX, times[t], frequencies[f]);
        }
        for (uint32_t i = 0; i < 20000; i++) {
            check_deadline(
                next_number(&seed), next_number(&seed), frequencies[f]);
        }
    }
}

static void wide_division_is_exact(void **unused)
{
    uint64_t seed = 3;

    (void)unused;
    for (uint32_t i = 0; i < 200000; i++) {
        uint64_t divisor = next_number(&seed) | 1;
        uint64_t high = next_number(&seed) % divisor;
        uint64_t low = next_number(&seed);
        wide_t number = (wide_t)high << 64 | low;
        uint64_t remainder;

        assert_int_equal(udiv128by64to64(high, low, divisor, &remainder),
            (uint64_t)(number / divisor));
        assert_int_equal(remainder, (uint64_t)(number % divisor));
    }

    uint64_t remainder = 1;

    assert_int_equal(udiv128by64to64(5, 0, 5, &remainder), UINT64_MAX);
    assert_int_equal(udiv128by64to64(0, 1, 0, &remainder), UINT64_MAX);
    assert_int_equal(remainder, 0);
}

static void timeouts_come_in_order(void **unused)
{
    static struct timeouts timeouts;
    static const uint64_t deadlines[] = { 50, 10, 30, 10, 20, 40, 10, 50 };
    static const uint32_t order[] = { 1, 3, 6, 4, 2, 5, 0, 7 };
    uint32_t client;

    (void)unused;
    memset(&timeouts, 0, sizeof(timeouts));
    timeouts.order = UINT32_MAX - 3; /* the order wraps in the middle */
    assert_int_equal(timeouts_next(&timeouts), UINT64_MAX);
    for (uint32_t i = 0; i < ARRAY_LEN(deadlines); i++) {
        assert_true(timeouts_add(&timeouts, i, deadlines[i]));
    }
    assert_int_equal(timeouts_next(&timeouts), 10);
    assert_false(timeouts_take_due(&timeouts, 9, &client));
    for (uint32_t i = 0; i < ARRAY_LEN(order); i++) {
        assert_true(timeouts_take_due(&timeouts, 50, &client));
        assert_int_equal(client, order[i]);
    }
    assert_false(timeouts_take_due(&timeouts, UINT64_MAX, &client));
}

static void each_client_has_its_own_limit(void **unused)
{
    static struct timeouts timeouts;
    uint32_t client;

    (void)unused;
    memset(&timeouts, 0, sizeof(timeouts));
    for (uint32_t c = 0; c < SDDF_TIMER_MAX_CLIENTS; c++) {
        for (uint32_t i = 0; i < SDDF_TIMER_TIMEOUTS_PER_CLIENT; i++) {
            assert_true(timeouts_add(&timeouts, c, 1000 - c));
        }
        assert_false(timeouts_add(&timeouts, c, 0));
    }
    assert_int_equal(timeouts.count, TIMEOUTS_MAX);
    assert_int_equal(
        timeouts_cancel(&timeouts, 63), SDDF_TIMER_TIMEOUTS_PER_CLIENT);
    assert_int_equal(timeouts_cancel(&timeouts, 63), 0);
    assert_int_equal(timeouts_next(&timeouts), 1000 - 62);
    assert_true(timeouts_add(&timeouts, 63, UINT64_MAX));
    assert_true(timeouts_take_due(&timeouts, 1000, &client));
    assert_int_equal(client, 62);
    assert_true(timeouts_add(&timeouts, 62, 1));
    assert_int_equal(timeouts_next(&timeouts), 1);
}

/* The list that the heap must agree with. */
static struct {
    struct {
        uint64_t deadline;
        uint32_t client;
    } entry[TIMEOUTS_MAX];
    uint32_t count;
} list;

static uint32_t list_count(uint32_t client)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < list.count; i++) {
        n += list.entry[i].client == client;
    }
    return n;
}

static void list_add(uint32_t client, uint64_t deadline)
{
    uint32_t at = list.count;

    while (at > 0 && list.entry[at - 1].deadline > deadline) {
        list.entry[at] = list.entry[at - 1];
        at--;
    }
    list.entry[at].client = client;
    list.entry[at].deadline = deadline;
    list.count++;
}

static void list_remove(uint32_t at)
{
    memmove(&list.entry[at], &list.entry[at + 1],
        (list.count - at - 1) * sizeof(list.entry[0]));
    list.count--;
}

static void list_cancel(uint32_t client)
{
    for (uint32_t i = list.count; i > 0; i--) {
        if (list.entry[i - 1].client == client) {
            list_remove(i - 1);
        }
    }
}

static void random_work_agrees_with_a_sorted_list(void **unused)
{
    static struct timeouts timeouts;
    uint64_t seed = 42;
    uint64_t now = 0;

    (void)unused;
    memset(&timeouts, 0, sizeof(timeouts));
    list.count = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t client =
            (uint32_t)(next_number(&seed) % SDDF_TIMER_MAX_CLIENTS);
        uint64_t what = next_number(&seed) % 100;

        if (what < 55) {
            uint64_t deadline = now + next_number(&seed) % 64;
            bool fits = list_count(client) < SDDF_TIMER_TIMEOUTS_PER_CLIENT;

            assert_int_equal(timeouts_add(&timeouts, client, deadline), fits);
            if (fits) {
                list_add(client, deadline);
            }
        } else if (what < 99) {
            bool due = list.count > 0 && list.entry[0].deadline <= now;

            now += what % 2;
            due = list.count > 0 && list.entry[0].deadline <= now;
            assert_int_equal(timeouts_take_due(&timeouts, now, &client), due);
            if (due) {
                assert_int_equal(client, list.entry[0].client);
                list_remove(0);
            }
        } else {
            uint32_t count = list_count(client);

            assert_int_equal(timeouts_cancel(&timeouts, client), count);
            list_cancel(client);
        }
        assert_int_equal(timeouts.count, list.count);
        assert_int_equal(timeouts_next(&timeouts),
            list.count > 0 ? list.entry[0].deadline : UINT64_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_are_exact_or_saturate),
        cmocka_unit_test(a_missing_frequency_divides_nothing),
        cmocka_unit_test(deadlines_are_never_early),
        cmocka_unit_test(wide_division_is_exact),
        cmocka_unit_test(timeouts_come_in_order),
        cmocka_unit_test(each_client_has_its_own_limit),
        cmocka_unit_test(random_work_agrees_with_a_sorted_list),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
