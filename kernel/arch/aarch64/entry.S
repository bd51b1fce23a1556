/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way in and out of the kernel.
 *
 * While user code runs, SP_EL2 points at the running PD's struct arch_context,
 * so that an exception stores the registers where they belong and nothing has
 * to be looked up.  Then the one kernel stack of this core is taken, empty: no
 * kernel path ever waits with something on it.  Every C handler returns the
 * context to resume.
 *
 *     PD ---svc, fault, irq---> vector: save x0..x30 at SP_EL2
 *                               entry_*: save the rest, take the stack, call C
 *     PD <-------eret---------- context_resume: x0 = whose turn it is
 *
 * Interrupts are masked from exception to eret.  An exception that the kernel
 * itself takes is the end: entry_panic.
 */
#include "kernel/arch/aarch64/asm_offsets.h"
#include "kernel/arch/aarch64/sysreg.h"

/* ---- Boot ---------------------------------------------------------------- */

/*
 * From the loader: x0 = system table, x1 = root of the kernel's page table.
 * EL2, one core.  The MMU may be on with any one-to-one map, or off.  Nothing
 * is read from or written to memory before our own table is in force, so that
 * what the loader left in the caches is seen.
 */
    .section .text.start, "ax"
    .globl _start
_start:
    msr     daifset, #0xf
    msr     spsel, #1
    ldr     x2, =SCTLR_EL2_OFF
    msr     sctlr_el2, x2
    isb

    ldr     x2, =MAIR_EL2_VALUE
    msr     mair_el2, x2
    ldr     x2, =TCR_EL2_VALUE
    msr     tcr_el2, x2
    msr     ttbr0_el2, x1
    isb
    tlbi    alle2
    tlbi    alle1
    ic      iallu
    dsb     sy
    isb
    ldr     x2, =SCTLR_EL2_ON
    msr     sctlr_el2, x2
    isb

    adrp    x2, vectors
    add     x2, x2, :lo12:vectors
    msr     vbar_el2, x2
    bl      cpu_init

    adrp    x2, kernel_stack_top
    add     sp, x2, :lo12:kernel_stack_top
    mov     x29, xzr
    mov     x30, xzr
    bl      kernel_boot
    b       context_resume

/* Everything that decides what EL0 may do.  Changes x2 and x3. */
cpu_init:
    ldr     x2, =HCR_EL2_VALUE
    msr     hcr_el2, x2
    ldr     x2, =VTCR_EL2_VALUE
    msr     vtcr_el2, x2
    msr     vttbr_el2, xzr
    ldr     x2, =SCTLR_EL1_VALUE
    msr     sctlr_el1, x2
    msr     tcr_el1, xzr
    msr     hstr_el2, xzr
    msr     actlr_el2, xzr
    ldr     x2, =CPTR_EL2_FPU_OFF
    msr     cptr_el2, x2
    mov     x2, #CPACR_EL1_VALUE
    msr     cpacr_el1, x2
    mov     x2, #MDSCR_TDCC
    msr     mdscr_el1, x2
    mov     x2, #CNTHCTL_EL2_VALUE
    msr     cnthctl_el2, x2
    mov     x2, #CNTKCTL_COUNTERS
    msr     cntkctl_el1, x2
    msr     cntvoff_el2, xzr
    msr     cnthp_ctl_el2, xzr
    msr     cntp_ctl_el0, xzr
    msr     cntv_ctl_el0, xzr
    msr     tpidrro_el0, xzr
    isb
    ret

