/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * benchmark_test.c - utilisation by libsel4's names.
 */
#include "tests/unit/sdk/libmicrokit/pd_rig.h"

static void test_utilisation_since_reset(void **state)
{
    (void)state;
    rig.result[1] = 1000;
    rig.result[3] = 10;
    rig.now = 5;
    seL4_BenchmarkResetThreadUtilisation(BASE_TCB_CAP + 1);
    assert_int_equal(seL4_BenchmarkResetLog(), seL4_NoError);
    rig.result[1] = 1500;
    rig.result[3] = 17;
    rig.now = 905;
    assert_int_equal(seL4_BenchmarkFinalizeLog(), 0);
    seL4_BenchmarkGetThreadUtilisation(BASE_TCB_CAP + 1);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_UTILISATION), 500);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_NUMBER_SCHEDULES), 7);
    assert_int_equal(seL4_GetMR(BENCHMARK_TOTAL_UTILISATION), 900);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_NUMBER_KERNEL_ENTRIES), 0);
    seL4_BenchmarkGetThreadUtilisation(TCB_CAP);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_UTILISATION), 0);
    assert_int_equal(seL4_BenchmarkSetLogBuffer(7), seL4_IllegalOperation);
}

#define TEST(f) cmocka_unit_test_setup(f, rig_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_utilisation_since_reset),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
