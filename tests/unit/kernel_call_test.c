/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_call_test.c - protected procedure calls, the budgets that travel with them, and
 * time, on the fake architecture.
 */
#include "tests/unit/kernel_rig.h"

#include "abi/err.h"

#define BOTH (ABI_CH_NOTIFY)

/* --- protected procedure calls ----------------------------------------------------- */

static void call_pair(uint16_t *client, uint16_t *server, uint8_t flags)
{
    rig_reset();
    *client = rig_pd("client", 10, 0);
    *server = rig_pd("server", 20, flags);
    rig_channel(*client, 1, ABI_CH_CALL, *server, 4, ABI_CH_SERVE);
    rig_boot();
    rig_settle(10);
}

static void call_carries_120_words(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    call_pair(&client, &server, 0);

    for (uint32_t i = 0; i < ABI_MSG_WORDS; i++) {
        pd_message(kernel_pd(&kernel, client))[i] = 1000 + i;
    }
    rig_call(client, ABI_SYS_PPCALL, 1, 0, rig_info(77, 120), 5);
    assert_int_equal(rig_running(), server);
    assert_int_equal(rig_reg(server, 0), ABI_EVENT_CALL);
    assert_int_equal(rig_reg(server, 1), 4);
    assert_true(rig_reg(server, 2) == rig_info(77, 120));
    assert_int_equal(rig_reg(server, 3), 5);
    for (uint32_t i = ABI_MSG_REGS; i < ABI_MSG_WORDS; i++) {
        assert_int_equal(pd_message(kernel_pd(&kernel, server))[i], 1000 + i);
    }

    pd_message(kernel_pd(&kernel, server))[4] = 99;
    rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, rig_info(3, 5), 6);
    assert_int_equal(rig_running(), client);
    assert_int_equal(rig_reg(client, 0), ERR_OK);
    assert_true(rig_reg(client, 2) == rig_info(3, 5));
    assert_int_equal(rig_reg(client, 3), 6);
    assert_int_equal(pd_message(kernel_pd(&kernel, client))[4], 99);
    assert_int_equal(pd_message(kernel_pd(&kernel, client))[5], 1005);
}

static void too_long_messages(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    call_pair(&client, &server, 0);

    rig_call(client, ABI_SYS_PPCALL, 1, 0, rig_info(0, 121), 0);
    assert_int_equal(rig_reg(client, 0), ERR_LENGTH);
    rig_call(client, ABI_SYS_PPCALL, 1, 0, UINT64_MAX, 0);
    assert_int_equal(rig_reg(client, 0), ERR_LENGTH);

    /* a reply cannot be refused: it is cut */
    rig_call(client, ABI_SYS_PPCALL, 1, 0, 0, 0);
    rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, UINT64_MAX, 0);
    assert_int_equal(rig_running(), client);
    assert_int_equal(rig_reg(client, 2) & ABI_INFO_LENGTH_MASK, ABI_MSG_WORDS);
    assert_true(rig_reg(client, 2) >> ABI_INFO_LABEL_SHIFT ==
                UINT64_MAX >> ABI_INFO_LABEL_SHIFT);
}

static void passive_server_runs_on_the_callers_budget(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    call_pair(&client, &server, ABI_PD_PASSIVE);

    assert_null(kernel_pd(&kernel, server)->budget_owner);
    rig_call(client, ABI_SYS_PPCALL, 1, 0, 0, 0);
    assert_ptr_equal(
        kernel_pd(&kernel, server)->budget_owner, kernel_pd(&kernel, client));
    assert_ptr_equal(
        kernel_pd(&kernel, client)->budget.user, kernel_pd(&kernel, server));
    rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_ptr_equal(
        kernel_pd(&kernel, client)->budget_owner, kernel_pd(&kernel, client));
    assert_ptr_equal(
        kernel_pd(&kernel, client)->budget.user, kernel_pd(&kernel, client));
    assert_null(kernel_pd(&kernel, server)->budget_owner);
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

    rig_call(a, ABI_SYS_PPCALL, 0, 0, rig_info(1, 0), 0);
    rig_call(b, ABI_SYS_PPCALL, 0, 0, rig_info(2, 0), 0);
    rig_call(c, ABI_SYS_PPCALL, 0, 0, rig_info(3, 0), 0);
    assert_int_equal(rig_running(), server);
    rig_call(server, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(server, 1), 1);
    rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(server, 1), 5);
    assert_true(rig_reg(server, 2) == rig_info(1, 0));
    rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(server, 1), 63);
    assert_int_equal(rig_running(), server);
}

