/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - from an interrupt at an idle machine to the first user instruction.
 *
 * The comparator of the user timer fires at a known count while everything
 * waits; the first instruction behind the system call reads the counter.  Kernel
 * calls are made here directly: the library's dispatch is not part of it.
 * Arm ARM (DDI 0487), D11.2: CNTP_CTL_EL0, CNTP_CVAL_EL0.
 */
#include "abi/syscall.h"
#include "bench/primitives/bench.h"

#define ROUNDS 64u
#define AHEAD  1000000u /* ticks until the comparator fires: all is idle */
#define IRQ_ID 0u

uintptr_t uart; /* setvar */

static void set_comparator(uint64_t at)
{
    __asm__ volatile(
        "msr cntp_cval_el0, %0\n\tmsr cntp_ctl_el0, %1\n\tisb" ::"r"(at),
        "r"(1ul)
        : "memory");
}

static void quiet_comparator(void)
{
    __asm__ volatile("msr cntp_ctl_el0, xzr\n\tisb" ::: "memory");
}

/* Waits; returns the count at the first instruction after. */
static uint64_t wait_and_look(void)
{
    uint64_t now;

    __asm__ volatile(
        "svc %[number]\n\tmrs %[now], cntvct_el0"
        : [now] "=r"(now)
        : [number] "i"(ABI_SYS_WAIT)
        : "x0", "x1", "x9", "x10", "x11", "x12", "x13", PRIDE_WAIT_CHANGES);
    return now;
}

void init(void)
{
    uint64_t least = UINT64_MAX;

    microkit_irq_ack(IRQ_ID);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint64_t at = bench_now() + AHEAD;
        mark_begin();
        set_comparator(at);
        uint64_t now = wait_and_look();
        mark_end();
        quiet_comparator();
        microkit_irq_ack(IRQ_ID);
        if (now >= at && now - at < least) {
            least = now - at;
        }
    }
    bench_report(uart, "irq_idle_to_user", 1, least);
    bench_report(uart, "end", 1, 0);
}

void notified(microkit_channel channel)
{
    (void)channel;
}
