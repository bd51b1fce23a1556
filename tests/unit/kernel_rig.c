/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_rig.c - see kernel_rig.h.
 */
#include "tests/unit/kernel_rig.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/core/sched_clock.h"
#include "kernel/core/sched_lend.h"
#include "tests/unit/kernel_model.h"

struct rig_blob rig;

static _Alignas(64) uint8_t state[(RIG_PDS + 1) * ABI_PD_STATE_SIZE];
static const struct pd *running; /* whose context was resumed last */
static uint16_t release[RIG_PDS];
static uint64_t faults[RIG_PDS][4];
static _Alignas(4096) uint8_t page[RIG_PDS][4096];

void rig_reset(void)
{
    fake_reset();
    model_reset();
    memset(&rig, 0, sizeof(rig));
    memset(&kernel, 0, sizeof(kernel));
    memset(state, 0, sizeof(state));
    memset(release, 0, sizeof(release));
    memset(faults, 0, sizeof(faults));
    memset(page, 0, sizeof(page));
    memset(rig.line, 0xff, sizeof(rig.line));

    uint16_t monitor = rig_pd("monitor", 255, ABI_PD_MONITOR);
    rig.pd[monitor].parent = ABI_PD_NONE;
    rig.pd[monitor].fault_words = 4;
    rig.pd[monitor].faults = (uintptr_t)faults[monitor];
}

uint16_t rig_pd(const char *name, uint8_t priority, uint8_t flags)
{
    uint16_t index = (uint16_t)rig.table.pd_count++;
    struct abi_pd *pd = &rig.pd[index];

    pd->vspace = 0x1000u + index;
    pd->entry = 0x200000u;
    pd->stack_top = 0x900000u;
    pd->buffer = (uintptr_t)page[index];
    pd->budget_us = 1000;
    pd->period_us = 1000;
    pd->parent = 0;
    pd->child_id = index;
    pd->priority = priority;
    pd->flags = flags;
    memset(pd->children, 0xff, sizeof(pd->children));
    strncpy(pd->name, name, sizeof(pd->name) - 1);
    return index;
}

void rig_budget(uint16_t pd, uint32_t budget, uint32_t period)
{
    rig.pd[pd].budget_us = budget;
    rig.pd[pd].period_us = period;
}

void rig_child(uint16_t parent, uint16_t id, uint16_t child)
{
    rig.pd[child].parent = parent;
    rig.pd[child].child_id = id;
    rig.pd[parent].children[id] = child;
    rig.pd[parent].faults = (uintptr_t)faults[parent];
    rig.pd[parent].fault_words = 1;
}

static void set_end(
    uint16_t pd, uint8_t id, uint16_t peer, uint8_t peer_id, uint8_t flags)
{
    rig.pd[pd].channel[id] = (struct abi_channel){
        .bit = 1ull << peer_id, .pd = peer, .id = peer_id, .flags = flags
    };
}

void rig_channel(uint16_t a, uint8_t a_id, uint8_t a_flags, uint16_t b,
    uint8_t b_id, uint8_t b_flags)
{
    set_end(a, a_id, b, b_id, a_flags);
    set_end(b, b_id, a, a_id, b_flags);
}

void rig_irq(uint16_t pd, uint8_t id, uint32_t number)
{
    uint16_t i = (uint16_t)rig.table.irq_count++;

    rig.irq[i] = (struct abi_irq){ .number = number, .pd = pd, .channel = id };
    rig.line[number] = i;
    rig.pd[pd].channel[id] = (struct abi_channel){
        .pd = ABI_PD_NONE, .irq = i, .flags = ABI_CH_IRQ
    };
    rig.pd[pd].irq_ids |= 1ull << id;
}

/* As the tool does: less urgent peers can be notified without a call. */
static void find_lazy_channels(struct abi_pd *pd)
{
    pd->notify_lazy = 0;
    for (uint32_t id = 0; id < ABI_IDS; id++) {
        const struct abi_channel *end = &pd->channel[id];
        if ((end->flags & ABI_CH_NOTIFY) != 0 &&
            rig.pd[end->pd].priority < pd->priority) {
            pd->notify_lazy |= 1ull << id;
        }
    }
}

/* As the tool does: without the right, a channel leads to nobody. */
static void find_peers(struct abi_pd *pd)
{
    for (uint32_t id = 0; id < ABI_IDS; id++) {
        struct abi_channel *end = &pd->channel[id];
        uint32_t nobody = rig.table.pd_count;
        uint32_t callee = (end->flags & ABI_CH_CALL) != 0 ? end->pd : nobody;
        uint32_t listener =
            (end->flags & ABI_CH_NOTIFY) != 0 ? end->pd : nobody;

        end->callee = (uintptr_t)&state[callee * ABI_PD_STATE_SIZE];
        end->listener = (uintptr_t)&state[listener * ABI_PD_STATE_SIZE];
    }
}