static void nested_calls_pass_the_budget_on(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t bottom = rig_pd("bottom", 40, ABI_PD_PASSIVE);
    uint16_t middle = rig_pd("middle", 30, ABI_PD_PASSIVE);
    uint16_t client = rig_pd("client", 10, 0);
    rig_channel(middle, 0, ABI_CH_CALL, bottom, 0, ABI_CH_SERVE);
    rig_channel(client, 0, ABI_CH_CALL, middle, 1, ABI_CH_SERVE);
    rig_boot();
    rig_settle(10);

    rig_call(client, ABI_SYS_PPCALL, 0, 0, 0, 0);
    rig_call(middle, ABI_SYS_PPCALL, 0, 0, 0, 0);
    assert_int_equal(rig_running(), bottom);
    assert_ptr_equal(
        kernel_pd(&kernel, bottom)->budget_owner, kernel_pd(&kernel, client));
    rig_call(bottom, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), middle);
    assert_ptr_equal(
        kernel_pd(&kernel, middle)->budget_owner, kernel_pd(&kernel, client));
    rig_call(middle, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), client);
}

static void waiting_without_reply_releases_the_caller(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    call_pair(&client, &server, ABI_PD_PASSIVE);

    rig_call(client, ABI_SYS_PPCALL, 1, 0, 0, 0);
    rig_call(server, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), client);
    assert_int_equal(rig_reg(client, 0), ERR_STOPPED);
    assert_true(rig_reg(client, 2) == rig_info(ABI_LABEL_ABORTED, 0));
}

static void order_is_notifications_faults_callers(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t parent = rig_pd("parent", 30, 0);
    uint16_t child = rig_pd("child", 20, 0);
    uint16_t client = rig_pd("client", 10, 0);
    rig_child(parent, 6, child);
    rig_channel(client, 0, ABI_CH_CALL, parent, 2, ABI_CH_SERVE);
    rig_channel(client, 1, BOTH, parent, 1, BOTH);
    rig_budget(parent, 10, 1000);
    rig_boot();
    rig_settle(30);
    rig_run(10);

    rig_fault(child, ABI_FAULT_USER_EXCEPTION, 7);
    rig_call(client, ABI_SYS_NOTIFY, 1, 0, 0, 0);
    rig_call(client, ABI_SYS_PPCALL, 0, 0, rig_info(9, 0), 0);
    assert_int_equal(rig_running(), parent);
    rig_call(parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(parent, 0), ABI_EVENT_NOTIFICATION);
    assert_int_equal(rig_reg(parent, 1), 2);
    rig_call(parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(parent, 0), ABI_EVENT_FAULT);
    assert_int_equal(rig_reg(parent, 1), 6);
    rig_call(parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(parent, 0), ABI_EVENT_CALL);
    assert_int_equal(rig_reg(parent, 1), 2);
}

/* --- budgets that cannot go back the way they came ------------------------ */

/* child calls front, front calls back; parent can stop the child. */
struct chain {
    uint16_t parent;
    uint16_t back;
    uint16_t front;
    uint16_t child;
};

static struct chain chain(uint8_t back_flags)
{
    struct chain c;

