/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqchip_gicv2.c - the interrupt controller is a GICv2, for boards that say so.
 *
 * "Masked until acknowledged" costs no distributor access: with split
 * end-of-interrupt the kernel drops the running priority when it takes an
 * interrupt (EOIR), which lets others through, and deactivates it when its
 * owner acknowledges (DIR).  Between the two the line is active: it cannot be
 * delivered again, and an edge that arrives meanwhile stays pending.
 * Arm GICv2 (IHI 0048B), sections 3.2.1, 4.3, 4.4.
 */
#include "kernel/arch/aarch64/irqchip.h"

#include "base/mmio.h"
#include "kernel/arch/aarch64/cpu.h"
#include "kernel/arch/aarch64/timer.h"
#include "kernel/core/arch.h"

/* Distributor */
#define GICD_CTLR       0x000u
#define GICD_TYPER      0x004u
#define GICD_ISENABLER  0x100u /* one bit per interrupt */
#define GICD_ICENABLER  0x180u
#define GICD_ICPENDR    0x280u
#define GICD_ICACTIVER  0x380u
#define GICD_IPRIORITYR 0x400u /* one byte per interrupt */
#define GICD_ITARGETSR  0x800u /* one byte per interrupt */
#define GICD_ICFGR      0xc00u /* two bits per interrupt */

#define GICD_CTLR_ENABLE 1u
#define GICD_TYPER_LINES 0x1fu /* (N + 1) * 32 interrupts */
#define GICD_ICFGR_EDGE  2u

/* CPU interface: two pages */
#define GICC_CTLR 0x0000u
#define GICC_PMR  0x0004u
#define GICC_BPR  0x0008u
#define GICC_IAR  0x000cu
#define GICC_EOIR 0x0010u
#define GICC_DIR  0x1000u

#define GICC_CTLR_ENABLE    1u
#define GICC_CTLR_EOI_SPLIT (1u << 9)
#define GICC_IAR_INTID      0x3ffu

#define GIC_SPI_FIRST      32u
#define GIC_SPECIAL_FIRST  1020u /* 1020..1023 are not interrupts */
#define GIC_PRIORITY       0x80u /* the same for all: the kernel schedules */
#define GIC_PRIORITY_BELOW 0xf0u

const uint32_t arch_irqchip_kind = ABI_IRQCHIP_GICV2;

static struct {
    uintptr_t distributor;   /* [I] */
    uintptr_t cpu_interface; /* [I] */
    uint32_t lines;          /* [I] interrupts the distributor has */
} gic;

/* Replaces the `width` bits of interrupt `number` in an array of fields. */
static void gic_set_field(
    uint32_t base, uint32_t number, uint32_t width, uint32_t value)
{
    uint32_t per_word = 32u / width;
    uint32_t offset = base + 4u * (number / per_word);
    uint32_t shift = width * (number % per_word);
    uint32_t mask = ((1u << width) - 1u) << shift;
    uint32_t word = mmio_read32(gic.distributor, offset);

    mmio_write32(gic.distributor, offset, (word & ~mask) | (value << shift));
}

/* Forgets whatever firmware left enabled, pending or active. */
static void gic_reset_lines(void)
{
    for (uint32_t word = 0; word < gic.lines / 32u; word++) {
        mmio_write32(gic.distributor, GICD_ICENABLER + 4u * word, UINT32_MAX);
        mmio_write32(gic.distributor, GICD_ICPENDR + 4u * word, UINT32_MAX);
        mmio_write32(gic.distributor, GICD_ICACTIVER + 4u * word, UINT32_MAX);
    }
}

void irqchip_init(const struct abi_table *table)
{
    gic.distributor = (uintptr_t)table->irqchip[0];
    gic.cpu_interface = (uintptr_t)table->irqchip[1];

    mmio_write32(gic.distributor, GICD_CTLR, 0);
    uint32_t type = mmio_read32(gic.distributor, GICD_TYPER);
    gic.lines = ((type & GICD_TYPER_LINES) + 1u) * 32u;
    gic_reset_lines();
    mmio_write32(gic.distributor, GICD_CTLR, GICD_CTLR_ENABLE);

    mmio_write32(gic.cpu_interface, GICC_PMR, GIC_PRIORITY_BELOW);
    mmio_write32(gic.cpu_interface, GICC_BPR, 0);
    mmio_write32(
        gic.cpu_interface, GICC_CTLR, GICC_CTLR_ENABLE | GICC_CTLR_EOI_SPLIT);
    arch_irq_enable(TIMER_IRQ, false);
}

void arch_irq_enable(uint32_t number, bool edge)
{
    if (number >= gic.lines || number >= GIC_SPECIAL_FIRST) {
        kernel_panic(
            "interrupt number beyond the controller's", number, gic.lines);
    }

    gic_set_field(GICD_IPRIORITYR, number, 8, GIC_PRIORITY);
    if (number >= GIC_SPI_FIRST) {
        /* The first target register is read-only and names this core. */
        uint32_t self = mmio_read32(gic.distributor, GICD_ITARGETSR) & 0xffu;
        gic_set_field(GICD_ITARGETSR, number, 8, self == 0 ? 1u : self);
        gic_set_field(GICD_ICFGR, number, 2, edge ? GICD_ICFGR_EDGE : 0u);
    }
    mmio_write32(gic.distributor, GICD_ISENABLER + 4u * (number / 32u),
        1u << (number % 32u));
}

uint32_t arch_irq_take(void)
{
    uint32_t ack = mmio_read32(gic.cpu_interface, GICC_IAR);
    uint32_t number = ack & GICC_IAR_INTID;

    if (number >= GIC_SPECIAL_FIRST) {
        return ARCH_IRQ_NONE;
    }
    mmio_write32(gic.cpu_interface, GICC_EOIR, ack);
    if (number == TIMER_IRQ) {
        mmio_write32(gic.cpu_interface, GICC_DIR, ack);
        return ARCH_IRQ_TIMER;
    }
    return number;
}

void arch_irq_complete(uint32_t number)
{
    mmio_write32(gic.cpu_interface, GICC_DIR, number);
}

void arch_idle(void)
{
    /* Device writes (an acknowledge) take effect before the core sleeps. */
    cpu_dsb();
    cpu_wfi();
}
