/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_test.c - notifications, the control block, fault events and the order of
 * delivery; one case per promise of kernel/kernel.md, on the fake architecture.
 */
#include "tests/unit/kernel/core/rig.h"

#define BOTH (ABI_CH_NOTIFY)

static void notification_wakes_and_switches(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t low = rig_pd("low", 10, 0);
    uint16_t high = rig_pd("high", 20, 0);
    rig_channel(low, 3, BOTH, high, 5, BOTH);
    rig_boot();
    rig_settle(10);

    rig_notify(low, 3);
    assert_int_equal(rig_running(), high);
    assert_int_equal(rig_event(high), ABI_EVENT_NOTIFICATION);
    assert_int_equal(rig_event_id(high), 1u << 5);
    assert_int_equal(rig_error(low), ERR_OK);

    /* to a lower priority: no switch, kept until it waits */
    rig_notify(high, 5);
    assert_int_equal(rig_running(), high);
    rig_wait(high);
    assert_int_equal(rig_running(), low);
    rig_wait(low);
    assert_int_equal(rig_event_id(low), 1u << 3);
}

static void deferred_notification_to_itself_arrives(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t a = rig_pd("a", 20, 0);
    rig_channel(a, 1, BOTH, a, 2, BOTH);
    rig_boot();
    rig_settle(20);

    rig_control(a)->notify_at_wait = 1u << 1;
    rig_wait(a);
    assert_int_equal(rig_running(), a);
    assert_int_equal(rig_event(a), ABI_EVENT_NOTIFICATION);
    assert_int_equal(rig_event_id(a), 1u << 2);
}

static void notifications_are_binary_and_join(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t sink = rig_pd("sink", 10, 0);
    uint16_t a = rig_pd("a", 30, 0);
    rig_channel(a, 0, BOTH, sink, 7, BOTH);
    rig_channel(a, 1, BOTH, sink, 63, BOTH);
    rig_boot();
    rig_settle(30);

    rig_notify(a, 1);
    rig_notify(a, 0);
    rig_notify(a, 0);
    rig_wait(a);
    rig_wait(sink);
    assert_true(rig_event_id(sink) == (1ull << 63 | 1ull << 7));
}

static void wrong_channels_are_errors(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t a = rig_pd("a", 10, 0);
    uint16_t b = rig_pd("b", 5, 0);
    rig_channel(a, 0, 0, b, 0, ABI_CH_NOTIFY);
    rig_channel(a, 2, ABI_CH_SERVE, b, 2, ABI_CH_CALL);
    rig_irq(a, 1, 9);
    rig_boot();
    rig_settle(10);

    static const uint64_t ids[] = { 3, 62, 63, 64, 65, 1u << 31, UINT64_MAX };
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        rig_notify(a, ids[i]);
        assert_int_equal(rig_error(a), ERR_CHANNEL);
        rig_ppcall(a, ids[i], 0, 0);
        assert_int_equal(rig_error(a), ERR_CHANNEL);
        rig_irq_ack(a, ids[i]);
        assert_int_equal(rig_error(a), ERR_CHANNEL);
    }
    rig_notify(a, 1);
    assert_int_equal(rig_error(a), ERR_RIGHT);
    rig_notify(a, 2);
    assert_int_equal(rig_error(a), ERR_RIGHT);
    rig_ppcall(a, 2, 0, 0);
    assert_int_equal(rig_error(a), ERR_RIGHT);
    rig_irq_ack(a, 2);
    assert_int_equal(rig_error(a), ERR_CHANNEL);
}

/* watcher > sender > lazy and loud; lazy has a lower priority than sender */
struct quartet {
    uint16_t watcher;
    uint16_t sender;
    uint16_t lazy;
};

static struct quartet quartet(void)
{
    struct quartet q;

    rig_reset();
    q.watcher = rig_pd("watcher", 40, 0);
    q.sender = rig_pd("sender", 30, 0);
    q.lazy = rig_pd("lazy", 10, 0);
    rig_channel(q.sender, 1, BOTH, q.lazy, 2, BOTH);
    rig_channel(q.sender, 3, BOTH, q.watcher, 4, BOTH);
    rig_channel(q.sender, 5, 0, q.lazy, 6, BOTH);
    rig_irq(q.sender, 7, 9);
    rig_irq(q.watcher, 8, 10);
    rig_child(q.watcher, 0, q.sender);
    rig_boot();
    rig_settle(30);
    return q;
}

