/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pd_control.c - stop, resume, restart, registers; see pd_control.h.
 *
 * A stopped PD takes part in nothing: it holds no borrowed budget, no call of
 * its own is under way, nobody waits for its answer and the FPU holds none of
 * its registers.  What others left for it (notifications, acknowledgements due)
 * stays and is found after a resume or restart.
 */
#include "kernel/core/pd_control.h"

#include <stddef.h>

#include "kernel/core/ipc.h"
#include "kernel/core/ipc_ppcall.h"
#include "kernel/core/sched.h"

/* The FPU's content belongs to a PD that loses it; a restart drops it.  The PD
 * does not run now, so user level cannot use the FPU at the moment. */
static void release_fpu(struct pd *pd, bool keep)
{
    if (kernel.fpu != pd) {
        return;
    }
    if (keep) {
        arch_fpu_enable(true);
        arch_fpu_save(&pd->fpu);
        arch_fpu_enable(false);
    }
    kernel.fpu = NULL;
    pd->special &= (uint8_t)~PD_SPECIAL_FPU;
}

/* Takes the PD out of everything it takes part in. */
static void detach(struct pd *pd)
{
    sched_remove(pd);
    if (pd->woken || pd_waits(pd)) {
        /* it has received nothing: it will wait anew */
        pd->woken = false;
        pd->state = PD_READY;
        arch_context_rewind(&pd->context);
    }
    ipc_carry_out_deferred(pd);
    ipc_ppcall_cancel(pd);
    ipc_abort_clients(pd);
}

static void stop(struct pd *pd)
{
    pd->stopped = true;
    detach(pd);
    release_fpu(pd, true);
}

static void resume(struct pd *pd)
{
    if (pd->state == PD_FAULTED) {
        ipc_fault_clear(pd);
        pd->state = PD_READY;
    }
    pd->stopped = false;
    sched_ready(pd);
}

static void restart(struct pd *pd, uint64_t entry)
{
    pd->stopped = true;
    detach(pd);
    ipc_fault_clear(pd);
    release_fpu(pd, false);
    pd->fpu = (struct arch_fpu){ 0 };
    arch_context_init(&pd->context, entry, pd->entry->stack_top);
    pd->state = PD_READY;
    pd->starts++;
    pd->stopped = false;
    sched_ready(pd);
}

/* Registers 2 count, 3 resume flag; the words are in the message page. */
static enum err write_registers(struct pd *parent, struct pd *pd)
{
    uint64_t count = arch_context_get(&parent->context, 2);
    bool run = arch_context_get(&parent->context, 3) != 0;

    if (count > ARCH_CONTEXT_WORDS) {
        return ERR_RANGE;
    }
    if (run) {
        /* the PD goes on at the written registers, whatever it was in */
        pd->stopped = true;
        detach(pd);
        ipc_fault_clear(pd);
        pd->state = PD_READY;
    }
    arch_context_import(&pd->context, pd_message(parent), (uint32_t)count);
    if (run) {
        pd->stopped = false;
        sched_ready(pd);
    }
    return ERR_OK;
}

static uint64_t public_state(const struct pd *pd)
{
    if (pd->stopped) {
        return ABI_STATE_STOPPED;
    }
    switch ((enum pd_state)pd->state) {
    case PD_WAITS_LENT:
    case PD_WAITS_OWN:
    case PD_WAITS_OTHER:
        return ABI_STATE_WAITING;
    case PD_READY:
        return ABI_STATE_READY;
    case PD_CALLING:
        return ABI_STATE_CALLING;
    case PD_FAULTED:
        break;
    }
    return ABI_STATE_FAULTED;
}

static void info(struct pd *parent, const struct pd *pd)
{

    arch_context_set(&parent->context, 1, public_state(pd));
    arch_context_set(&parent->context, 2, pd->ticks_used);
    arch_context_set(&parent->context, 3, pd->starts);
    arch_context_set(&parent->context, 4, pd->switches);
}

static struct pd *find_child(const struct pd *parent, uint64_t id)
{
    uint32_t index = ABI_PD_NONE;

    if ((parent->entry->flags & ABI_PD_MONITOR) != 0) {
        if (id < kernel.table->pd_count &&
            kernel.entries[id].parent == parent->index) {
            index = (uint32_t)id;
        }
    } else if (id < ABI_IDS) {
        index = parent->entry->children[id];
    }
    return index == ABI_PD_NONE ? NULL : pd_at(index);
}

enum err pd_control(struct pd *parent)
{
    struct pd *pd = find_child(parent, arch_context_get(&parent->context, 0));
    uint64_t operation = arch_context_get(&parent->context, 1);

    if (pd == NULL) {
        return ERR_CHILD;
    }
    switch (operation) {
    case ABI_PD_STOP:
        stop(pd);
        return ERR_OK;
    case ABI_PD_RESUME:
        resume(pd);
        return ERR_OK;
    case ABI_PD_RESTART:
        restart(pd, arch_context_get(&parent->context, 2));
        return ERR_OK;
    case ABI_PD_READ_REGS:
        arch_context_export(&pd->context, pd_message(parent));
        return ERR_OK;
    case ABI_PD_WRITE_REGS:
        return write_registers(parent, pd);
    case ABI_PD_INFO:
        info(parent, pd);
        return ERR_OK;
    default:
        return ERR_CALL;
    }
}
