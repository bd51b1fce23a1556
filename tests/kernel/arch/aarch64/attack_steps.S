/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attacks themselves: x0 = address, the first instruction is the one that
 * must fault, so that the faulting address is the function's; where that cannot
 * be, the instruction has a label step_NAME_at.  x1 is anything.
 */
    .arch_extension fp
    .arch_extension simd

    .macro step name
    .text
    .balign 16
    .globl step_\name
step_\name:
    .endm

/* ---- memory -------------------------------------------------------------- */

    step    read
    ldr     x1, [x0]
    ret

    step    write
    str     x1, [x0]
    ret

    step    read32
    ldr     w1, [x0]
    ret

    step    write32
    str     w1, [x0]
    ret

    step    exclusive
    .globl  step_exclusive_at
    ldaxr   x2, [x0]
step_exclusive_at:
    stlxr   w3, x1, [x0]
    ret

    step    dc_zva
    dc      zva, x0
    ret

    step    jump
    br      x0
    ret

    step    own_text
    ret

/* ---- instructions -------------------------------------------------------- */

    step    udf
    .inst   3
    ret

    step    brk
    brk     #7
    ret

    step    hlt
    hlt     #7
    ret

    step    dcps1
    dcps1
    ret

    step    drps
    drps
    ret

    step    hvc
    hvc     #0
    ret

    step    smc
    smc     #0
    ret

    step    eret
    eret
    ret

    step    cas
    .inst   0xc8a07c01 /* cas x0, x1, [x0] */
    ret

    step    sve
    .inst   0x04bf5020 /* rdvl x0, #1 */
    ret

    step    daifset
    msr     daifset, #0xf
    ret

    step    read_daif
    mrs     x1, daif
    ret

    step    spsel
    msr     spsel, #1
    ret

    step    currentel
    mrs     x1, currentel
    ret

    step    midr
    mrs     x1, midr_el1
    ret

    step    mpidr
    mrs     x1, mpidr_el1
    ret

    step    tpidrro
    msr     tpidrro_el0, x1
    ret

    step    tpidr_el1
    msr     tpidr_el1, x1
    ret

    step    sctlr_el1
    msr     sctlr_el1, x1
    ret

    step    read_sctlr_el1
    mrs     x1, sctlr_el1
    ret

    step    ttbr0_el1
    msr     ttbr0_el1, x1
    ret

    step    tcr_el1
    msr     tcr_el1, x1
    ret

    step    mair_el1
    msr     mair_el1, x1
    ret

    step    vbar_el1
    msr     vbar_el1, x1
    ret

    step    cpacr_el1
    msr     cpacr_el1, x1
    ret

    step    elr_el1
    msr     elr_el1, x1
    ret

    step    spsr_el1
    msr     spsr_el1, x1
    ret

    step    sp_el0
    msr     sp_el0, x1
    ret

    step    hcr_el2
    msr     hcr_el2, x1
    ret

    step    vttbr_el2
    msr     vttbr_el2, x1
    ret

    step    vbar_el2
    msr     vbar_el2, x1
    ret

    step    sctlr_el2
    msr     sctlr_el2, x1
    ret

    step    ttbr0_el2
    msr     ttbr0_el2, x1
    ret

    step    scr_el3
    mrs     x1, scr_el3
    ret

    step    imp_def
    mrs     x1, s3_1_c15_c2_0 /* CPUACTLR_EL1 */
    ret

    step    tlbi_vmalle1
    tlbi    vmalle1
    ret

    step    tlbi_alle1
    tlbi    alle1
    ret

    step    tlbi_alle2
    tlbi    alle2
    ret

    step    at_s1e0r
    at      s1e0r, x0
    ret

    step    dc_isw
    dc      isw, x1
    ret

    step    dc_csw
    dc      csw, x1
    ret

    step    dc_cisw
    dc      cisw, x1
    ret

    step    dc_ivac
    dc      ivac, x0
    ret

    step    ic_iallu
    ic      iallu
    ret

    step    cntkctl
    msr     cntkctl_el1, x1
    ret

    step    cntfrq
    msr     cntfrq_el0, x1
    ret

    step    cntvoff
    msr     cntvoff_el2, x1
    ret

    step    cntp_ctl
    mrs     x1, cntp_ctl_el0
    ret

    step    cntp_cval
    msr     cntp_cval_el0, x1
    ret

    step    cntv_ctl
    msr     cntv_ctl_el0, x1
    ret

    step    cnthp_ctl
    msr     cnthp_ctl_el2, x1
    ret

    step    pmccntr
    mrs     x1, pmccntr_el0
    ret

    step    pmcr
    msr     pmcr_el0, x1
    ret

    step    pmuserenr
    msr     pmuserenr_el0, x1
    ret

    step    mdscr
    msr     mdscr_el1, x1
    ret

    step    oslar
    msr     oslar_el1, x1
    ret

    step    mdccsr
    mrs     x1, mdccsr_el0
    ret

/* ---- allowed ------------------------------------------------------------- */

    step    counters
    mrs     x1, cntvct_el0
    mrs     x1, cntpct_el0
    mrs     x1, cntfrq_el0
    ret

    step    cache_type
    mrs     x1, ctr_el0
    mrs     x1, dczid_el0
    ret

    step    tpidr
    mov     x1, #0x1234
    msr     tpidr_el0, x1
    mrs     x2, tpidr_el0
    mrs     x2, tpidrro_el0
    msr     tpidr_el0, xzr
    ret

    step    own_cache
    dc      cvac, x0
    dc      cvau, x0
    dc      civac, x0
    ic      ivau, x0
    dc      zva, x0
    ret

    step    hints
    dsb     sy
    dmb     ish
    isb
    sev
    wfe
    yield
    clrex
    ret

    step    fpu
    fmov    d0, #1.5
    fadd    d1, d0, d0
    movi    v31.2d, #0
    mrs     x1, fpcr
    ret