static void lazy_notifications_arrive_at_any_entry(void **unused)
{
    (void)unused;
    struct quartet q = quartet();

    /* peers of higher priority, missing rights, interrupts, nothing: no effect */
    rig_control(q.sender)->notify_lazy = UINT64_MAX;
    rig_notify(q.sender, 99);
    assert_int_equal(rig_running(), q.sender);
    assert_true(rig_state(q.watcher)->pending == 0);
    rig_wait(q.sender);
    assert_int_equal(rig_running(), q.lazy);
    rig_wait(q.lazy);
    assert_int_equal(rig_event_id(q.lazy), 1u << 2);

    /* an interrupt is an entry, and so is a fault */
    rig_interrupt(9);
    assert_int_equal(rig_running(), q.sender);
    rig_control(q.sender)->notify_lazy = 1u << 1;
    rig_interrupt(10);
    assert_int_equal(rig_running(), q.watcher);
    assert_true(rig_state(q.lazy)->pending == 1u << 2);
    rig_wait(q.watcher);
    rig_control(q.sender)->notify_lazy = 1u << 1;
    rig_state(q.lazy)->pending = 0;
    rig_fault(q.sender, ABI_FAULT_VM, 0);
    assert_true(rig_state(q.lazy)->pending == 1u << 2);
}

/* Whatever ends a PD's turn, what it left is delivered before. */
static void lazy_notifications_precede_stop(void **unused)
{
    (void)unused;
    struct quartet q = quartet();

    rig_control(q.sender)->notify_lazy = 1u << 1;
    rig_interrupt(10);
    rig_pd_control(q.watcher, 0, ABI_PD_STOP, 0, 0);
    rig_wait(q.watcher);
    assert_int_equal(rig_running(), q.lazy);
    rig_wait(q.lazy);
    assert_int_equal(rig_event_id(q.lazy), 1u << 2);
}

static void deferred_operations_happen_at_wait(void **unused)
{
    (void)unused;
    struct quartet q = quartet();

    rig_wait(q.sender);
    rig_interrupt(9);
    assert_int_equal(rig_running(), q.sender);
    rig_control(q.sender)->notify_at_wait = UINT64_MAX;
    rig_control(q.sender)->ack_at_wait = UINT64_MAX;
    rig_notify(q.sender, 99);
    assert_int_equal(rig_running(), q.sender);
    assert_true((fake.active >> 9 & 1) != 0);
    rig_wait(q.sender);
    assert_true(fake.active == 0);
    assert_int_equal(rig_running(), q.watcher);
    assert_int_equal(rig_event_id(q.watcher), 1u << 4);
    assert_true(rig_control(q.sender)->notify_at_wait == 0);
    assert_true(rig_control(q.sender)->ack_at_wait == 0);
    rig_wait(q.watcher);
    assert_int_equal(rig_running(), q.lazy);
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
    rig_notify(client, 1);
    rig_ppcall(client, 0, rig_info(9, 0), 0);
    assert_int_equal(rig_running(), parent);
    rig_wait(parent);
    assert_int_equal(rig_event(parent), ABI_EVENT_NOTIFICATION);
    assert_int_equal(rig_event_id(parent), 2);
    rig_wait(parent);
    assert_int_equal(rig_event(parent), ABI_EVENT_FAULT);
    assert_int_equal(rig_event_id(parent), 6);
    rig_wait(parent);
    assert_int_equal(rig_event(parent), ABI_EVENT_CALL);
    assert_int_equal(rig_event_id(parent), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notification_wakes_and_switches),
        cmocka_unit_test(deferred_notification_to_itself_arrives),
        cmocka_unit_test(notifications_are_binary_and_join),
        cmocka_unit_test(wrong_channels_are_errors),
        cmocka_unit_test(lazy_notifications_arrive_at_any_entry),
        cmocka_unit_test(lazy_notifications_precede_stop),
        cmocka_unit_test(deferred_operations_happen_at_wait),
        cmocka_unit_test(order_is_notifications_faults_callers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
