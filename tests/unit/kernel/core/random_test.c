/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random_test.c - random systems, random behaviour, every invariant
 * after every kernel entry.
 *
 * Fixed seeds: a failure prints its seed and repeats.  The systems are dense:
 * passive and active servers in chains, children of children, interrupts, FPU
 * users; every third has full budgets and a priority of its own for each PD, so
 * that the fast paths are taken, the others small budgets and shared priorities.
 */
#include "tests/unit/kernel/core/model.h"
#include "tests/unit/kernel/core/rig.h"

#include <stdlib.h>
#include <string.h>

#define STEPS   20000u
#define SYSTEMS 60u

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return below == 0 ? 0 : (seed >> 8) % below;
}

static bool one_in(uint64_t n)
{
    return draw(n) == 0;
}

/* Values a program might pass: small ids, edges, garbage. */
static uint64_t argument(void)
{
    switch (draw(8)) {
    case 0:
        return draw(UINT64_MAX);
    case 1:
        return UINT64_MAX - draw(3);
    case 2:
        return 60 + draw(8);
    default:
        return draw(12);
    }
}

static void random_channels(uint16_t count, uint8_t *used)
{
    for (uint32_t i = 0; i < count * 3u; i++) {
        uint16_t a = (uint16_t)(1 + draw(count));
        uint16_t b = (uint16_t)(1 + draw(count));
        if (used[a] >= 12 || used[b] >= 12) {
            continue;
        }
        if (a == b) {
            /* to itself */
            rig_channel(a, used[a], ABI_CH_NOTIFY, a, used[a], ABI_CH_NOTIFY);
            used[a]++;
            continue;
        }
        uint8_t a_flags = (uint8_t)draw(2);
        uint8_t b_flags = (uint8_t)draw(2);
        if (rig.pd[b].priority > rig.pd[a].priority && !one_in(3)) {
            a_flags |= ABI_CH_CALL;
            b_flags |= ABI_CH_SERVE;
        }
        rig_channel(a, used[a], a_flags, b, used[b], b_flags);
        used[a]++;
        used[b]++;
    }
}

/* Each PD, mostly passive, calls the next; the last is the parent of all and
 * has the interrupts: budgets travel far and are taken back on the way. */
static void tower(void)
{
    uint16_t count = (uint16_t)(4 + draw(6));

    rig_reset();
    for (uint16_t i = 1; i <= count; i++) {
        bool passive = i < count && !one_in(4);
        rig_pd("pd", (uint8_t)(i * 16u), passive ? ABI_PD_PASSIVE : 0);
        if (one_in(4)) {
            rig_budget(
                i, (uint32_t)(5 + draw(50)), (uint32_t)(100 + draw(900)));
        }
    }
    for (uint16_t i = 1; i < count; i++) {
        rig_child(count, i, i);
    }
    for (uint16_t i = 1; i + 1 < count; i++) {
        rig_channel(i, 0, ABI_CH_CALL, (uint16_t)(i + 1u), 1, ABI_CH_SERVE);
        rig_channel(i, 2, ABI_CH_NOTIFY, count, (uint8_t)(i + 16u), 0);
    }
    for (uint16_t i = 1; i + 2 < count; i++) {
        rig_channel(i, 3, ABI_CH_CALL, (uint16_t)(i + 2u), 4, ABI_CH_SERVE);
    }
    rig_irq(0, 0, 20);
    fake.idle_wake = 1u << 20;
    for (uint8_t line = 0; line < 6; line++) {
        rig_irq(line < 3 ? count : (uint16_t)(1 + draw(count - 1u)),
            (uint8_t)(8 + line), 10u + line);
    }
    rig_boot();
    model_start();
}

static void random_system(void)
{
    uint16_t count = (uint16_t)(3 + draw(12));
    uint8_t used[RIG_PDS] = { 0 };
    bool plain = one_in(3);
    bool parents_first = one_in(2);

    rig_reset();
    for (uint16_t i = 1; i <= count; i++) {
        uint8_t flags = (uint8_t)(one_in(3) ? ABI_PD_PASSIVE : 0);
        flags |= (uint8_t)(one_in(2) ? ABI_PD_FPU : 0);
        flags |= (uint8_t)(one_in(4) ? ABI_PD_USER_TIMER : 0);
        uint64_t rank = parents_first ? count + 1u - i : i;
        uint64_t priority = plain ? rank * 16u : 1 + draw(10) * 25;
        rig_pd("pd", (uint8_t)priority, flags);
        if (!plain && one_in(2)) {
            rig_budget(
                i, (uint32_t)(5 + draw(50)), (uint32_t)(100 + draw(900)));
        }
        if (i > 1 && one_in(2)) {
            rig_child((uint16_t)(1 + draw(i - 1u)), (uint16_t)(i % 64), i);
        }
    }
    random_channels(count, used);
    /* when all others wait, faulted or were stopped, this wakes the monitor */
    rig_irq(0, 0, 20);
    fake.idle_wake = 1u << 20;
    for (uint32_t line = 0; line < 6; line++) {
        uint16_t pd = (uint16_t)(1 + draw(count));
        rig_irq(pd, used[pd]++, 10 + line);
    }
    rig_boot();
    model_start();
}

