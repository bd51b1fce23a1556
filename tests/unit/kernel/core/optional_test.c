/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * optional_test.c - the core on an architecture that has none of the optional
 * parts of arch.h: it is built with the empty functions of kernel/arch/common.
 */
#include "tests/unit/kernel/core/rig.h"

/* The rig gives nobody an optional flag unless asked. */
static void a_system_runs_without_the_optional_parts(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    rig_client_and_server(&client, &server, ABI_PD_PASSIVE);

    rig_ppcall(client, 1, rig_info(1, 1), 7);
    assert_int_equal(rig_running(), server);
    assert_int_equal(rig_event_word(server, 0), 7);
    rig_reply(server, 0, 0);
    assert_int_equal(rig_running(), client);
}

static void what_is_missing_is_an_error_or_a_fault(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    rig_client_and_server(&client, &server, 0);

    rig_syscall(client, ABI_SYS_SMC, (uint64_t[4]){ 0 });
    assert_int_equal(rig_error(client), ERR_RIGHT);
    rig_fpu(client, 1);
    assert_int_equal(rig_running(), 0);
    assert_int_equal(rig_event(0), ABI_EVENT_FAULT);
    assert_int_equal(rig_event_id(0), client);
    assert_false(fake.fpu_on);
    assert_false(fake.user_timer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_system_runs_without_the_optional_parts),
        cmocka_unit_test(what_is_missing_is_an_error_or_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
