/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - the seam: everything the core asks of an architecture, and
 * everything an architecture may ask of the core.
 *
 * Shape     the build puts one kernel/arch/X on the include path; its
 *           arch_types.h defines struct arch_context and struct arch_fpu.
 * Units     ticks of the free-running counter, whose rate is read at boot;
 *           registers are numbered as in abi/syscall.h.
 * Owner     the core owns all state; an architecture owns only the hardware.
 * Trust     user registers hold anything.
 * Errors    none: what the hardware refuses stops the machine.
 * Source    kernel/kernel.md; each architecture cites its manual.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/table.h"
#include "arch_types.h"
#include "base/attr.h"

struct kernel;

/* --- Core entry points that an architecture calls ----------------------- */

/* A fault of the running PD, in libsel4's words. */
struct fault {
    uint32_t label; /* ABI_FAULT_* */
    uint32_t length;
    uint64_t word[14];
};

/** Checks the table and prepares every PD.  Returns the first context. */
struct arch_context *kernel_boot(const struct abi_table *table);
/* The running PD is the one whose `context` these get; its registers are saved
 * there, its program counter is behind a call.  All return the context to
 * resume. */

/** System call `number`, any of abi/syscall.h. */
struct arch_context *kernel_syscall(
    struct arch_context *context, uint32_t number);
/** ABI_SYS_WAIT; `k` is &kernel, which the entry code has at hand. */
struct arch_context *kernel_wait_fast(
    struct arch_context *context, struct kernel *k);
/** ABI_SYS_NOTIFY on `channel`. */
struct arch_context *kernel_notify_fast(
    struct arch_context *context, uint64_t channel, struct kernel *k);
/** An interrupt is pending. */
struct arch_context *kernel_irq(struct arch_context *context);
/** The running PD faulted. */
struct arch_context *kernel_fault(
    struct arch_context *context, const struct fault *fault);
/** The running PD touched the disabled FPU: a fault when it may not use it. */
struct arch_context *kernel_fpu_trap(
    struct arch_context *context, const struct fault *fault);

/*
 * The short ways of a protected procedure call, from caller to server and back.  The
 * message, registers 2 to 6, stays where it is: in the processor's registers,
 * which this core code does not touch (the build reserves them).  `length` is
 * what the message info says.  The caller's registers are saved, the message
 * included; of a server that waits, only what a wait preserves.
 */

/** ABI_SYS_PPCALL on `channel`: the server receives ABI_EVENT_CALL from the id in
 *  its register 1.  Or nothing has changed, and arch_ppcall_slow() was called. */
struct arch_context *kernel_ppcall_fast(struct arch_context *context,
    uint64_t channel, uint64_t length, struct kernel *k);
/** ABI_SYS_REPLY_WAIT: the caller goes on, with ERR_OK.  Or nothing has changed,
 *  and arch_reply_wait_slow() was called. */
struct arch_context *kernel_reply_wait_fast(
    struct arch_context *context, uint64_t length, struct kernel *k);

/** The short way is not open: saves what the entry code left in registers and
 *  makes the call by kernel_syscall().  Does not return, unless to pass on what the
 *  architecture wants its own entry code to get. */
struct arch_context *arch_ppcall_slow(struct arch_context *context);
struct arch_context *arch_reply_wait_slow(struct arch_context *context);

/** Stops the machine: the kernel itself trapped.  Prints an epitaph. */
NORETURN void kernel_panic(const char *what, uint64_t a, uint64_t b);

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

/** Takes the most urgent pending interrupt.  A device interrupt stays masked
 *  until arch_irq_complete(); the kernel's timer does not. */
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
/** Reads / writes register `n`, 0..6, of the call convention in abi/syscall.h. */
uint64_t arch_context_get(const struct arch_context *context, uint32_t n);
void arch_context_set(struct arch_context *context, uint32_t n, uint64_t v);
/** Copies registers 2..6 (message info and first words). */
void arch_context_copy_message(
    struct arch_context *to, const struct arch_context *from);
/** Moves the program counter back onto the system call it is behind. */
void arch_context_rewind(struct arch_context *context);
/** Writes the ARCH_CONTEXT_WORDS words of seL4_UserContext, in its order. */
void arch_context_export(const struct arch_context *context, uint64_t *words);
/** Takes the first `count` of them; privileged state bits are forced. */
void arch_context_import(
    struct arch_context *context, const uint64_t *words, uint32_t count);

/* --- What a PD switch changes -------------------------------------------- */

/** Makes the address space with this root register value (abi_pd.vspace) the
 *  current one.  No TLB flush: tagged. */
void arch_vspace_switch(uint64_t vspace);
/** Lets user level use the FPU, or makes it trap. */
void arch_fpu_enable(bool on);
void arch_fpu_save(struct arch_fpu *fpu);
void arch_fpu_restore(const struct arch_fpu *fpu);
/** Lets user level program the user timer, or makes it trap. */
void arch_user_timer_allow(bool on);

/* --- The machine --------------------------------------------------------- */

/** Called first by kernel_boot(): interrupt controller, traps, timer. */
void arch_init(const struct abi_table *table);
/** Prints one character on the debug UART, if the table names one. */
void arch_console_putc(char c);
/** Secure monitor call: 8 words in, 8 words out. */
void arch_smc(uint64_t word[8]);
/** Never returns. */
NORETURN void arch_halt(void);
