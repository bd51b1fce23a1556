/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gicv2.h - the interrupt controller's set-up; the rest is in core/arch.h.
 *
 * Shape     one distributor, one CPU interface of two pages.
 * Units     interrupt numbers are INTIDs: 16..31 private, 32.. shared.
 * Owner     gicv2.c; EL2, one core.
 * Trust     addresses come from the checked table.
 * Errors    an interrupt number the controller lacks stops the boot.
 * Source    Arm GICv2 (IHI 0048B).
 */
#pragma once

#include <stdint.h>

/** Silences every line, then enables the kernel's timer alone. */
void gicv2_init(uint64_t distributor, uint64_t cpu_interface);
