/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rig.c - see rig.h; the invariants are in rig_check.c.
 */
#include "tests/unit/kernel/core/rig.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/kernel/core/model.h"

struct rig_blob rig;

static _Alignas(64) uint8_t state[(RIG_PDS + 1) * ABI_PD_STATE_SIZE];
static const struct pd *running; /* whose context was resumed last */
uint16_t rig_release[RIG_PDS];
uint64_t rig_faults[RIG_PDS][4];
static _Alignas(4096) uint8_t page[RIG_PDS][4096];

void rig_reset(void)
{
    fake_reset();
    model_reset();
    memset(&rig, 0, sizeof(rig));
    memset(&kernel, 0, sizeof(kernel));
    memset(state, 0, sizeof(state));
    memset(rig_release, 0, sizeof(rig_release));
    memset(rig_faults, 0, sizeof(rig_faults));
    memset(page, 0, sizeof(page));
    memset(rig.line, 0xff, sizeof(rig.line));

    uint16_t monitor = rig_pd("monitor", 255, ABI_PD_MONITOR);
    rig.pd[monitor].parent = ABI_PD_NONE;
    rig.pd[monitor].fault_words = 4;
    rig.pd[monitor].faults = (uintptr_t)rig_faults[monitor];
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
    rig.pd[parent].faults = (uintptr_t)rig_faults[parent];
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

/* As the tool does: peers of lower priority can be notified lazily. */
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

void rig_hash(void)
{
    const uint64_t *words = (const uint64_t *)(const void *)&rig;
    uint64_t hash = ABI_TABLE_HASH_BASIS;

    rig.table.hash = 0;
    for (size_t i = 0; i < sizeof(rig) / 8; i++) {
        hash = (hash ^ words[i]) * ABI_TABLE_HASH_PRIME;
    }
    rig.table.hash = hash;
}

void rig_seal(void)
{
    struct abi_table *t = &rig.table;

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
    t->release = (uintptr_t)rig_release;
    for (uint32_t i = 0; i < t->pd_count; i++) {
        find_lazy_channels(&rig.pd[i]);
        find_peers(&rig.pd[i]);
    }
    rig_hash();
}

void rig_boot(void)
{
    rig_seal();
    running = (const struct pd *)kernel_boot(&rig.table, &kernel);
    rig_check();
}

void rig_client_and_server(
    uint16_t *client, uint16_t *server, uint8_t server_flags)
{
    rig_reset();
    *client = rig_pd("client", 10, 0);
    *server = rig_pd("server", 20, server_flags);
    rig_channel(*client, 1, ABI_CH_CALL, *server, 4, ABI_CH_SERVE);
    rig_boot();
    rig_settle(10);
}

uint16_t rig_running(void)
{
    return running == NULL ? ABI_PD_NONE : running->index;
}

struct pd *rig_state(uint32_t pd)
{
    return kernel_pd(&kernel, pd);
}

uint64_t *rig_message(uint16_t pd)
{
    return pd_message(rig_state(pd));
}

uint64_t rig_result(uint16_t pd, uint32_t n)
{
    return rig_state(pd)->context.reg[n];
}

enum err rig_error(uint16_t pd)
{
    return (enum err)rig_result(pd, 0);
}

uint64_t rig_event(uint16_t pd)
{
    return rig_result(pd, 0);
}

uint64_t rig_event_id(uint16_t pd)
{
    return rig_result(pd, 1);
}

uint64_t rig_event_info(uint16_t pd)
{
    return rig_result(pd, 2);
}

uint64_t rig_event_word(uint16_t pd, uint32_t n)
{
    return rig_result(pd, 3 + n);
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
    return rig_state(pd)->control;
}

void rig_syscall(uint16_t pd, uint32_t number, const uint64_t reg[4])
{
    assert_int_equal(rig_running(), pd);

    struct arch_context *context = &rig_state(pd)->context;
    for (uint32_t n = 0; n < 4; n++) {
        context->reg[n] = reg[n];
    }
    context->pc += 4;
    model_entry();
    model_call(number);
    leave(fake_syscall(context, number));
    assert_true(rig_control(pd)->notify_lazy == 0);
}

void rig_wait(uint16_t pd)
{
    rig_syscall(pd, ABI_SYS_WAIT, (uint64_t[4]){ 0 });
}

void rig_reply(uint16_t pd, uint64_t info, uint64_t word0)
{
    rig_syscall(pd, ABI_SYS_REPLY_WAIT, (uint64_t[4]){ 0, 0, info, word0 });
}

void rig_ppcall(uint16_t pd, uint64_t channel, uint64_t info, uint64_t word0)
{
    rig_syscall(pd, ABI_SYS_PPCALL, (uint64_t[4]){ 0, channel, info, word0 });
}

void rig_notify(uint16_t pd, uint64_t channel)
{
    rig_syscall(pd, ABI_SYS_NOTIFY, (uint64_t[4]){ 0, channel, 0, 0 });
}

void rig_irq_ack(uint16_t pd, uint64_t channel)
{
    rig_syscall(pd, ABI_SYS_IRQ_ACK, (uint64_t[4]){ 0, channel, 0, 0 });
}

void rig_pd_control(uint16_t pd, uint64_t child, uint64_t operation,
    uint64_t argument0, uint64_t argument1)
{
    rig_syscall(pd, ABI_SYS_PD_CONTROL,
        (uint64_t[4]){ child, operation, argument0, argument1 });
}

void rig_fault(uint16_t pd, uint32_t label, uint64_t word0)
{
    struct fault fault = { .label = label, .length = 6 };

    assert_int_equal(rig_running(), pd);
    for (uint32_t i = 0; i < 6; i++) {
        fault.word[i] = word0 + i;
    }
    model_entry();
    leave(kernel_fault(&rig_state(pd)->context, &fault, &kernel));
}

void rig_fpu(uint16_t pd, uint64_t word)
{
    struct fault fault = { .label = ABI_FAULT_USER_EXCEPTION, .length = 5 };

    assert_int_equal(rig_running(), pd);
    if (!fake.fpu_on) {
        model_entry();
        leave(kernel_fpu_trap(&rig_state(pd)->context, &fault, &kernel));
    }
    if (rig_running() == pd && fake.fpu_on) {
        fake.fpu_word = word;
    }
}

void rig_interrupt(uint32_t number)
{
    fake.pending |= 1ull << number;
    model_entry();
    leave(kernel_irq(&rig_state(rig_running())->context, &kernel));
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
        leave(kernel_irq(&rig_state(rig_running())->context, &kernel));
        if (fake.now >= end) {
            return;
        }
    }
    fake.now = end;
}

void rig_settle(uint8_t priority)
{
    while (running->entry->priority > priority) {
        rig_wait(rig_running());
    }
}

uint64_t rig_info(uint64_t label, uint64_t length)
{
    return label << ABI_INFO_LABEL_SHIFT | length;
}
