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
#include "kernel/core/sched_queue.h"

/* Takes the FPU away from `pd`, if it has it; a restart does not keep the
 * content.  `pd` does not run now, so the FPU is disabled at user level. */
static void release_fpu(struct kernel *k, struct pd *pd, bool keep)
{
    if (k->fpu != pd) {
        return;
    }
    if (keep) {
        arch_fpu_enable(true);
        arch_fpu_save(&pd->fpu);
        arch_fpu_enable(false);
    }
    k->fpu = NULL;
    pd->special &= (uint8_t)~PD_SPECIAL_FPU;
}

/* Takes the PD out of everything it takes part in. */
static void detach(struct kernel *k, struct pd *pd)
{
    sched_queue_remove(k, pd);
    if (pd->woken || pd_waits(pd)) {
        /* it has received nothing: it will wait anew */
        pd->woken = false;
        pd->wait_state = PD_READY;
        arch_context_rewind(&pd->context);
    }
    ipc_carry_out_deferred(k, pd);
    ipc_ppcall_cancel(k, pd);
    ipc_abort_clients(k, pd);
}

static void stop(struct kernel *k, struct pd *pd)
{
    pd->stopped = true;
    detach(k, pd);
    release_fpu(k, pd, true);
}

static void resume(struct kernel *k, struct pd *pd)
{
    if (pd->wait_state == PD_FAULTED) {
        ipc_fault_clear(k, pd);
        pd->wait_state = PD_READY;
    }
    pd->stopped = false;
    sched_ready(k, pd);
}

static void restart(struct kernel *k, struct pd *pd, uint64_t entry)
{
    pd->stopped = true;
    detach(k, pd);
    ipc_fault_clear(k, pd);
    release_fpu(k, pd, false);
    pd->fpu = (struct arch_fpu){ 0 };
    arch_context_init(&pd->context, entry, pd->entry->stack_top);
    pd->wait_state = PD_READY;
    pd->starts++;
    pd->stopped = false;
    sched_ready(k, pd);
}

/* Registers 2 count, 3 resume flag; the words are in the message page. */
static enum err write_registers(
    struct kernel *k, struct pd *parent, struct pd *pd)
{
    uint64_t count = arch_context_get(&parent->context, 2);
    bool run = arch_context_get(&parent->context, 3) != 0;

    if (count > ARCH_CONTEXT_WORDS) {
        return ERR_RANGE;
    }
    if (run) {
        /* the PD goes on at the written registers, whatever it was in */
        pd->stopped = true;
        detach(k, pd);
        ipc_fault_clear(k, pd);
        pd->wait_state = PD_READY;
    }
    arch_context_import(&pd->context, pd_message(parent), (uint32_t)count);
    if (run) {
        pd->stopped = false;
        sched_ready(k, pd);
    }
    return ERR_OK;
}

static uint64_t public_state(const struct pd *pd)
{
    if (pd->stopped) {
        return ABI_STATE_STOPPED;
    }
    switch ((enum pd_wait_state)pd->wait_state) {
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

static struct pd *find_child(
    const struct kernel *k, const struct pd *parent, uint64_t id)
{
    uint32_t index = ABI_PD_NONE;

    if ((parent->entry->flags & ABI_PD_MONITOR) != 0) {
        if (id < k->table->pd_count && k->entries[id].parent == parent->index) {
            index = (uint32_t)id;
        }
    } else if (id < ABI_IDS) {
        index = parent->entry->children[id];
    }
    return index == ABI_PD_NONE ? NULL : kernel_pd(k, index);
}

enum err pd_control(struct kernel *k, struct pd *parent)
{
    struct pd *pd =
        find_child(k, parent, arch_context_get(&parent->context, 0));
    uint64_t operation = arch_context_get(&parent->context, 1);

    if (pd == NULL) {
        return ERR_CHILD;
    }
    switch (operation) {
    case ABI_PD_STOP:
        stop(k, pd);
        return ERR_OK;
    case ABI_PD_RESUME:
        resume(k, pd);
        return ERR_OK;
    case ABI_PD_RESTART:
        restart(k, pd, arch_context_get(&parent->context, 2));
        return ERR_OK;
    case ABI_PD_READ_REGS:
        arch_context_export(&pd->context, pd_message(parent));
        return ERR_OK;
    case ABI_PD_WRITE_REGS:
        return write_registers(k, parent, pd);
    case ABI_PD_INFO:
        info(parent, pd);
        return ERR_OK;
    default:
        return ERR_CALL;
    }
}
