/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_lend_test.c - the budgets that travel with protected procedure calls,
 * also when they cannot go back the way they came.
 */
#include "tests/unit/kernel/core/rig.h"

static void passive_server_runs_on_the_callers_budget(void **unused)
{
    (void)unused;
    uint16_t client;
    uint16_t server;
    rig_client_and_server(&client, &server, ABI_PD_PASSIVE);

    assert_null(rig_state(server)->budget_owner);
    rig_ppcall(client, 1, 0, 0);
    assert_ptr_equal(rig_state(server)->budget_owner, rig_state(client));
    assert_ptr_equal(rig_state(client)->budget.user, rig_state(server));
    rig_reply(server, 0, 0);
    assert_ptr_equal(rig_state(client)->budget_owner, rig_state(client));
    assert_ptr_equal(rig_state(client)->budget.user, rig_state(client));
    assert_null(rig_state(server)->budget_owner);
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

    rig_ppcall(client, 0, 0, 0);
    rig_ppcall(middle, 0, 0, 0);
    assert_int_equal(rig_running(), bottom);
    assert_ptr_equal(rig_state(bottom)->budget_owner, rig_state(client));
    rig_reply(bottom, 0, 0);
    assert_int_equal(rig_running(), middle);
    assert_ptr_equal(rig_state(middle)->budget_owner, rig_state(client));
    rig_reply(middle, 0, 0);
    assert_int_equal(rig_running(), client);
}

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
    rig_irq_ack(c->parent, 1);
    rig_pd_control(c->parent, 0, ABI_PD_RESTART, 0x4000, 0);
    rig_wait(c->parent);
}

static void everyone_finishes(const struct chain *c)
{
    assert_int_equal(rig_running(), c->back);
    rig_reply(c->back, 0, 0);
    assert_int_equal(rig_running(), c->front);
    assert_ptr_equal(rig_state(c->front)->budget_owner, rig_state(c->front));
    rig_reply(c->front, 0, 0);
    assert_int_equal(rig_running(), c->child);
    assert_ptr_equal(rig_state(c->child)->budget_owner, rig_state(c->child));
    rig_ppcall(c->child, 0, 0, 0);
    assert_int_equal(rig_running(), c->front);
    assert_ptr_equal(rig_state(c->front)->budget_owner, rig_state(c->child));
}

static void a_client_of_a_passive_chain_restarts(void **unused)
{
    (void)unused;
    struct chain c = chain(ABI_PD_PASSIVE);

    rig_ppcall(c.child, 0, 0, 0);
    rig_ppcall(c.front, 1, 0, 0);
    restart_child(&c);
    everyone_finishes(&c);
}

static void a_client_restarts_while_its_server_calls_an_active_one(
    void **unused)
{
    (void)unused;
    struct chain c = chain(0);

    rig_ppcall(c.child, 0, 0, 0);
    rig_ppcall(c.front, 1, 0, 0);
    restart_child(&c);
    everyone_finishes(&c);
}

static void a_client_restarts_while_its_server_is_queued(void **unused)
{
    (void)unused;
    struct chain c = chain(ABI_PD_PASSIVE);

    /* back faults, and gets a call before it can wait */
    rig_ppcall(c.child, 0, 0, 0);
    rig_ppcall(c.front, 1, 0, 0);
    rig_fault(c.back, ABI_FAULT_VM, 0);
    rig_pd_control(c.parent, 1, ABI_PD_RESTART, 0x4000, 0);
    rig_wait(c.parent);
    rig_fault(c.back, ABI_FAULT_VM, 0);
    rig_wait(c.parent);
    assert_int_equal(rig_running(), c.front);
    assert_int_equal(rig_error(c.front), ERR_STOPPED);
    rig_ppcall(c.front, 1, 0, 0);
    assert_int_equal(rig_state(c.front)->wait_state, PD_CALLING);
    rig_interrupt(5);
    rig_pd_control(c.parent, 0, ABI_PD_STOP, 0, 0);
    rig_pd_control(c.parent, 1, ABI_PD_RESUME, 0, 0);
    rig_wait(c.parent);
    assert_int_equal(rig_running(), c.back);
    rig_wait(c.back);
    assert_int_equal(rig_event(c.back), ABI_EVENT_CALL);
    assert_ptr_equal(rig_state(c.back)->budget_owner, rig_state(c.front));
    rig_reply(c.back, 0, 0);
    assert_int_equal(rig_running(), c.front);
    assert_ptr_equal(rig_state(c.front)->budget_owner, rig_state(c.front));
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
    rig_ppcall(client, 0, 0, 0);
    rig_interrupt(5);
    rig_reply(server, 0, 0);
    assert_int_equal(rig_running(), server);
    assert_int_equal(rig_event(server), ABI_EVENT_NOTIFICATION);
    rig_run(1000);
    assert_int_equal(rig_state(server)->ticks_used, 100);
    (void)other;
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

    rig_ppcall(client, 0, 0, 0);
    rig_run(500);
    assert_int_equal(rig_running(), other);
    assert_int_equal(rig_state(client)->ticks_used, 100);
    rig_run(500);
    assert_int_equal(rig_running(), server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passive_server_runs_on_the_callers_budget),
        cmocka_unit_test(nested_calls_pass_the_budget_on),
        cmocka_unit_test(a_client_of_a_passive_chain_restarts),
        cmocka_unit_test(
            a_client_restarts_while_its_server_calls_an_active_one),
        cmocka_unit_test(a_client_restarts_while_its_server_is_queued),
        cmocka_unit_test(an_own_budget_taken_up_again_is_used_from_then_on),
        cmocka_unit_test(passive_server_stops_with_the_callers_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
