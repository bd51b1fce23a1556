/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_test.c - who runs and for how long: priorities, round robin, budgets.
 */
#include "tests/unit/kernel/core/rig.h"

static void equal_priorities_take_turns(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t a = rig_pd("a", 10, 0);
    uint16_t b = rig_pd("b", 10, 0);
    rig_boot();
    rig_settle(10);

    assert_int_equal(rig_running(), a);
    rig_run(1000);
    assert_int_equal(rig_running(), b);
    rig_run(1000);
    assert_int_equal(rig_running(), a);
    rig_run(10000);
    assert_true(rig_state(a)->ticks_used >= 5000);
    assert_true(rig_state(b)->ticks_used >= 5000);
}

/* A call does not end the caller's slice, nor begin a new one. */
static void a_caller_keeps_its_turn(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t server = rig_pd("server", 30, 0);
    uint16_t caller = rig_pd("caller", 10, 0);
    uint16_t hog = rig_pd("hog", 10, 0);
    uint16_t third = rig_pd("third", 10, 0);
    rig_channel(caller, 0, ABI_CH_CALL, server, 0, ABI_CH_SERVE);
    rig_boot();
    rig_settle(10);

    while (fake.now < 300000) {
        rig_run(7);
        if (rig_running() == caller) {
            rig_ppcall(caller, 0, 0, 0);
            rig_reply(server, 0, 0);
        }
    }
    uint64_t share = rig_state(hog)->ticks_used;
    assert_in_range(share, 95000, 115000);
    assert_in_range(rig_state(third)->ticks_used, share - 2000, share + 2000);
    /* of the turns that it begins with a call it loses some */
    assert_in_range(rig_state(caller)->ticks_used, 80000, share + 2000);
}

static void a_lone_pd_needs_no_timer(void **unused)
{
    (void)unused;
    rig_reset();
    rig_pd("a", 10, 0);
    rig_boot();
    rig_settle(10);
    rig_run(1000000);
    assert_int_equal(fake.timer_sets, 0);
}

static void budget_bounds_a_runaway(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t bad = rig_pd("bad", 20, 0);
    uint16_t good = rig_pd("good", 10, 0);
    rig_budget(bad, 100, 1000);
    rig_boot();
    rig_settle(20);

    rig_run(100000);
    assert_in_range(rig_state(bad)->ticks_used, 9900, 10100);
    assert_in_range(rig_state(good)->ticks_used, 89900, 90100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_priorities_take_turns),
        cmocka_unit_test(a_caller_keeps_its_turn),
        cmocka_unit_test(a_lone_pd_needs_no_timer),
        cmocka_unit_test(budget_bounds_a_runaway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