    rig_reset();
    c.parent = rig_pd("parent", 50, 0);
    c.back = rig_pd("back", 40, back_flags);
    c.front = rig_pd("front", 30, ABI_PD_PASSIVE);
    c.child = rig_pd("child", 10, 0);
    rig_pd("idler", 5, 0);
    rig_child(c.parent, 0, c.child);
    rig_child(c.parent, 1, c.back);
    rig_channel(c.child, 0, ABI_CH_CALL, c.front, 0, ABI_CH_SERVE);
    rig_channel(c.front, 1, ABI_CH_CALL, c.back, 0, ABI_CH_SERVE);
    rig_irq(c.parent, 1, 5);
    rig_boot();
    rig_settle(10);
    return c;
}

/* The parent is woken, restarts its child 0 and waits again. */
static void restart_child(const struct chain *c)
{
    rig_interrupt(5);
    assert_int_equal(rig_running(), c->parent);
    rig_call(c->parent, ABI_SYS_IRQ_ACK, 1, 0, 0, 0);
    rig_call(c->parent, ABI_SYS_PD_CONTROL, 0, ABI_PD_RESTART, 0x4000, 0);
    rig_call(c->parent, ABI_SYS_WAIT, 0, 0, 0, 0);
}

static void everyone_finishes(const struct chain *c)
{
    assert_int_equal(rig_running(), c->back);
    rig_call(c->back, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), c->front);
    assert_ptr_equal(kernel_pd(&kernel, c->front)->budget_owner,
        kernel_pd(&kernel, c->front));
    rig_call(c->front, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), c->child);
    assert_ptr_equal(kernel_pd(&kernel, c->child)->budget_owner,
        kernel_pd(&kernel, c->child));
    rig_call(c->child, ABI_SYS_PPCALL, 0, 0, 0, 0);
    assert_int_equal(rig_running(), c->front);
    assert_ptr_equal(kernel_pd(&kernel, c->front)->budget_owner,
        kernel_pd(&kernel, c->child));
}

static void a_client_of_a_passive_chain_restarts(void **unused)
{
    (void)unused;
    struct chain c = chain(ABI_PD_PASSIVE);

    rig_call(c.child, ABI_SYS_PPCALL, 0, 0, 0, 0);
    rig_call(c.front, ABI_SYS_PPCALL, 1, 0, 0, 0);
    restart_child(&c);
    everyone_finishes(&c);
}

static void a_client_restarts_while_its_server_calls_an_active_one(
    void **unused)
{
    (void)unused;
    struct chain c = chain(0);

    rig_call(c.child, ABI_SYS_PPCALL, 0, 0, 0, 0);
    rig_call(c.front, ABI_SYS_PPCALL, 1, 0, 0, 0);
    restart_child(&c);
    everyone_finishes(&c);
}

static void a_client_restarts_while_its_server_is_queued(void **unused)
{
    (void)unused;
    struct chain c = chain(ABI_PD_PASSIVE);

    /* back faults, and gets a call before it can wait */
    rig_call(c.child, ABI_SYS_PPCALL, 0, 0, 0, 0);
    rig_call(c.front, ABI_SYS_PPCALL, 1, 0, 0, 0);
    rig_fault(c.back, ABI_FAULT_VM, 0);
    rig_call(c.parent, ABI_SYS_PD_CONTROL, 1, ABI_PD_RESTART, 0x4000, 0);
    rig_call(c.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_fault(c.back, ABI_FAULT_VM, 0);
    rig_call(c.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), c.front);
    assert_int_equal(rig_reg(c.front, 0), ERR_STOPPED);
    rig_call(c.front, ABI_SYS_PPCALL, 1, 0, 0, 0);
    assert_int_equal(kernel_pd(&kernel, c.front)->wait_state, PD_CALLING);
    rig_interrupt(5);
    rig_call(c.parent, ABI_SYS_PD_CONTROL, 0, ABI_PD_STOP, 0, 0);
    rig_call(c.parent, ABI_SYS_PD_CONTROL, 1, ABI_PD_RESUME, 0, 0);
    rig_call(c.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), c.back);
    rig_call(c.back, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(c.back, 0), ABI_EVENT_CALL);
    assert_ptr_equal(
        kernel_pd(&kernel, c.back)->budget_owner, kernel_pd(&kernel, c.front));
    rig_call(c.back, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), c.front);
    assert_ptr_equal(
        kernel_pd(&kernel, c.front)->budget_owner, kernel_pd(&kernel, c.front));
}

