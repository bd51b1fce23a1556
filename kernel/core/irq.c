/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - interrupts as notifications; see irq.h.
 */
#include "kernel/core/irq.h"

#include "kernel/core/ipc.h"
#include "kernel/core/sched_clock.h"

void irq_init(const struct kernel *k)
{
    for (uint32_t i = 0; i < k->table->irq_count; i++) {
        arch_irq_enable(k->irqs[i].number, k->irqs[i].edge != 0);
    }
}

void irq_take(struct kernel *k)
{
    uint32_t number = arch_irq_take();

    if (number == ARCH_IRQ_TIMER) {
        sched_clock_fired(k);
        return;
    }
    if (number >= k->table->irq_line_count ||
        k->irq_lines[number] == ABI_PD_NONE) {
        /* Nothing pending, or a line no PD owns.  Such a line was never
         * enabled; if it fires nevertheless, it stays masked. */
        k->spurious++;
        return;
    }

    const struct abi_irq *irq = &k->irqs[k->irq_lines[number]];
    struct pd *pd = kernel_pd(k, irq->pd);
    pd->held |= 1ull << irq->channel;
    ipc_signal(k, pd, irq->channel);
}

enum err irq_ack(const struct kernel *k, struct pd *pd, uint64_t channel)
{
    if (channel >= ABI_IDS ||
        (pd->entry->channel[channel].flags & ABI_CH_IRQ) == 0) {
        return ERR_CHANNEL;
    }

    uint64_t bit = 1ull << channel;
    if ((pd->held & bit) != 0) {
        pd->held &= ~bit;
        arch_irq_complete(k->irqs[pd->entry->channel[channel].irq].number);
    }
    return ERR_OK;
}
