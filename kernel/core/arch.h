/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - the architecture interface: everything that the core asks of an
 * architecture, and everything that an architecture may ask of the core.
 *
 * Shape     the build puts one kernel/arch/X on the include path; its
 *           arch_types.h defines struct arch_context, struct arch_fpu, and what
 *           a system table must have been made for: ARCH_NUMBER,
 *           ARCH_EXCEPTION_LEVEL, ARCH_PD_FLAGS.
 * Units     ticks of the free-running counter, whose rate is read at boot;
 *           registers are numbered as in abi/syscall.h.
 * Owner     the core owns all state; an architecture owns only the hardware.
 * Trust     user registers hold anything.
 * Errors    what the hardware refuses stops the machine.
 * Source    kernel/kernel.md; each architecture cites its manual.
 *
 * The core treats as opaque: the address space (abi_pd.vspace), the words of a
 * fault, the order of exported registers, interrupt numbers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/err.h"
#include "abi/table.h"
#include "arch_types.h"
#include "base/attr.h"

struct kernel;

/* --- Entry points of the core, called by an architecture ------------------ */

/* A fault of the running PD, in libsel4's words. */
struct fault {
    uint32_t label; /* ABI_FAULT_* */
    uint32_t length;
    uint64_t word[14];
};

/** Checks the table and prepares every PD.  Returns the first context. */
struct arch_context *kernel_boot(
    const struct abi_table *table, struct kernel *k);

/* Each of the following gets the context of the running PD, whose registers have
 * been saved there (the program counter is behind a system call), and the
 * kernel of this core.  Each returns the context to resume. */

/** System call `number`, any of abi/syscall.h. */
struct arch_context *kernel_syscall(
    struct arch_context *context, struct kernel *k, uint32_t number);
/** An interrupt is pending. */
struct arch_context *kernel_irq(struct arch_context *context, struct kernel *k);
/** The running PD faulted. */
struct arch_context *kernel_fault(
    struct arch_context *context, const struct fault *fault, struct kernel *k);
/** The running PD touched the disabled FPU; `fault` is for a PD that may not
 *  use it. */
struct arch_context *kernel_fpu_trap(
    struct arch_context *context, const struct fault *fault, struct kernel *k);

/* Fast paths of the most frequent system calls.  Where a fast path does not
 * apply, it changes nothing and continues on the slow path. */

/** ABI_SYS_WAIT. */
struct arch_context *kernel_wait_fast(
    struct arch_context *context, struct kernel *k);
/** ABI_SYS_NOTIFY on `channel`, which need not be in its register yet. */
struct arch_context *kernel_notify_fast(
    struct arch_context *context, uint64_t channel, struct kernel *k);

/*
 * A protected procedure call and its reply.  On these two fast paths the
 * message, registers 2 to 6, stays in the processor's registers: the build
 * reserves them, so that no code of the kernel changes them.  `length` is the
 * length that the message info says.  The caller's registers have been saved,
 * the message included; of a server, only what a wait preserves.
 */

/** ABI_SYS_PPCALL on `channel`.  Returns the server's context: the server
 *  receives ABI_EVENT_CALL, from the id in its register 1. */
struct arch_context *kernel_ppcall_fast(struct arch_context *context,
    uint64_t channel, uint64_t length, struct kernel *k);
/** ABI_SYS_REPLY_WAIT.  Returns the caller's context: its call returns ERR_OK. */
struct arch_context *kernel_reply_wait_fast(
    struct arch_context *context, uint64_t length, struct kernel *k);

/** The fast path of a call or reply does not apply and has changed nothing:
 *  saves the message registers if that has not been done, then makes the system
 *  call by kernel_syscall().  On hardware they do not return; a test's does,
 *  and the core passes on what it returns. */
struct arch_context *arch_ppcall_slow(
    struct arch_context *context, struct kernel *k);
struct arch_context *arch_reply_wait_slow(
    struct arch_context *context, struct kernel *k);

/** Stops the machine because an invariant of the kernel's own is broken, or the
 *  kernel itself trapped.  Prints the kernel panic message. */
NORETURN void kernel_panic(const char *what, uint64_t a, uint64_t b);

/** The kernel of this core.  Only for kernel_panic(), which has to work where
 *  nobody can hand it on. */
const struct kernel *arch_kernel(void);

/* --- Time ---------------------------------------------------------------- */