/* ---- Vectors ------------------------------------------------------------- */

    .macro save_registers
    stp     x0, x1, [sp, #CONTEXT_X + 8 * 0]
    stp     x2, x3, [sp, #CONTEXT_X + 8 * 2]
    stp     x4, x5, [sp, #CONTEXT_X + 8 * 4]
    stp     x6, x7, [sp, #CONTEXT_X + 8 * 6]
    stp     x8, x9, [sp, #CONTEXT_X + 8 * 8]
    stp     x10, x11, [sp, #CONTEXT_X + 8 * 10]
    stp     x12, x13, [sp, #CONTEXT_X + 8 * 12]
    stp     x14, x15, [sp, #CONTEXT_X + 8 * 14]
    stp     x16, x17, [sp, #CONTEXT_X + 8 * 16]
    stp     x18, x19, [sp, #CONTEXT_X + 8 * 18]
    stp     x20, x21, [sp, #CONTEXT_X + 8 * 20]
    stp     x22, x23, [sp, #CONTEXT_X + 8 * 22]
    stp     x24, x25, [sp, #CONTEXT_X + 8 * 24]
    stp     x26, x27, [sp, #CONTEXT_X + 8 * 26]
    stp     x28, x29, [sp, #CONTEXT_X + 8 * 28]
    .endm

/* The rest; leaves x0 = context, SP = kernel stack. */
    .macro take_stack
    mov     x0, sp
    mrs     x1, sp_el0
    mrs     x2, elr_el2
    mrs     x3, spsr_el2
    mrs     x4, tpidr_el0
    stp     x30, x1, [x0, #CONTEXT_X + 8 * 30]
    stp     x2, x3, [x0, #CONTEXT_PC]
    str     x4, [x0, #CONTEXT_TPIDR]
    adrp    x1, kernel_stack_top
    add     sp, x1, :lo12:kernel_stack_top
    .endm

    .macro vector_user target
    .balign 128
    save_registers
    b       \target
    .endm

    .macro vector_kernel number
    .balign 128
    msr     tpidr_el2, x0
    adrp    x0, panic_frame
    add     x0, x0, :lo12:panic_frame
    str     x1, [x0, #CONTEXT_X + 8 * 1]
    mov     x1, #\number
    b       entry_panic
    .endm

    .section .text.vectors, "ax"
    .balign 2048
vectors:
    vector_kernel 0 /* this level, SP_EL0: never selected */
    vector_kernel 1
    vector_kernel 2
    vector_kernel 3
    vector_kernel 4 /* this level: a broken kernel */
    vector_kernel 5
    vector_kernel 6
    vector_kernel 7
    vector_user entry_sync
    vector_user entry_irq
    vector_user entry_irq /* a FIQ: the GIC is polled all the same */
    vector_user entry_serror
    vector_kernel 12 /* AArch32: cannot be entered */
    vector_kernel 13
    vector_kernel 14
    vector_kernel 15
    .balign 128

/* ---- Entry --------------------------------------------------------------- */

    .text
entry_trap:
    bl      trap_sync
    b       context_resume

entry_serror:
    take_stack
    bl      trap_serror
    b       context_resume

entry_irq:
    take_stack
    bl      kernel_irq
    b       context_resume

/* x0 = context; x1 = syndrome. */
entry_sync:
    take_stack
    mrs     x1, esr_el2
    lsr     x2, x1, #ESR_EC_SHIFT
    cmp     x2, #EC_SVC64
    b.ne    entry_trap
    and     w1, w1, #ESR_ISS_IMM16_MASK
    bl      kernel_call
    /* fall through */

/* x0 = context to resume, all of it: nothing of another PD's stays behind. */
context_resume:
    mov     sp, x0
    ldp     x30, x1, [sp, #CONTEXT_X + 8 * 30]
    ldp     x2, x3, [sp, #CONTEXT_PC]
    ldr     x4, [sp, #CONTEXT_TPIDR]
    msr     sp_el0, x1
    msr     elr_el2, x2
    msr     spsr_el2, x3
    msr     tpidr_el0, x4
    ldp     x0, x1, [sp, #CONTEXT_X + 8 * 0]
    ldp     x2, x3, [sp, #CONTEXT_X + 8 * 2]
    ldp     x4, x5, [sp, #CONTEXT_X + 8 * 4]
    ldp     x6, x7, [sp, #CONTEXT_X + 8 * 6]
    ldp     x8, x9, [sp, #CONTEXT_X + 8 * 8]
    ldp     x10, x11, [sp, #CONTEXT_X + 8 * 10]
    ldp     x12, x13, [sp, #CONTEXT_X + 8 * 12]
    ldp     x14, x15, [sp, #CONTEXT_X + 8 * 14]
    ldp     x16, x17, [sp, #CONTEXT_X + 8 * 16]
    ldp     x18, x19, [sp, #CONTEXT_X + 8 * 18]
    ldp     x20, x21, [sp, #CONTEXT_X + 8 * 20]
    ldp     x22, x23, [sp, #CONTEXT_X + 8 * 22]
    ldp     x24, x25, [sp, #CONTEXT_X + 8 * 24]
    ldp     x26, x27, [sp, #CONTEXT_X + 8 * 26]
    ldp     x28, x29, [sp, #CONTEXT_X + 8 * 28]
    eret
    /* nothing is executed past eret, not even speculatively */
    dsb     nsh
    isb

/* ---- Panic --------------------------------------------------------------- */

/*
 * The kernel took an exception.  x0 = panic_frame with x1 in place, x1 = vector
 * number, TPIDR_EL2 = x0 as it was.  The stack may be what is broken, so
 * another one is used.
 */
entry_panic:
    stp     x2, x3, [x0, #CONTEXT_X + 8 * 2]
    stp     x4, x5, [x0, #CONTEXT_X + 8 * 4]
    stp     x6, x7, [x0, #CONTEXT_X + 8 * 6]
    stp     x8, x9, [x0, #CONTEXT_X + 8 * 8]
    stp     x10, x11, [x0, #CONTEXT_X + 8 * 10]
    stp     x12, x13, [x0, #CONTEXT_X + 8 * 12]
    stp     x14, x15, [x0, #CONTEXT_X + 8 * 14]
    stp     x16, x17, [x0, #CONTEXT_X + 8 * 16]
    stp     x18, x19, [x0, #CONTEXT_X + 8 * 18]
    stp     x20, x21, [x0, #CONTEXT_X + 8 * 20]
    stp     x22, x23, [x0, #CONTEXT_X + 8 * 22]
    stp     x24, x25, [x0, #CONTEXT_X + 8 * 24]
    stp     x26, x27, [x0, #CONTEXT_X + 8 * 26]
    stp     x28, x29, [x0, #CONTEXT_X + 8 * 28]
    mrs     x2, tpidr_el2
    str     x2, [x0, #CONTEXT_X + 8 * 0]
    str     x30, [x0, #CONTEXT_X + 8 * 30]
    mov     x2, sp
    mrs     x3, elr_el2
    mrs     x4, spsr_el2
    stp     x2, x3, [x0, #CONTEXT_SP]
    str     x4, [x0, #CONTEXT_SPSR]
    adrp    x2, panic_stack_top
    add     sp, x2, :lo12:panic_stack_top
    bl      trap_panic
1:  wfi
    b       1b

    .section .bss.panic, "aw", %nobits
    .balign 16
panic_frame:
    .skip   8 * 36
    .balign 16
    .skip   1024
panic_stack_top:
