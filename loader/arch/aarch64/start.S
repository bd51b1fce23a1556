/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first instructions after firmware, and the few that C cannot say.
 * See loader.c for the story.
 */

/* SCTLR_EL2 (Arm ARM D13.2.119): reserved ones, stack alignment check, I. */
#define SCTLR_OFF 0x30c51838
/* ... and MMU and data cache. */
#define SCTLR_ON (SCTLR_OFF | 0x5)
/* TCR_EL2: 39-bit addresses, 4 KiB granule, write-back inner-shareable walks,
 * 40-bit physical addresses. */
#define TCR_VALUE 0x80823519
/* MAIR_EL2: attribute 0 Device-nGnRnE, attribute 1 Normal write-back. */
#define MAIR_VALUE 0xff00
/* CPTR_EL2: nothing traps; zeroing uses vector registers. */
#define CPTR_VALUE 0x33ff

    .section .text.start, "ax"
    .globl _start
_start:
    msr     daifset, #0xf
    adrp    x2, loader_stack_top
    add     sp, x2, :lo12:loader_stack_top
    mov     x29, xzr
    mov     x30, xzr
    mrs     x1, currentel
    lsr     x1, x1, #2
    cmp     x1, #2
    b.ne    1f
    ldr     x2, =SCTLR_OFF
    msr     sctlr_el2, x2
    mov     x2, #CPTR_VALUE
    msr     cptr_el2, x2
    isb
1:  adr     x0, _start
    bl      loader_main
    b       loader_halt

    .text
/* NORETURN void loader_halt(void) */
    .globl loader_halt
loader_halt:
    wfi
    b       loader_halt

/* void loader_mmu_on(const uint64_t *root) */
    .globl loader_mmu_on
loader_mmu_on:
    ldr     x2, =MAIR_VALUE
    msr     mair_el2, x2
    ldr     x2, =TCR_VALUE
    msr     tcr_el2, x2
    msr     ttbr0_el2, x0
    dsb     sy
    tlbi    alle2
    ic      iallu
    dsb     sy
    isb
    ldr     x2, =SCTLR_ON
    msr     sctlr_el2, x2
    isb
    ret

/*
 * NORETURN void loader_enter(uint64_t entry, uint64_t table, uint64_t root)
 * The kernel wants x0 = table, x1 = root of its page table, and takes the MMU
 * as it is.  Other registers are cleared: there is nothing to inherit.
 */
    .globl loader_enter
loader_enter:
    mov     x16, x0
    mov     x0, x1
    mov     x1, x2
    mov     x2, xzr
    mov     x3, xzr
    dsb     sy
    isb
    br      x16

/*
 * void loader_zero(uint64_t base, uint64_t size), both multiples of 64.
 * One instruction per 64 bytes: a DC ZVA of the same width needs a second one
 * to advance, and pairs of general registers need four.
 */
    .arch_extension simd
    .globl loader_zero
loader_zero:
    movi    v0.2d, #0
    movi    v1.2d, #0
    movi    v2.2d, #0
    movi    v3.2d, #0
    lsr     x2, x1, #10
    cbz     x2, 2f
1:  .rept 16
    st1     {v0.16b, v1.16b, v2.16b, v3.16b}, [x0], #64
    .endr
    subs    x2, x2, #1
    b.ne    1b
2:  ands    x1, x1, #1023
    b.eq    4f
3:  st1     {v0.16b, v1.16b, v2.16b, v3.16b}, [x0], #64
    subs    x1, x1, #64
    b.ne    3b
4:  ret
