/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.c - receiving, notifications and fault events; see ipc.h.
 *
 * Whoever has something for a PD sets a bit and calls ipc_wake().  A waiting PD
 * then takes one event by the same function as a PD that begins to wait, so the
 * order of delivery is decided in one place, take_event().  Calls and faults
 * are taken at once; notifications when it is the PD's turn to run, so that all
 * that have come until then arrive together.  Protected procedure calls are in
 * ipc_ppcall.c, the fast paths in ipc_fast.c.
 */
#include "kernel/core/ipc.h"

#include <stddef.h>

#include "kernel/core/ipc_ppcall.h"
#include "kernel/core/irq.h"
#include "kernel/core/sched_fast.h"

static uint32_t lowest_bit(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

static uint64_t *fault_words(const struct pd *pd)
{
    return (uint64_t *)(uintptr_t)pd->entry->faults;
}

static void present_fault(const struct pd *parent, const struct pd *child)
{
    uint32_t id = child->entry->child_id;

    fault_words(parent)[id / 64] |= 1ull << (id % 64);
}

/* `pd` will not answer the call or fault that it received. */
static void drop_debt(struct kernel *k, struct pd *pd, bool present_fault_again)
{
    struct pd *client = pd->client;
    struct pd *child = pd->faulted_child;

    pd->client = NULL;
    pd->faulted_child = NULL;
    if (client != NULL) {
        ipc_ppcall_abort(k, client);
    } else if (child != NULL && present_fault_again) {
        present_fault(pd, child);
    }
}

/* --- receiving ----------------------------------------------------------- */

static void accept_fault(const struct kernel *k, struct pd *parent, uint32_t id)
{
    const struct abi_pd *entry = parent->entry;
    bool monitor = (entry->flags & ABI_PD_MONITOR) != 0;
    struct pd *child = kernel_pd(k, monitor ? id : entry->children[id]);
    const struct fault *fault = &child->fault;
    struct arch_context *context = &parent->context;
    uint64_t *words = pd_message(parent);

    parent->faulted_child = child;
    arch_context_set(context, IPC_REG_KIND, ABI_EVENT_FAULT);
    arch_context_set(context, IPC_REG_ID, id);
    arch_context_set(context, IPC_REG_INFO,
        (uint64_t)fault->label << ABI_INFO_LABEL_SHIFT | fault->length);
    for (uint32_t i = 0; i < ABI_MSG_REGS; i++) {
        arch_context_set(context, IPC_REG_WORDS + i, fault->word[i]);
    }
    for (uint32_t i = ABI_MSG_REGS; i < fault->length; i++) {
        words[i] = fault->word[i];
    }
}

/* Takes the lowest fault, if any; at most ABI_PDS_MAX / 64 + 1 words. */
COLD static bool take_fault(const struct kernel *k, struct pd *pd)
{
    uint64_t *words = fault_words(pd);

    for (uint32_t i = 0; i < pd->entry->fault_words; i++) {
        if (words[i] != 0) {
            uint32_t id = i * 64 + lowest_bit(words[i]);
            words[i] &= words[i] - 1;
            accept_fault(k, pd, id);
            return true;
        }
    }
    return false;
}

static void take_notifications(struct pd *pd)
{
    arch_context_set(&pd->context, IPC_REG_KIND, ABI_EVENT_NOTIFICATION);
    arch_context_set(&pd->context, IPC_REG_ID, pd->pending);
    pd->pending = 0;
}

static bool take_event(struct kernel *k, struct pd *pd)
{
    if (pd->pending != 0) {
        take_notifications(pd);
        return true;
    }
    if (pd->entry->fault_words != 0 && take_fault(k, pd)) {
        return true;
    }
    if (pd->callers != 0) {
        ipc_ppcall_accept_lowest(k, pd);
        return true;
    }
    return false;
}

void ipc_wake(struct kernel *k, struct pd *pd)
{
    if (pd_waits(pd) && take_event(k, pd)) {
        pd->wait_state = PD_READY;
        sched_ready(k, pd);
    }
}

void ipc_receive(struct kernel *k, struct pd *pd)
{
    if ((pd->flags & ABI_PD_PASSIVE) != 0) {
        sched_lend_give_up(pd);
    }
    if (take_event(k, pd)) {
        sched_ready(k, pd);
        return;
    }
    pd->wait_state = pd->wait_kind;
}

void ipc_wait(struct kernel *k, struct pd *pd)
{
    ipc_carry_out_deferred(k, pd);
    drop_debt(k, pd, false);
    ipc_receive(k, pd);
}

/* --- notifications ------------------------------------------------------- */

static inline void signal_pd(struct kernel *k, struct pd *pd, uint64_t bit)
{
    pd->pending |= bit;
    if (pd_waits(pd)) {
        sched_wake(k, pd);
    }
}

void ipc_signal(struct kernel *k, struct pd *pd, uint32_t id)
{
    signal_pd(k, pd, 1ull << id);
}

enum err ipc_notify(struct kernel *k, const struct pd *pd, uint64_t channel)
{
    if (channel >= ABI_IDS || pd->entry->channel[channel].flags == 0) {
        return ERR_CHANNEL;
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    if ((end->flags & ABI_CH_NOTIFY) == 0) {
        return ERR_RIGHT;
    }
    signal_pd(k, pd_listener(end), end->bit);
    return ERR_OK;
}

/* Notifies on the channels of `mask`, 64 at most.  A channel that may not be notified
 * leads to a PD state that belongs to nobody. */
static void signal_all(struct kernel *k, const struct pd *pd, uint64_t mask)
{
    for (; mask != 0; mask &= mask - 1) {
        const struct abi_channel *end = &pd->entry->channel[lowest_bit(mask)];
        signal_pd(k, pd_listener(end), end->bit);
    }
}

/* Not inlined: most entries have nothing to deliver. */
NOINLINE static void deliver(struct kernel *k, struct pd *pd)
{
    uint64_t mask = ipc_lazy(pd) & pd->entry->notify_lazy;

    atomic_store_explicit(&pd->control->notify_lazy, 0, memory_order_relaxed);
    signal_all(k, pd, mask);
}

void ipc_deliver_lazy(struct kernel *k, struct pd *pd)
{
    if (ipc_lazy(pd) != 0) {
        deliver(k, pd);
    }
}

void ipc_acknowledge_deferred(const struct kernel *k, struct pd *pd)
{
    uint64_t acks = pd->control->ack_at_wait & pd->held;

    pd->control->ack_at_wait = 0;
    for (; acks != 0; acks &= acks - 1) {
        enum err ignored = irq_ack(k, pd, lowest_bit(acks));
        (void)ignored;
    }
}

/* Treats each bit as the system call that it replaces, acknowledgements first. */
void ipc_carry_out_deferred(struct kernel *k, struct pd *pd)
{
    uint64_t notifies = pd->control->notify_at_wait;

    ipc_acknowledge_deferred(k, pd);
    pd->control->notify_at_wait = 0;
    signal_all(k, pd, notifies);
}

/* --- faults -------------------------------------------------------------- */

void ipc_fault(struct kernel *k, struct pd *pd, const struct fault *fault)
{
    pd->fault = *fault;
    pd->wait_state = PD_FAULTED;
    if (pd->entry->parent == ABI_PD_NONE) {
        return; /* the monitor itself, which has no parent */
    }

    struct pd *parent = kernel_pd(k, pd->entry->parent);
    present_fault(parent, pd);
    ipc_wake(k, parent);
}

void ipc_fault_clear(const struct kernel *k, struct pd *pd)
{
    struct pd *parent = kernel_pd(k, pd->entry->parent);
    uint32_t id = pd->entry->child_id;

    fault_words(parent)[id / 64] &= ~(1ull << (id % 64));
    if (parent->faulted_child == pd) {
        parent->faulted_child = NULL;
    }
}

void ipc_abort_clients(struct kernel *k, struct pd *pd)
{
    drop_debt(k, pd, true);
    /* at most ABI_IDS callers */
    while (pd->callers != 0) {
        uint32_t id = lowest_bit(pd->callers);
        pd->callers &= pd->callers - 1;
        ipc_ppcall_abort(k, kernel_pd(k, pd->entry->channel[id].pd));
    }
}
