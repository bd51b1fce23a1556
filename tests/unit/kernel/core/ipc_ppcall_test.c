/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_ppcall_test.c - protected procedure calls on the fake architecture.
 */
#include "tests/unit/kernel/core/rig.h"

static void call_carries_120_words(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    rig_client_and_server(&client, &server, 0);

    for (uint32_t i = 0; i < ABI_MSG_WORDS; i++) {
        rig_message(client)[i] = 1000 + i;
    }
    rig_ppcall(client, 1, rig_info(77, 120), 5);
    assert_int_equal(rig_running(), server);
    assert_int_equal(rig_event(server), ABI_EVENT_CALL);
    assert_int_equal(rig_event_id(server), 4);
    assert_true(rig_event_info(server) == rig_info(77, 120));
    assert_int_equal(rig_event_word(server, 0), 5);
    for (uint32_t i = ABI_MSG_REGS; i < ABI_MSG_WORDS; i++) {
        assert_int_equal(rig_message(server)[i], 1000 + i);
    }

    rig_message(server)[4] = 99;
    rig_reply(server, rig_info(3, 5), 6);
    assert_int_equal(rig_running(), client);
    assert_int_equal(rig_error(client), ERR_OK);
    assert_true(rig_event_info(client) == rig_info(3, 5));
    assert_int_equal(rig_event_word(client, 0), 6);
    assert_int_equal(rig_message(client)[4], 99);
    assert_int_equal(rig_message(client)[5], 1005);
}

static void too_long_messages(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    rig_client_and_server(&client, &server, 0);

    rig_ppcall(client, 1, rig_info(0, 121), 0);
    assert_int_equal(rig_error(client), ERR_LENGTH);
    rig_ppcall(client, 1, UINT64_MAX, 0);
    assert_int_equal(rig_error(client), ERR_LENGTH);

    /* a reply cannot be refused: it is cut */
    rig_ppcall(client, 1, 0, 0);
    rig_reply(server, UINT64_MAX, 0);
    assert_int_equal(rig_running(), client);
    assert_int_equal(
        rig_event_info(client) & ABI_INFO_LENGTH_MASK, ABI_MSG_WORDS);
    assert_true(rig_event_info(client) >> ABI_INFO_LABEL_SHIFT ==
                UINT64_MAX >> ABI_INFO_LABEL_SHIFT);
}

/* The server runs out of budget before it waits; its callers pile up. */
static void callers_queue_lowest_channel_first(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t server = rig_pd("server", 30, 0);
    uint16_t a = rig_pd("a", 12, 0);
    uint16_t b = rig_pd("b", 11, 0);
    uint16_t c = rig_pd("c", 10, 0);
    rig_channel(a, 0, ABI_CH_CALL, server, 5, ABI_CH_SERVE);
    rig_channel(b, 0, ABI_CH_CALL, server, 63, ABI_CH_SERVE);
    rig_channel(c, 0, ABI_CH_CALL, server, 1, ABI_CH_SERVE);
    rig_budget(server, 10, 1000);
    rig_boot();
    rig_settle(30);
    rig_run(10);

    rig_ppcall(a, 0, rig_info(1, 0), 0);
    rig_ppcall(b, 0, rig_info(2, 0), 0);
    rig_ppcall(c, 0, rig_info(3, 0), 0);
    assert_int_equal(rig_running(), server);
    rig_wait(server);
    assert_int_equal(rig_event_id(server), 1);
    rig_reply(server, 0, 0);
    assert_int_equal(rig_event_id(server), 5);
    assert_true(rig_event_info(server) == rig_info(1, 0));
    rig_reply(server, 0, 0);
    assert_int_equal(rig_event_id(server), 63);
    assert_int_equal(rig_running(), server);
}

static void waiting_without_reply_releases_the_caller(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    rig_client_and_server(&client, &server, ABI_PD_PASSIVE);

    rig_ppcall(client, 1, 0, 0);
    rig_wait(server);
    assert_int_equal(rig_running(), client);
    assert_int_equal(rig_error(client), ERR_STOPPED);
    assert_true(rig_event_info(client) == rig_info(ABI_LABEL_ABORTED, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call_carries_120_words),
        cmocka_unit_test(too_long_messages),
        cmocka_unit_test(callers_queue_lowest_channel_first),
        cmocka_unit_test(waiting_without_reply_releases_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
