/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu.h - single instructions that C cannot say.
 *
 * Shape     one inline function per instruction, named as the manual names the
 *           register or the operation.
 * Owner     the kernel at EL2, one core.
 * Trust     syndrome and address registers describe what user code did.
 * Source    Arm ARM (DDI 0487), C6 and D13.
 */
#pragma once

#include <stdint.h>

/** Why the last exception to EL2 was taken. */
static inline uint64_t cpu_esr(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, esr_el2" : "=r"(value));
    return value;
}

/** Which virtual address the last abort was about. */
static inline uint64_t cpu_far(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, far_el2" : "=r"(value));
    return value;
}

/** Root and VMID of the stage 2 table that user accesses go through. */
static inline void cpu_set_vttbr(uint64_t value)
{
    __asm__ volatile("msr vttbr_el2, %0" : : "r"(value) : "memory");
}

static inline void cpu_set_cptr(uint64_t value)
{
    __asm__ volatile("msr cptr_el2, %0" : : "r"(value) : "memory");
}

static inline void cpu_set_cntkctl(uint64_t value)
{
    __asm__ volatile("msr cntkctl_el1, %0" : : "r"(value) : "memory");
}

static inline uint64_t cpu_cntfrq(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(value));
    return value;
}

static inline uint64_t cpu_cntpct(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, cntpct_el0" : "=r"(value) : : "memory");
    return value;
}

static inline void cpu_set_cnthp_cval(uint64_t value)
{
    __asm__ volatile("msr cnthp_cval_el2, %0" : : "r"(value) : "memory");
}

static inline void cpu_set_cnthp_ctl(uint64_t value)
{
    __asm__ volatile("msr cnthp_ctl_el2, %0" : : "r"(value) : "memory");
}

static inline uint64_t cpu_mdcr(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, mdcr_el2" : "=r"(value));
    return value;
}

static inline void cpu_set_mdcr(uint64_t value)
{
    __asm__ volatile("msr mdcr_el2, %0" : : "r"(value) : "memory");
}

static inline uint64_t cpu_pmcr(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, pmcr_el0" : "=r"(value));
    return value;
}

static inline void cpu_set_pmcr(uint64_t value)
{
    __asm__ volatile("msr pmcr_el0, %0" : : "r"(value) : "memory");
}

static inline void cpu_set_pmcntenset(uint64_t value)
{
    __asm__ volatile("msr pmcntenset_el0, %0" : : "r"(value) : "memory");
}

static inline void cpu_set_pmcntenclr(uint64_t value)
{
    __asm__ volatile("msr pmcntenclr_el0, %0" : : "r"(value) : "memory");
}

static inline void cpu_set_pmuserenr(uint64_t value)
{
    __asm__ volatile("msr pmuserenr_el0, %0" : : "r"(value) : "memory");
}

/** Later instructions see earlier system register writes. */
static inline void cpu_isb(void)
{
    __asm__ volatile("isb" : : : "memory");
}

/** Every earlier access is complete before anything later happens. */
static inline void cpu_dsb(void)
{
    __asm__ volatile("dsb sy" : : : "memory");
}

/** Sleeps until an interrupt is pending, masked or not. */
static inline void cpu_wfi(void)
{
    __asm__ volatile("wfi" : : : "memory");
}
