/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.c - turns the processor's syndrome into system calls and faults.
 */
#include "kernel/arch/aarch64/trap.h"

#include "kernel/arch/aarch64/cpu.h"
#include "kernel/arch/aarch64/sysreg.h"
#include "kernel/core/arch.h"

/* Anything that is neither an abort nor a call.  seL4_UserException: ip, sp,
 * spsr, number, code; the number is the syndrome, as there. */
static void trap_user_exception(
    struct fault *fault, const struct arch_context *context, uint64_t esr)
{
    fault->label = ABI_FAULT_USER_EXCEPTION;
    fault->length = 5;
    fault->word[0] = context->pc;
    fault->word[1] = context->sp;
    fault->word[2] = context->spsr;
    fault->word[3] = esr;
    fault->word[4] = 0;
}

/* seL4_VMFault: ip, address, prefetch, syndrome. */
static void trap_vm_fault(struct fault *fault,
    const struct arch_context *context, uint64_t esr, bool prefetch)
{
    fault->label = ABI_FAULT_VM;
    fault->length = 4;
    fault->word[0] = context->pc;
    fault->word[1] = (esr & ESR_ISS_FNV) != 0 ? 0 : cpu_far();
    fault->word[2] = prefetch;
    fault->word[3] = esr;
}

struct arch_context *trap_sync(struct arch_context *context, struct kernel *k)
{
    uint64_t esr = cpu_esr();
    struct fault fault;

    switch (esr >> ESR_EC_SHIFT) {
    case EC_FPU:
        trap_user_exception(&fault, context, esr);
        return kernel_fpu_trap(context, &fault, k);
    case EC_IABT_LOWER:
        trap_vm_fault(&fault, context, esr, true);
        return kernel_fault(context, &fault, k);
    case EC_DABT_LOWER:
        trap_vm_fault(&fault, context, esr, false);
        return kernel_fault(context, &fault, k);
    default:
        trap_user_exception(&fault, context, esr);
        return kernel_fault(context, &fault, k);
    }
}

struct arch_context *trap_serror(struct arch_context *context, struct kernel *k)
{
    struct fault fault;

    trap_user_exception(&fault, context, cpu_esr());
    return kernel_fault(context, &fault, k);
}

static void trap_print(const char *text)
{
    for (; *text != '\0'; text++) {
        arch_console_putc(*text);
    }
}

static void trap_print_hex(const char *name, uint64_t value)
{
    trap_print(name);
    for (uint32_t shift = 64; shift != 0; shift -= 4) {
        arch_console_putc("0123456789abcdef"[(value >> (shift - 4)) & 0xf]);
    }
}

void trap_panic(const struct arch_context *frame, uint64_t vector)
{
    static bool again; /* [C] printing the panic message trapped */

    if (again) {
        arch_halt();
    }
    again = true;

    trap_print_hex("\nkernel exception: vector ", vector);
    trap_print_hex("\n pc   ", frame->pc);
    trap_print_hex(" esr ", cpu_esr());
    trap_print_hex("\n far  ", cpu_far());
    trap_print_hex(" spsr ", frame->spsr);
    trap_print_hex("\n sp   ", frame->sp);
    for (uint32_t n = 0; n < 31; n++) {
        trap_print((n & 1u) == 0 ? "\n x    " : " ");
        trap_print_hex("", frame->x[n]);
    }
    arch_console_putc('\n');
    kernel_panic("the kernel took an exception", frame->pc, cpu_far());
}