void rig_seal(void)
{
    struct abi_table *t = &rig.table;
    const uint64_t *words = (const uint64_t *)(const void *)&rig;
    uint64_t hash = 0xcbf29ce484222325u;

    t->magic = ABI_TABLE_MAGIC;
    t->version = ABI_TABLE_VERSION;
    t->total_size = sizeof(rig);
    t->header_size = sizeof(struct abi_table);
    t->pd_size = sizeof(struct abi_pd);
    t->irq_size = sizeof(struct abi_irq);
    t->state_size = ABI_PD_STATE_SIZE;
    t->arch = ABI_ARCH_FAKE;
    t->core_count = 1;
    t->pd_offset = offsetof(struct rig_blob, pd);
    t->irq_offset = offsetof(struct rig_blob, irq);
    t->irq_line_count = FAKE_LINES;
    t->irq_line_offset = offsetof(struct rig_blob, line);
    t->state = (uintptr_t)state;
    t->release = (uintptr_t)release;
    t->hash = 0;
    for (uint32_t i = 0; i < t->pd_count; i++) {
        find_lazy_channels(&rig.pd[i]);
        find_peers(&rig.pd[i]);
    }
    for (size_t i = 0; i < sizeof(rig) / 8; i++) {
        hash = (hash ^ words[i]) * 0x100000001b3u;
    }
    t->hash = hash;
}

void rig_boot(void)
{
    rig_seal();
    running = (const struct pd *)kernel_boot(&rig.table, &kernel);
    rig_check();
}

uint16_t rig_running(void)
{
    return running == NULL ? ABI_PD_NONE : running->index;
}

uint64_t rig_reg(uint16_t pd, uint32_t n)
{
    return kernel_pd(&kernel, pd)->context.reg[n];
}

static void leave(const struct arch_context *context)
{
    assert_non_null(context);
    running = (const struct pd *)context;
    rig_check();
    model_check();
}

struct abi_control *rig_control(uint16_t pd)
{
    return kernel_pd(&kernel, pd)->control;
}

void rig_call(uint16_t pd, uint32_t number, uint64_t r0, uint64_t r1,
    uint64_t r2, uint64_t r3)
{
    assert_int_equal(rig_running(), pd);

    struct arch_context *context = &kernel_pd(&kernel, pd)->context;
    bool on_channel = number >= ABI_SYS_PPCALL && number <= ABI_SYS_IRQ_ACK;
    context->reg[0] = on_channel ? r1 : r0;
    context->reg[1] = on_channel ? r0 : r1;
    context->reg[2] = r2;
    context->reg[3] = r3;
    context->pc += 4;
    model_entry();
    model_call(number);
    leave(fake_call(context, number));
    assert_true(rig_control(pd)->notify_lazy == 0);
}

void rig_fault(uint16_t pd, uint32_t label, uint64_t word0)
{
    struct fault fault = { .label = label, .length = 6 };

    assert_int_equal(rig_running(), pd);
    for (uint32_t i = 0; i < 6; i++) {
        fault.word[i] = word0 + i;
    }
    model_entry();
    leave(kernel_fault(&kernel_pd(&kernel, pd)->context, &fault, &kernel));
}

void rig_fpu(uint16_t pd, uint64_t word)
{
    struct fault fault = { .label = ABI_FAULT_USER_EXCEPTION, .length = 5 };

    assert_int_equal(rig_running(), pd);
    if (!fake.fpu_on) {
        model_entry();
        leave(
            kernel_fpu_trap(&kernel_pd(&kernel, pd)->context, &fault, &kernel));
    }
    if (rig_running() == pd && fake.fpu_on) {
        fake.fpu_word = word;
    }
}

void rig_interrupt(uint32_t number)
{
    fake.pending |= 1ull << number;
    model_entry();
    leave(kernel_irq(&kernel_pd(&kernel, rig_running())->context, &kernel));
}

void rig_run(uint64_t ticks)
{
    uint64_t end = fake.now + ticks;

    for (uint32_t fired = 0; fake.deadline <= end; fired++) {
        assert_true(fired < 100000);
        if (fake.now < fake.deadline) {
            fake.now = fake.deadline;
        }
        model_entry();
        leave(kernel_irq(&kernel_pd(&kernel, rig_running())->context, &kernel));
        if (fake.now >= end) {
            return;
        }
    }
    fake.now = end;
}

void rig_settle(uint8_t priority)
{
    while (running->entry->priority > priority) {
        rig_call(rig_running(), ABI_SYS_WAIT, 0, 0, 0, 0);
    }
}

uint64_t rig_info(uint64_t label, uint64_t length)
{
    return label << ABI_INFO_LABEL_SHIFT | length;
}

/* --- invariants ---------------------------------------------------------- */

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
    if (pd == running) {
        assert_int_equal(pd->place, PD_NOWHERE);
        assert_false(pd->woken);
    }
    if (pd->woken) {
        assert_true(ready && pd->pending != 0);
    }
    if (ready) {
        assert_non_null(pd->budget_owner);
        assert_int_equal(pd->place != PD_NOWHERE,
            !pd->budget_owner->budget.throttled && pd != running);
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
        found += release[i] == pd->index;
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
        assert_true(faults[pd->index][i] == 0);
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
    const struct pd *now = running;

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
        assert_true(
            fake.deadline <= kernel_pd(&kernel, release[0])->budget.release);
    }
}

void rig_check(void)
{
    for (uint32_t i = 0; i < rig.table.pd_count; i++) {
        const struct pd *pd = kernel_pd(&kernel, i);
        check_runnable(pd);
        check_budget(pd);
        check_call(pd);
        check_borrowed(pd);
        check_waiting(pd);
        check_debt(pd);
    }
    for (uint32_t i = 1; i < kernel.release_count; i++) {
        assert_true(kernel_pd(&kernel, release[(i - 1) / 2])->budget.release <=
                    kernel_pd(&kernel, release[i])->budget.release);
    }
    check_running();
}