/* A passive server's own small budget, unused for long, is not worth more. */
static void an_own_budget_taken_up_again_is_used_from_then_on(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t server = rig_pd("server", 40, ABI_PD_PASSIVE);
    uint16_t client = rig_pd("client", 20, 0);
    uint16_t other = rig_pd("other", 10, 0);
    rig_channel(client, 0, ABI_CH_CALL, server, 0, ABI_CH_SERVE);
    rig_irq(server, 1, 5);
    rig_budget(server, 100, 1000);
    rig_boot();
    rig_settle(20);

    rig_run(5000);
    rig_call(client, ABI_SYS_PPCALL, 0, 0, 0, 0);
    rig_interrupt(5);
    rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), server);
    assert_int_equal(rig_reg(server, 0), ABI_EVENT_NOTIFICATION);
    rig_run(1000);
    assert_int_equal(kernel_pd(&kernel, server)->ticks_used, 100);
    (void)other;
}

/* --- time ---------------------------------------------------------------- */

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
    assert_true(kernel_pd(&kernel, a)->ticks_used >= 5000);
    assert_true(kernel_pd(&kernel, b)->ticks_used >= 5000);
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
            rig_call(caller, ABI_SYS_PPCALL, 0, 0, 0, 0);
            rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
        }
    }
    uint64_t share = kernel_pd(&kernel, hog)->ticks_used;
    assert_in_range(share, 95000, 115000);
    assert_in_range(
        kernel_pd(&kernel, third)->ticks_used, share - 2000, share + 2000);
    /* of the turns that it begins with a call it loses some */
    assert_in_range(
        kernel_pd(&kernel, caller)->ticks_used, 80000, share + 2000);
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
    assert_in_range(kernel_pd(&kernel, bad)->ticks_used, 9900, 10100);
    assert_in_range(kernel_pd(&kernel, good)->ticks_used, 89900, 90100);
}

static void passive_server_stops_with_the_callers_budget(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t server = rig_pd("server", 40, ABI_PD_PASSIVE);
    uint16_t client = rig_pd("client", 20, 0);
    uint16_t other = rig_pd("other", 10, 0);
    rig_channel(client, 0, ABI_CH_CALL, server, 0, ABI_CH_SERVE);
    rig_budget(client, 100, 1000);
    rig_boot();
    rig_settle(20);

    rig_call(client, ABI_SYS_PPCALL, 0, 0, 0, 0);
    rig_run(500);
    assert_int_equal(rig_running(), other);
    assert_int_equal(kernel_pd(&kernel, client)->ticks_used, 100);
    rig_run(500);
    assert_int_equal(rig_running(), server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call_carries_120_words),
        cmocka_unit_test(too_long_messages),
        cmocka_unit_test(passive_server_runs_on_the_callers_budget),
        cmocka_unit_test(callers_queue_lowest_channel_first),
        cmocka_unit_test(nested_calls_pass_the_budget_on),
        cmocka_unit_test(waiting_without_reply_releases_the_caller),
        cmocka_unit_test(order_is_notifications_faults_callers),
        cmocka_unit_test(a_client_of_a_passive_chain_restarts),
        cmocka_unit_test(
            a_client_restarts_while_its_server_calls_an_active_one),
        cmocka_unit_test(a_client_restarts_while_its_server_is_queued),
        cmocka_unit_test(an_own_budget_taken_up_again_is_used_from_then_on),
        cmocka_unit_test(equal_priorities_take_turns),
        cmocka_unit_test(a_caller_keeps_its_turn),
        cmocka_unit_test(a_lone_pd_needs_no_timer),
        cmocka_unit_test(budget_bounds_a_runaway),
        cmocka_unit_test(passive_server_stops_with_the_callers_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
