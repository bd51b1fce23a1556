/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attack_list.c - see attack_list.h.
 */
#include "tests/kernel/attack_list.h"

#include <stddef.h>

#include "base/attr.h"
#include "tests/kernel/attack_steps.h"

#define MESSAGE_PAGE 0xfffffff000ull

/* An address inside the attacker's own text. */
#define OWN_TEXT ((uint64_t)(uintptr_t)&step_own_text)

/* clang-format off */
const struct attack attack_list[] = {
    /* wild pointers: physical addresses of things the PD does not have */
    { "read address 0", ATTACK_READ, step_read, 0, NULL },
    { "write address 0", ATTACK_WRITE, step_write, 0, NULL },
    { "execute address 0", ATTACK_EXECUTE, step_jump, 0, NULL },
    { "read the loader", ATTACK_READ, step_read, 0x70000000, NULL },
    { "read kernel text", ATTACK_READ, step_read, 0x70010000, NULL },
    { "write kernel text", ATTACK_WRITE, step_write, 0x70010000, NULL },
    { "execute kernel text", ATTACK_EXECUTE, step_jump, 0x70010000, NULL },
    { "read memory behind the image", ATTACK_READ, step_read, 0x71000000, NULL },
    { "read the device tree", ATTACK_READ, step_read, 0x40000000, NULL },
    { "read the interrupt distributor", ATTACK_READ, step_read32, 0x08000000, NULL },
    { "write the interrupt distributor", ATTACK_WRITE, step_write32,
        0x08000000, NULL },
    { "write the cpu interface", ATTACK_WRITE, step_write32, 0x08010000, NULL },
    { "write the console", ATTACK_WRITE, step_write32, 0x09000000, NULL },
    { "read a neighbour's region", ATTACK_READ, step_read, ATTACK_SECRET, NULL },
    { "write a neighbour's region", ATTACK_WRITE, step_write, ATTACK_SECRET, NULL },
    { "zero a neighbour's region", ATTACK_WRITE, step_dc_zva, ATTACK_SECRET, NULL },

    /* the edges of the address space */
    { "read above the stack", ATTACK_READ, step_read, ATTACK_STACK_TOP, NULL },
    { "write above the stack", ATTACK_WRITE, step_write, ATTACK_STACK_TOP, NULL },
    { "write below the stack", ATTACK_WRITE, step_write,
        ATTACK_STACK_LOW - 8, NULL },
    { "read behind the message page", ATTACK_READ, step_read,
        MESSAGE_PAGE + 0x1000, NULL },
    { "read with address bit 47", ATTACK_READ, step_read, 1ull << 47, NULL },
    { "read with address bit 55", ATTACK_READ, step_read, 1ull << 55, NULL },
    { "read with address bit 63", ATTACK_READ, step_read, 1ull << 63, NULL },
    { "read the last words", ATTACK_READ, step_read, 0xfffffffffffffff0, NULL },
    { "write the last words", ATTACK_WRITE, step_write, 0xfffffffffffffff0, NULL },
    { "execute at the end", ATTACK_EXECUTE, step_jump, 0xfffffffffffffffc, NULL },
    { "execute at bit 47", ATTACK_EXECUTE, step_jump, 1ull << 47, NULL },

    /* permissions of what the PD does have */
    { "write own text", ATTACK_WRITE, step_write, OWN_TEXT, NULL },
    { "zero own text", ATTACK_WRITE, step_dc_zva, OWN_TEXT, NULL },
    { "write a read-only region", ATTACK_WRITE, step_write, ATTACK_READ_ONLY, NULL },
    { "zero a read-only region", ATTACK_WRITE, step_dc_zva, ATTACK_READ_ONLY, NULL },
    { "store exclusive to a read-only region", ATTACK_WRITE, step_exclusive,
        ATTACK_READ_ONLY, step_exclusive_at },
    { "execute a read-only region", ATTACK_EXECUTE, step_jump,
        ATTACK_READ_ONLY, NULL },
    { "execute a writable region", ATTACK_EXECUTE, step_jump, ATTACK_DATA, NULL },
    { "execute the stack", ATTACK_EXECUTE, step_jump, ATTACK_STACK_TOP - 16, NULL },
    { "execute the message page", ATTACK_EXECUTE, step_jump, MESSAGE_PAGE, NULL },
    { "overflow the stack", ATTACK_STACK, step_overflow, 0, NULL },

    /* undefined and debug instructions */
    { "udf", ATTACK_EXCEPTION, step_udf, 0, NULL },
    { "brk", ATTACK_EXCEPTION, step_brk, 0, NULL },
    { "hlt", ATTACK_EXCEPTION, step_hlt, 0, NULL },
    { "dcps1", ATTACK_EXCEPTION, step_dcps1, 0, NULL },
    { "drps", ATTACK_EXCEPTION, step_drps, 0, NULL },
    { "hvc", ATTACK_EXCEPTION, step_hvc, 0, NULL },
    { "smc", ATTACK_EXCEPTION, step_smc, 0, NULL },
    { "eret", ATTACK_EXCEPTION, step_eret, 0, NULL },
    { "large system extension", ATTACK_EXCEPTION, step_cas, ATTACK_DATA, NULL },
    { "scalable vectors", ATTACK_EXCEPTION, step_sve, 0, NULL },
    { "jump to an odd address", ATTACK_JUMP, step_jump, 0x200002, NULL },

    /* the processor's state */
    { "mask interrupts", ATTACK_EXCEPTION, step_daifset, 0, NULL },
    { "read the interrupt mask", ATTACK_EXCEPTION, step_read_daif, 0, NULL },
    { "select the stack pointer", ATTACK_EXCEPTION, step_spsel, 0, NULL },
    { "read currentel", ATTACK_EXCEPTION, step_currentel, 0, NULL },
    { "read midr_el1", ATTACK_EXCEPTION, step_midr, 0, NULL },
    { "read mpidr_el1", ATTACK_EXCEPTION, step_mpidr, 0, NULL },
    { "write tpidrro_el0", ATTACK_EXCEPTION, step_tpidrro, 0, NULL },
    { "write tpidr_el1", ATTACK_EXCEPTION, step_tpidr_el1, 0, NULL },
    { "write sctlr_el1", ATTACK_EXCEPTION, step_sctlr_el1, 0, NULL },
    { "read sctlr_el1", ATTACK_EXCEPTION, step_read_sctlr_el1, 0, NULL },
    { "write ttbr0_el1", ATTACK_EXCEPTION, step_ttbr0_el1, 0, NULL },
    { "write tcr_el1", ATTACK_EXCEPTION, step_tcr_el1, 0, NULL },
    { "write mair_el1", ATTACK_EXCEPTION, step_mair_el1, 0, NULL },
    { "write vbar_el1", ATTACK_EXCEPTION, step_vbar_el1, 0, NULL },
    { "write cpacr_el1", ATTACK_EXCEPTION, step_cpacr_el1, 0, NULL },
    { "write elr_el1", ATTACK_EXCEPTION, step_elr_el1, 0, NULL },
    { "write spsr_el1", ATTACK_EXCEPTION, step_spsr_el1, 0, NULL },
    { "write sp_el0", ATTACK_EXCEPTION, step_sp_el0, 0, NULL },
    { "write hcr_el2", ATTACK_EXCEPTION, step_hcr_el2, 0, NULL },
    { "write vttbr_el2", ATTACK_EXCEPTION, step_vttbr_el2, 0, NULL },
    { "write vbar_el2", ATTACK_EXCEPTION, step_vbar_el2, 0, NULL },
    { "write sctlr_el2", ATTACK_EXCEPTION, step_sctlr_el2, 0, NULL },
    { "write ttbr0_el2", ATTACK_EXCEPTION, step_ttbr0_el2, 0, NULL },
    { "read scr_el3", ATTACK_EXCEPTION, step_scr_el3, 0, NULL },
    { "an implementation defined register", ATTACK_EXCEPTION, step_imp_def, 0, NULL },

    /* translation and caches, beyond what user level may do */
    { "tlbi vmalle1", ATTACK_EXCEPTION, step_tlbi_vmalle1, 0, NULL },
    { "tlbi alle1", ATTACK_EXCEPTION, step_tlbi_alle1, 0, NULL },
    { "tlbi alle2", ATTACK_EXCEPTION, step_tlbi_alle2, 0, NULL },
    { "at s1e0r", ATTACK_EXCEPTION, step_at_s1e0r, 0, NULL },
    { "dc isw", ATTACK_EXCEPTION, step_dc_isw, 0, NULL },
    { "dc csw", ATTACK_EXCEPTION, step_dc_csw, 0, NULL },
    { "dc cisw", ATTACK_EXCEPTION, step_dc_cisw, 0, NULL },
    { "dc ivac", ATTACK_EXCEPTION, step_dc_ivac, ATTACK_DATA, NULL },
    { "ic iallu", ATTACK_EXCEPTION, step_ic_iallu, 0, NULL },

    /* timers, debug and performance registers it was not given */
    { "write cntkctl_el1", ATTACK_EXCEPTION, step_cntkctl, 0, NULL },
    { "write cntfrq_el0", ATTACK_EXCEPTION, step_cntfrq, 0, NULL },
    { "write cntvoff_el2", ATTACK_EXCEPTION, step_cntvoff, 0, NULL },
    { "read cntp_ctl_el0", ATTACK_EXCEPTION, step_cntp_ctl, 0, NULL },
    { "write cntp_cval_el0", ATTACK_EXCEPTION, step_cntp_cval, 0, NULL },
    { "write cntv_ctl_el0", ATTACK_EXCEPTION, step_cntv_ctl, 0, NULL },
    { "write cnthp_ctl_el2", ATTACK_EXCEPTION, step_cnthp_ctl, 0, NULL },
    { "read pmccntr_el0", ATTACK_EXCEPTION, step_pmccntr, 0, NULL },
    { "write pmcr_el0", ATTACK_EXCEPTION, step_pmcr, 0, NULL },
    { "write pmuserenr_el0", ATTACK_EXCEPTION, step_pmuserenr, 0, NULL },
    { "write mdscr_el1", ATTACK_EXCEPTION, step_mdscr, 0, NULL },
    { "write oslar_el1", ATTACK_EXCEPTION, step_oslar, 0, NULL },
    { "read mdccsr_el0", ATTACK_EXCEPTION, step_mdccsr, 0, NULL },

    /* what every PD may do */
    { "read the counters", ATTACK_NOTHING, step_counters, 0, NULL },
    { "read ctr_el0 and dczid_el0", ATTACK_NOTHING, step_cache_type, 0, NULL },
    { "write tpidr_el0", ATTACK_NOTHING, step_tpidr, 0, NULL },
    { "clean and zero own memory", ATTACK_NOTHING, step_own_cache,
        ATTACK_DATA, NULL },
    { "barriers and hints", ATTACK_NOTHING, step_hints, 0, NULL },
    { "read a read-only region", ATTACK_NOTHING, step_read, ATTACK_READ_ONLY, NULL },
    { "compute with vectors", ATTACK_NOTHING, step_fpu, 0, NULL },
};
/* clang-format on */

const uint32_t attack_count = ARRAY_LEN(attack_list);
