/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.h - interrupts as notifications.
 *
 * Shape     one owner per interrupt: a PD and one of its channel ids.
 * Owner     the core that takes the interrupt.
 * Trust     the number comes from the controller and is bounds-checked.
 * Source    kernel/kernel.md, ABI_SYS_IRQ_ACK.
 */
#pragma once

#include "abi/err.h"
#include "kernel/core/kernel.h"

/** Enables every interrupt of the table; at boot. */
NOINLINE void irq_init(const struct kernel *k);
/** Takes one pending interrupt, if any, and notifies its owner; it stays
 *  masked until irq_ack(). */
void irq_take(struct kernel *k);
/** Lets the interrupt on the PD's channel be delivered again.  An interrupt
 *  that was not delivered needs no acknowledgement: no effect, no error. */
MUST_USE enum err irq_ack(
    const struct kernel *k, struct pd *pd, uint64_t channel);
