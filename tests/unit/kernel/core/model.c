/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.c - see model.h.
 *
 * Interrupts are left out: which line a kernel entry takes is the controller's
 * choice.
 */
#include "tests/unit/kernel/core/model.h"

#include <string.h>

#include "tests/unit/kernel/core/rig.h"

static struct {
    bool on;
    uint64_t expected[RIG_PDS]; /* set and not yet received */
    bool receives[RIG_PDS];     /* waits, or waited until its turn came */
} model;

void model_reset(void)
{
    memset(&model, 0, sizeof(model));
}

void model_start(void)
{
    model.on = true;
}

static void expect(const struct pd *pd, uint64_t channels)
{
    for (uint32_t id = 0; id < ABI_IDS; id++) {
        const struct abi_channel *end = &pd->entry->channel[id];
        if ((channels >> id & 1) != 0 && (end->flags & ABI_CH_NOTIFY) != 0) {
            model.expected[end->pd] |= 1ull << end->id;
        }
    }
}

void model_entry(void)
{
    if (!model.on) {
        return;
    }
    for (uint32_t i = 0; i < rig.table.pd_count; i++) {
        const struct pd *pd = rig_state(i);
        model.receives[i] = pd_waits(pd) || pd->woken;
    }
    const struct pd *now = rig_state(rig_running());
    expect(now, now->control->notify_lazy & now->entry->notify_lazy);
}

/* A stop, a restart, or new registers: whatever the child was in, it is out. */
static void expect_control(const struct pd *pd)
{
    const uint64_t *reg = pd->context.reg;
    uint64_t id = reg[0];
    bool moves = reg[1] == ABI_PD_STOP || reg[1] == ABI_PD_RESTART ||
                 (reg[1] == ABI_PD_WRITE_REGS && reg[3] != 0 &&
                     reg[2] <= ARCH_CONTEXT_WORDS);

    for (uint32_t i = 0; i < rig.table.pd_count && moves; i++) {
        const struct pd *child = rig_state(i);
        if (child->entry->parent == pd->index && child->entry->child_id == id) {
            expect(child, child->control->notify_at_wait);
            model.receives[i] = false;
        }
    }
}

void model_call(uint32_t number)
{
    const struct pd *pd = rig_state(rig_running());

    if (!model.on) {
        return;
    }
    if (number == ABI_SYS_NOTIFY && pd->context.reg[1] < ABI_IDS) {
        expect(pd, 1ull << pd->context.reg[1]);
    } else if (number == ABI_SYS_WAIT || number == ABI_SYS_REPLY_WAIT) {
        expect(pd, pd->control->notify_at_wait);
        model.receives[pd->index] = true;
    } else if (number == ABI_SYS_PD_CONTROL) {
        expect_control(pd);
    }
}

/* A PD receives when it is its turn, or at once as it begins to wait. */
static bool has_received(const struct pd *pd)
{
    return model.receives[pd->index] && pd->wait_state == PD_READY &&
           !pd->woken && pd->context.reg[0] == ABI_EVENT_NOTIFICATION;
}

void model_check(void)
{
    for (uint32_t i = 0; i < rig.table.pd_count && model.on; i++) {
        const struct pd *pd = rig_state(i);
        uint64_t has = pd->pending;
        if (has_received(pd)) {
            assert_true(pd->pending == 0);
            assert_true(pd->context.reg[1] != 0);
            has = pd->context.reg[1];
        }
        assert_true((has & ~pd->entry->irq_ids) == model.expected[i]);
        if (pd->pending == 0) {
            model.expected[i] = 0;
        }
    }
}
