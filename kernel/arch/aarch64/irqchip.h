/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqchip.h - the interrupt controller's set-up; the rest is in core/arch.h.
 *
 * Shape     irqchip_KIND.c has this function and the arch_irq_*() of arch.h; the
 *           board names the kind.
 * Owner     the one core; EL2.
 * Trust     addresses come from the checked table.
 * Errors    an interrupt number the controller lacks stops the boot.
 */
#pragma once

#include "abi/table.h"

/** Silences every line, then enables the kernel's timer alone. */
void irqchip_init(const struct abi_table *table);
