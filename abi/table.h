/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * table.h - the system table: what the tool tells the kernel, per core.
 *
 * Shape     one read-only blob: struct abi_table, then arrays that it points
 *           to by byte offset from its own start.  Mutable state is elsewhere,
 *           in memory that the tool reserves, zeroes and maps for the kernel;
 *           the table holds its kernel addresses (type kernel address: physical
 *           where the kernel maps itself one to one, as at EL2).
 * Units     bytes; microseconds for budgets and periods.
 * Owner     written by the tool once; the kernel maps it read-only.
 * Trust     trusted after the boot check (kernel/core/table.c); a mismatch stops the
 *           boot with a text.  What is not in the table cannot be named.
 * Source    docs/design/kernel.md.
 */
#pragma once

#include <assert.h>
#include <stdint.h>

#include "abi/syscall.h"

#define ABI_TABLE_MAGIC   0x3130424154454450u /* "PDETAB01", little endian */
#define ABI_TABLE_VERSION 4u

/* The hash of a table: FNV-1a with 64-bit words in place of bytes. */
#define ABI_TABLE_HASH_BASIS 0xcbf29ce484222325u
#define ABI_TABLE_HASH_PRIME 0x00000100000001b3u

/* Exception levels and architectures the kernel can be built for. */
enum abi_arch {
    ABI_ARCH_FAKE = 0,
    ABI_ARCH_AARCH64 = 1,
    ABI_ARCH_RISCV64 = 2,
    ABI_ARCH_X86_64 = 3,
};

/* Interrupt controllers that a kernel can be built for. */
enum abi_irqchip {
    ABI_IRQCHIP_NONE = 0, /* the fake architecture's */
    ABI_IRQCHIP_GICV2 = 1,
};

/* Debug UARTs that a kernel can be built for. */
enum abi_console {
    ABI_CONSOLE_NONE = 0,
    ABI_CONSOLE_PL011 = 1,
};

/* Channel table entry flags. */
#define ABI_CH_NOTIFY 0x01 /* the owner may notify `pd` on its id `id` */
#define ABI_CH_CALL   0x02 /* the owner may call `pd`, which sees id `id` */
#define ABI_CH_SERVE  0x04 /* `pd` may call the owner, whose reply goes back */
#define ABI_CH_IRQ    0x08 /* an interrupt: `irq` indexes the irq array */

/* One channel end as its owner sees it; the array index is the channel id.
 * Without the right, `callee` and `listener` are the address of the state behind
 * the last PD's, which never waits.  So one check, "does it wait?", also tells
 * whether the owner has the right. */
struct abi_channel {
    uint64_t callee;   /* kernel address of the state of the PD to call */
    uint64_t listener; /* and of the one to notify */
    uint64_t bit;      /* 1 << id */
    uint16_t pd;       /* the other end's PD index, or ABI_PD_NONE */
    uint16_t irq;      /* index into the irq array when ABI_CH_IRQ */
    uint8_t id;        /* the other end's channel id */
    uint8_t flags;     /* ABI_CH_* ; 0: no such channel */
    uint16_t reserved;
};

/* PD flags. */
#define ABI_PD_PASSIVE    0x01 /* gives up its own budget at its first wait */
#define ABI_PD_FPU        0x02 /* may use floating-point registers */
#define ABI_PD_SMC        0x04 /* may use ABI_SYS_SMC */
#define ABI_PD_USER_TIMER 0x08 /* may program the user-level timer */
#define ABI_PD_MONITOR    0x10 /* child ids are PD indices, of any count */

/* Those that not every architecture offers. */
#define ABI_PD_OPTIONAL (ABI_PD_FPU | ABI_PD_SMC | ABI_PD_USER_TIMER)

/* One protection domain. */
struct abi_pd {
    uint64_t vspace; /* the address space, as arch_vspace_switch() takes it */
    uint64_t entry;  /* first instruction */
    uint64_t stack_top;   /* initial stack pointer, 16-byte aligned */
    uint64_t buffer;      /* kernel address of the message page */
    uint64_t faults;      /* kernel address of fault_words 64-bit words */
    uint64_t irq_ids;     /* channel ids that are interrupts */
    uint64_t notify_lazy; /* channel ids that may be notified lazily: peers on
                             this core of lower priority */
    uint32_t fault_words; /* 0 for a PD without children */
    uint32_t budget_us;   /* <= period_us; equal means a plain time slice */
    uint32_t period_us;
    uint16_t parent;   /* PD index that handles this PD's faults, or NONE */
    uint16_t child_id; /* this PD's id as its parent sees it */
    uint8_t priority;
    uint8_t flags; /* ABI_PD_* */
    uint8_t reserved[6];
    struct abi_channel channel[ABI_IDS];
    uint16_t children[ABI_IDS]; /* PD index by child id, or ABI_PD_NONE */
    char name[ABI_NAME_SIZE];   /* NUL terminated */
};

/* One interrupt line that some PD owns. */
struct abi_irq {
    uint32_t number; /* the controller's number */
    uint16_t pd;
    uint8_t channel; /* the owner's channel id */
    uint8_t edge;    /* 1: edge triggered, 0: level */
};

/* The header.  All *_offset count from the header's own first byte. */
struct abi_table {
    uint64_t magic;
    uint32_t version;
    uint32_t total_size;
    uint16_t header_size; /* sizeof of each structure, so that a kernel of */
    uint16_t pd_size;     /* another build refuses this table */
    uint16_t irq_size;
    uint16_t state_size; /* bytes per PD at state; >= the kernel's struct pd */
    uint8_t arch;        /* enum abi_arch */
    uint8_t exception_level;
    uint8_t core;
    uint8_t core_count;
    uint16_t irqchip_kind; /* enum abi_irqchip */
    uint16_t console_kind; /* enum abi_console */
    uint64_t hash;         /* of the whole blob, this field taken as 0 */

    uint32_t pd_count;
    uint32_t pd_offset; /* struct abi_pd[pd_count] */
    uint32_t irq_count;
    uint32_t irq_offset;      /* struct abi_irq[irq_count] */
    uint32_t irq_line_count;  /* numbers below this may be looked up */
    uint32_t irq_line_offset; /* uint16_t[irq_line_count]: irq index or NONE */

    uint64_t state;   /* kernel address: (pd_count + 1) * state_size, zeroed */
    uint64_t release; /* kernel address: uint16_t[pd_count], zeroed */
    uint64_t kernel_root; /* root of the kernel's own page table */
    uint64_t irqchip[2];  /* kernel addresses of the interrupt controller: of a
                             GICv2, distributor and CPU interface */
    uint64_t console;     /* kernel address of the debug UART, 0: none */
};

/* Bytes the tool reserves for one PD's mutable kernel state. */
#define ABI_PD_STATE_SIZE 1280u

static_assert(sizeof(struct abi_channel) == 32, "channel entry layout");
static_assert(sizeof(struct abi_irq) == 8, "irq entry layout");
static_assert(sizeof(struct abi_pd) == 2320, "pd entry layout");
static_assert(sizeof(struct abi_table) == 112, "table header layout");
