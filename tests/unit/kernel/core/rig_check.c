/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rig_check.c - the invariants of the kernel's state, from their definitions:
 * queues, next priority, budgets, calls, debts, what the processor is set to.
 */
#include "tests/unit/kernel/core/rig.h"

#include "kernel/core/sched_lend.h"

static const struct pd *running(void)
{
    uint16_t index = rig_running();

    return index == ABI_PD_NONE ? NULL : rig_state(index);
}

static bool in_queue(const struct pd *pd)
{
    const struct pd *head = kernel.queue[pd->entry->priority];
    const struct pd *p = head;

    for (uint32_t i = 0; p != NULL && i <= RIG_PDS; i++) {
        assert_ptr_equal(p->next->prev, p);
        if (p == pd) {
            return true;
        }
        p = p->next;
        if (p == head) {
            return false;
        }
    }
    return false;
}

static void check_runnable(const struct pd *pd)
{
    bool ready = pd->wait_state == PD_READY && !pd->stopped;

    assert_int_equal(pd->place == PD_QUEUED, in_queue(pd));
    assert_int_equal(pd->place == PD_NEXT, kernel.next == pd);
    if (pd == running()) {
        assert_int_equal(pd->place, PD_NOWHERE);
        assert_false(pd->woken);
    }
    if (pd->woken) {
        assert_true(ready && pd->pending != 0);
    }
    if (ready) {
        assert_non_null(pd->budget_owner);
        assert_int_equal(pd->place != PD_NOWHERE,
            !pd->budget_owner->budget.throttled && pd != running());
    } else {
        assert_int_equal(pd->place, PD_NOWHERE);
    }
}

/* In an accepted call to a server that uses its budget. */
static bool has_lent(const struct pd *pd)
{
    if (pd->wait_state != PD_CALLING) {
        return false;
    }

    const struct pd *server = pd_callee(pd->call);
    return server->client == pd && sched_lend_is_lent(pd, server);
}

static void check_budget(const struct pd *pd)
{
    const struct budget *b = &pd->budget;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < b->count; i++) {
        sum += b->refill[(b->head + i) % BUDGET_REFILLS].amount;
    }
    assert_true(b->count >= 1 && b->count <= BUDGET_REFILLS);
    assert_true(b->limited ? sum == b->capacity : sum <= b->capacity);
    assert_true(sum > 0);
    if (b->user != NULL) {
        assert_ptr_equal(b->user->budget_owner, pd);
    }
    if (pd->budget_owner != NULL && !has_lent(pd)) {
        assert_ptr_equal(pd->budget_owner->budget.user, pd);
    }

    uint32_t found = 0;
    for (uint32_t i = 0; i < kernel.release_count; i++) {
        found += rig_release[i] == pd->index;
    }
    assert_int_equal(found, b->throttled ? 1 : 0);
}

static void check_call(const struct pd *pd)
{
    if (pd->wait_state != PD_CALLING) {
        return;
    }

    const struct pd *server = pd_callee(pd->call);
    bool queued = (server->callers & pd->call->bit) != 0;
    bool accepted = server->client == pd;
    assert_true(queued != accepted);
    assert_false(server->stopped);
    assert_non_null(pd->budget_owner);
    if (has_lent(pd)) {
        const struct pd *holder = server;
        assert_true((server->flags & ABI_PD_PASSIVE) != 0);
        while (has_lent(holder)) {
            holder = pd_callee(holder->call);
        }
        assert_ptr_equal(pd->budget_owner->budget.user, holder);
    }
}

/* A PD that serves nobody holds nobody's budget; a passive one that waits,
 * none at all. */
static void check_borrowed(const struct pd *pd)
{
    if (pd->client == NULL && pd->budget_owner != NULL) {
        assert_ptr_equal(pd->budget_owner, pd);
    }
    if (pd_waits(pd)) {
        bool passive = (pd->flags & ABI_PD_PASSIVE) != 0;
        assert_ptr_equal(pd->budget_owner, passive ? NULL : pd);
    }
}

static void check_waiting(const struct pd *pd)
{
    if (!pd_waits(pd) || pd->stopped) {
        return;
    }
    assert_true(pd->pending == 0);
    assert_true(pd->callers == 0);
    assert_null(pd->client);
    assert_null(pd->faulted_child);
    assert_int_equal(pd->wait_state, pd->wait_kind);
    for (uint32_t i = 0; i < pd->entry->fault_words; i++) {
        assert_true(rig_faults[pd->index][i] == 0);
    }
}

static void check_debt(const struct pd *pd)
{
    assert_true(pd->client == NULL || pd->faulted_child == NULL);
    if (pd->client != NULL) {
        assert_int_equal(pd->client->wait_state, PD_CALLING);
        assert_ptr_equal(pd_callee(pd->client->call), pd);
    }
    if (pd->faulted_child != NULL) {
        assert_int_equal(pd->faulted_child->wait_state, PD_FAULTED);
    }
}

static void check_running(void)
{
    const struct pd *now = running();

    assert_non_null(now);
    assert_int_equal(now->wait_state, PD_READY);
    assert_false(now->stopped);
    for (uint32_t p = now->entry->priority + 1u; p < 256; p++) {
        assert_null(kernel.queue[p]);
    }
    for (int32_t p = 0; p < 256; p++) {
        assert_true(kernel.queue[p] == NULL || p <= kernel.highest_queued);
    }
    if (kernel.highest_queued >= 0) {
        assert_non_null(kernel.queue[kernel.highest_queued]);
    }
    if (kernel.next != NULL) {
        assert_true(kernel.next->entry->priority <= now->entry->priority);
        assert_true(kernel.next->entry->priority >= kernel.highest_queued);
    }
    assert_true(fake.vspace == now->entry->vspace);
    assert_int_equal(kernel.mode & ~KERNEL_CLOCK, now->special);
    assert_int_equal(kernel.next_priority,
        kernel.next != NULL ? kernel.next->priority : kernel.highest_queued);
    assert_int_equal(fake.fpu_on, kernel.fpu == now);
    assert_int_equal(
        fake.user_timer, (now->entry->flags & ABI_PD_USER_TIMER) != 0);
    assert_ptr_equal(kernel.budget_owner, now->budget_owner);
    if (now->budget_owner->budget.limited ||
        kernel.queue[now->entry->priority] != NULL ||
        (kernel.next != NULL &&
            kernel.next->entry->priority == now->entry->priority)) {
        assert_true(fake.deadline <=
                    kernel.since + budget_left(&now->budget_owner->budget));
        assert_true((kernel.mode & KERNEL_CLOCK_METERED) != 0);
    }
    assert_true((kernel.mode & KERNEL_CLOCK_LOOK) == 0);
    if (kernel.release_count > 0) {
        assert_true(fake.deadline <= rig_state(rig_release[0])->budget.release);
    }
}

void rig_check(void)
{
    for (uint32_t i = 0; i < rig.table.pd_count; i++) {
        const struct pd *pd = rig_state(i);
        check_runnable(pd);
        check_budget(pd);
        check_call(pd);
        check_borrowed(pd);
        check_waiting(pd);
        check_debt(pd);
    }
    for (uint32_t i = 1; i < kernel.release_count; i++) {
        assert_true(rig_state(rig_release[(i - 1) / 2])->budget.release <=
                    rig_state(rig_release[i])->budget.release);
    }
    check_running();
}