/** Reads the free-running counter. */
uint64_t arch_time_now(void);
/** As arch_time_now(), for bookkeeping: may be a few instructions early. */
uint64_t arch_time_stamp(void);
/** Converts microseconds to ticks; saturates. */
uint64_t arch_time_from_us(uint32_t us);
/** Arms the kernel's own comparator; a past deadline fires at once. */
void arch_timer_set(uint64_t deadline);
/** Disarms the kernel's own comparator. */
void arch_timer_off(void);

/* --- Interrupts ---------------------------------------------------------- */

/* Results of arch_irq_take() that are not interrupt numbers. */
#define ARCH_IRQ_NONE  0xffffffffu /* nothing pending, or spurious */
#define ARCH_IRQ_TIMER 0xfffffffeu /* the kernel's comparator */

/* The interrupt controller that this kernel was built for: enum abi_irqchip. */
extern const uint32_t arch_irqchip_kind;

/** Takes the pending interrupt of the highest priority.  A device interrupt
 *  stays masked until arch_irq_complete(); the kernel's timer does not. */
uint32_t arch_irq_take(void);
/** Lets interrupt `number`, taken before, be delivered again. */
void arch_irq_complete(uint32_t number);
/** Sets trigger mode and enables `number`; called at boot per table entry. */
void arch_irq_enable(uint32_t number, bool edge);
/** Waits for an interrupt with interrupts masked at the processor.  Keeps its
 *  name in the binary: measurements count how often it is reached. */
NOINLINE void arch_idle(void);

/* --- User contexts ------------------------------------------------------- */

/** Resets every register; execution starts at `entry` with stack `stack`. */
void arch_context_init(
    struct arch_context *context, uint64_t entry, uint64_t stack);
/** Reads / writes register `n`, 0..6, of the convention in abi/syscall.h. */
uint64_t arch_context_get(const struct arch_context *context, uint32_t n);
void arch_context_set(struct arch_context *context, uint32_t n, uint64_t v);
/** Copies registers 2..6 (message info and first words). */
void arch_context_copy_message(
    struct arch_context *to, const struct arch_context *from);
/** Moves the program counter back onto the system call that it is behind. */
void arch_context_rewind(struct arch_context *context);
/** Writes the ARCH_CONTEXT_WORDS words of seL4_UserContext, in its order. */
void arch_context_export(const struct arch_context *context, uint64_t *words);
/** Takes the first `count` of them; privileged state bits are forced. */
void arch_context_import(
    struct arch_context *context, const uint64_t *words, uint32_t count);

/** Makes the address space of a PD (abi_pd.vspace) the current one.  Nothing is
 *  flushed: translations are tagged with the address space. */
void arch_vspace_switch(uint64_t vspace);

/* --- The machine --------------------------------------------------------- */

/* The console that this kernel was built for: enum abi_console. */
extern const uint32_t arch_console_kind;

/** Called before the table is checked, so that a refusal can be printed; prints
 *  nothing from then on if the table names no console or another one. */
void arch_console_init(const struct abi_table *table);
/** Prints one character on the debug UART, if there is one. */
void arch_console_putc(char c);
/** Called by kernel_boot() with the checked table: interrupt controller, traps,
 *  timer. */
void arch_init(const struct abi_table *table);
/** Never returns. */
NORETURN void arch_halt(void);

/* --- Optional parts ------------------------------------------------------- */

/*
 * What not every processor has.  An architecture without one of them leaves its
 * flag out of ARCH_PD_FLAGS, so that a table which asks for it is refused at
 * boot, and takes the empty functions of kernel/arch/common.
 */

/* ABI_PD_FPU, else common/fpu_none.c.  The FPU is switched lazily: the first use
 * after a switch traps, and the architecture calls kernel_fpu_trap(). */

/** Lets user level use the FPU, or makes it trap. */
void arch_fpu_enable(bool on);
/** Both may be called only while the FPU is enabled. */
void arch_fpu_save(struct arch_fpu *fpu);
void arch_fpu_restore(const struct arch_fpu *fpu);

/* ABI_PD_USER_TIMER, else common/user_timer_none.c. */

/** Lets user level program the user timer, or makes it trap. */
void arch_user_timer_allow(bool on);

/* ABI_PD_SMC, else common/smc_none.c. */

/** Secure monitor call: 8 words in, 8 words out. */
void arch_smc(uint64_t word[8]);
