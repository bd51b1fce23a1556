/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - interrupts as notifications; see irq.h.
 */
#include "kernel/core/irq.h"

#include "kernel/core/ipc.h"
#include "kernel/core/sched.h"

void irq_init(void)
{
    for (uint32_t i = 0; i < kernel.table->irq_count; i++) {
        arch_irq_enable(kernel.irqs[i].number, kernel.irqs[i].edge != 0);
    }
}

void irq_take(void)
{
    uint32_t number = arch_irq_take();

    if (number == ARCH_IRQ_TIMER) {
        sched_timer();
        return;
    }
    if (number >= kernel.table->irq_line_count ||
        kernel.irq_lines[number] == ABI_PD_NONE) {
        /* Nothing pending, or a line no PD owns.  Such a line was never
         * enabled; should it fire all the same, it stays masked. */
        kernel.spurious++;
        return;
    }

    const struct abi_irq *irq = &kernel.irqs[kernel.irq_lines[number]];
    struct pd *pd = pd_at(irq->pd);
    pd->held |= 1ull << irq->channel;
    ipc_signal(pd, irq->channel);
}

enum err irq_ack(struct pd *pd, uint64_t channel)
{
    if (channel >= ABI_IDS ||
        (pd->entry->channel[channel].flags & ABI_CH_IRQ) == 0) {
        return ERR_CHANNEL;
    }

    uint64_t bit = 1ull << channel;
    if ((pd->held & bit) != 0) {
        pd->held &= ~bit;
        arch_irq_complete(kernel.irqs[pd->entry->channel[channel].irq].number);
    }
    return ERR_OK;
}
