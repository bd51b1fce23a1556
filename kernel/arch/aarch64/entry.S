/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry and exit of the kernel.
 *
 * While user code runs, SP_EL2 points at the running PD's struct arch_context,
 * so that an exception stores the registers where they belong and nothing has
 * to be looked up.  Then the one kernel stack of this core is taken, empty: no
 * kernel path ever waits with something on it.  Every C handler returns the
 * context to resume.
 *
 *     PD ---fault, irq--> save everything, call C ---\
 *     PD -------svc-----> save what the call keeps,   |
 *                         call C --------------------+--> context_resume
 *                                                    |    (x0 = whose turn)
 *     PD --call, reply--> save what the call keeps,  |
 *                         call C, the message in     |
 *                         x9..x13 all the while -----+--> resume_with_message
 *     PD <------------------- eret ---------------------------/
 *
 * A PD resumes with every register loaded from its own context, except X0 and a
 * message that was sent to it.  So it never sees a value of another PD.
 *
 * Interrupts are masked from exception to eret.  An exception that the kernel
 * itself takes is the end: entry_panic.
 */
#include "abi/syscall.h"
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

    adrp    x1, kernel
    mov     sp, x1
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

/* ---- Saving -------------------------------------------------------------- */

    /* pair N, M: registers N and M = N + 1 */
    .macro save_pair n, m
    stp     x\n, x\m, [sp, #CONTEXT_X + 8 * \n]
    .endm

    .macro save_message
    save_pair 9, 10
    save_pair 11, 12
    save_pair 13, 14
    .endm

    /* What every system call but a wait preserves, with save_pc. */
    .macro save_preserved
    save_pair 18, 19
    save_pair 20, 21
    save_pair 22, 23
    save_pair 24, 25
    save_pair 26, 27
    save_pair 28, 29
    .endm

    /* Uses x14..x16, which a system call may change. */
    .macro save_pc
    mrs     x14, sp_el0
    mrs     x15, elr_el2
    mrs     x16, tpidr_el0
    stp     x30, x14, [sp, #CONTEXT_X + 8 * 30]
    stp     x15, x16, [sp, #CONTEXT_PC]
    .endm

    /* Everything but x16 and x17; leaves x0 = context, SP = kernel stack. */
    .macro save_all
    save_pair 0, 1
    save_pair 2, 3
    save_pair 4, 5
    save_pair 6, 7
    save_pair 8, 9
    save_pair 10, 11
    save_pair 12, 13
    save_pair 14, 15
    save_preserved
    save_pc
    mrs     x14, spsr_el2
    str     x14, [sp, #CONTEXT_SPSR]
    take_stack x1
    .endm

    /* The kernel's state lies where its stack ends: kernel.ld.  Leaves x0 =
     * context, SP = kernel stack, and the register named = &kernel. */
    .macro take_stack state
    mov     x0, sp
    adrp    \state, kernel
    mov     sp, \state
    .endm

/* ---- Vectors ------------------------------------------------------------- */

    .macro vector_user target
    .balign 128
    save_pair 16, 17
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
    .balign 128
    /* A call or an exception of user level; a wait is the most frequent. */
    save_pair 16, 17
    mrs     x16, esr_el2
    mov     w17, #ESR_SVC64
    sub     w16, w16, w17
    cmp     w16, #ABI_SYS_PPCALL
    b.eq    entry_call
    b.hi    1f
    tbnz    w16, #0, entry_reply_wait
    save_pair 28, 29
    save_pc
    take_stack x1
    bl      kernel_wait_fast
    b       context_resume
1:  cmp     w16, #ABI_SYS_NOTIFY
    b.eq    entry_notify
    lsr     w17, w16, #16
    cbz     w17, entry_other_syscall
    b       entry_trap

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
    save_all
    bl      trap_sync
    b       context_resume

entry_serror:
    save_all
    bl      trap_serror
    b       context_resume

entry_irq:
    save_all
    bl      kernel_irq
    b       context_resume

/* w16 = number */
entry_other_syscall:
    save_pair 0, 1
    save_message
    save_preserved
    mov     w2, w16
    save_pc
    take_stack x1
    bl      kernel_syscall
    b       context_resume

/* x1 = channel */
entry_notify:
    save_preserved
    save_pc
    take_stack x2
    bl      kernel_notify_fast
    b       context_resume

/* From SP = context, all but x0 and the message, x9..x13.  Whoever gets
 * one went to sleep by a system call, which does not preserve flags. */
    .macro resume_with_message
    ldp     x30, x14, [sp, #CONTEXT_X + 8 * 30]
    ldp     x15, x16, [sp, #CONTEXT_PC]
    msr     sp_el0, x14
    msr     elr_el2, x15
    msr     tpidr_el0, x16
    msr     spsr_el2, xzr
    load_pair 1, 2
    load_pair 3, 4
    load_pair 5, 6
    load_pair 7, 8
    load_pair 14, 15
    load_pair 16, 17
    load_pair 18, 19
    load_pair 20, 21
    load_pair 22, 23
    load_pair 24, 25
    load_pair 26, 27
    load_pair 28, 29
    eret
    no_speculation
    .endm

    .macro load_pair n, m
    ldp     x\n, x\m, [sp, #CONTEXT_X + 8 * \n]
    .endm

    /* nothing is executed past eret, not even speculatively */
    .macro no_speculation
    dsb     nsh
    isb
    .endm

/* x1 = channel, x9 = info, x10..x13 = words.  They are saved too: a caller that
 * is stopped makes its call again when it goes on. */
entry_call:
    save_pair 0, 1
    save_message
    save_preserved
    save_pc
    and     x2, x9, #ABI_INFO_LENGTH_MASK
    take_stack x3
    bl      kernel_ppcall_fast
    mov     sp, x0
    mov     x0, #ABI_EVENT_CALL
    resume_with_message

/* x9 = info, x10..x13 = words. */
entry_reply_wait:
    save_pair 28, 29
    save_pc
    and     x1, x9, #ABI_INFO_LENGTH_MASK
    take_stack x2
    bl      kernel_reply_wait_fast
    mov     sp, x0
    mov     x0, xzr /* ERR_OK */
    resume_with_message

/* struct arch_context *arch_ppcall_slow(
 *     struct arch_context *context, struct kernel *k) */
    .globl arch_ppcall_slow
arch_ppcall_slow:
    mov     w2, #ABI_SYS_PPCALL
    bl      kernel_syscall
    b       context_resume

/* struct arch_context *arch_reply_wait_slow(
 *     struct arch_context *context, struct kernel *k) */
    .globl arch_reply_wait_slow
arch_reply_wait_slow:
    stp     x9, x10, [x0, #CONTEXT_X + 8 * 9]
    stp     x11, x12, [x0, #CONTEXT_X + 8 * 11]
    str     x13, [x0, #CONTEXT_X + 8 * 13]
    mov     w2, #ABI_SYS_REPLY_WAIT
    bl      kernel_syscall
    /* fall through */

/* x0 = context to resume, all of it. */
context_resume:
    mov     sp, x0
    ldp     x30, x14, [sp, #CONTEXT_X + 8 * 30]
    ldp     x15, x16, [sp, #CONTEXT_PC]
    ldr     x17, [sp, #CONTEXT_SPSR]
    msr     sp_el0, x14
    msr     elr_el2, x15
    msr     tpidr_el0, x16
    msr     spsr_el2, x17
    load_pair 0, 1
    load_pair 2, 3
    load_pair 4, 5
    load_pair 6, 7
    load_pair 8, 9
    load_pair 10, 11
    load_pair 12, 13
    load_pair 14, 15
    load_pair 16, 17
    load_pair 18, 19
    load_pair 20, 21
    load_pair 22, 23
    load_pair 24, 25
    load_pair 26, 27
    load_pair 28, 29
    eret
    no_speculation

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