static uint32_t random_number(void)
{
    static const uint32_t often[] = { ABI_SYS_WAIT, ABI_SYS_REPLY_WAIT,
        ABI_SYS_REPLY_WAIT, ABI_SYS_PPCALL, ABI_SYS_PPCALL, ABI_SYS_NOTIFY,
        ABI_SYS_NOTIFY, ABI_SYS_IRQ_ACK, ABI_SYS_PD_CONTROL };

    if (one_in(50)) {
        return (uint32_t)draw(1u << 20);
    }
    return often[draw(sizeof(often) / sizeof(often[0]))];
}

/* A PD scribbles over its control block, mostly with plausible bits. */
static void scribble(uint16_t pd)
{
    struct abi_control *control = rig_control(pd);
    uint64_t mask = one_in(4) ? UINT64_MAX : 0xfff;

    control->notify_lazy = draw(UINT64_MAX) & mask;
    control->notify_at_wait = draw(UINT64_MAX) & mask;
    control->ack_at_wait = draw(UINT64_MAX) & mask;
}

/* A channel on which the PD may call, if there is one, after a random one. */
static uint64_t some_server(uint16_t pd)
{
    uint64_t id = draw(ABI_IDS);

    for (uint32_t i = 0; i < ABI_IDS; i++) {
        id = (id + 1) % ABI_IDS;
        if ((rig.pd[pd].channel[id].flags & ABI_CH_CALL) != 0) {
            break;
        }
    }
    return id;
}

/* Channels are in register 1; of the others, register 1 is an operation. */
static void random_syscall(uint16_t pd)
{
    uint32_t number = random_number();
    bool on_channel = number >= ABI_SYS_PPCALL && number <= ABI_SYS_IRQ_ACK;
    uint64_t any = argument();
    uint64_t small = argument() % 8;
    uint64_t reg[4] = { any, small, argument(), argument() };

    if (on_channel) {
        reg[0] = small;
        reg[1] = any;
    }
    rig_syscall(pd, number, reg);
}

static void step(void)
{
    uint16_t pd = rig_running();

    if (one_in(4)) {
        scribble(pd);
    }
    switch (draw(15)) {
    case 0:
        rig_run(draw(60));
        break;
    case 1:
        rig_interrupt(10 + (uint32_t)draw(6));
        break;
    case 2:
        /* the monitor never faults: nobody would be left to restart PDs */
        if (pd != 0) {
            rig_fault(pd, ABI_FAULT_VM, draw(1000));
        }
        break;
    case 3:
        if (pd != 0) {
            rig_fpu(pd, pd);
        }
        break;
    case 4:
    case 5:
    case 6:
        rig_ppcall(pd, some_server(pd), draw(256), 0);
        break;
    default:
        random_syscall(pd);
        break;
    }
}

/* Keeps the system alive: the monitor restarts whatever fell over, and every
 * now and then all interrupts fire so that somebody wakes. */
static void revive(void)
{
    for (uint32_t line = 10; line < 16; line++) {
        fake.active &= ~(1ull << line);
        fake.pending |= 1ull << line;
    }
    for (uint16_t i = 1; i < rig.table.pd_count; i++) {
        if (rig_running() == 0) {
            rig_pd_control(0, i, ABI_PD_RESTART, 0x200000, 0);
        }
    }
}

static void fpu_content_is_the_users(void)
{
    if (fake.fpu_on) {
        assert_true(fake.fpu_word == 0 || fake.fpu_word == rig_running());
    }
}

static void random_behaviour(void **unused)
{
    (void)unused;
    for (uint64_t system = 1; system <= SYSTEMS; system++) {
        seed = system * 0x9e3779b97f4a7c15u;
        if (system % 3 == 0) {
            tower();
        } else {
            random_system();
        }
        for (uint32_t i = 0; i < STEPS; i++) {
            step();
            fpu_content_is_the_users();
            if (i % 50 == 0) {
                revive();
            }
            fake.idles = 0;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_behaviour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
