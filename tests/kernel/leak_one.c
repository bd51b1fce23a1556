/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leak_one.c - the PD that goes through all kinds of switch, round by round:
 * first with nobody of its priority and no interrupt, so that the kernel's fast
 * paths apply; then with both.
 */
#include <microkit.h>

#include "abi/err.h"
#include "abi/syscall.h"
#include "tests/kernel/leak.h"

#define QUIET_ROUNDS 100
#define ROUNDS       300
#define SPINS        400000

/* --- steps --------------------------------------------------------------- */

/* Calls with messages and replies of all lengths. */
static void call_all_lengths(uint64_t to)
{
    for (uint64_t length = 0; length <= LEAK_WORDS; length += 4) {
        leak_do_call(to, length, LEAK_PLAIN, LEAK_WORDS - length);
        leak_do_call(to, length, LEAK_DEFER, length);
        leak_do_call(to, length, LEAK_PLAIN, 0);
    }
    leak_do_call(to, 6, LEAK_NEST, 5);
}

/* After leak_vectors() LEAK_ONE owns the FPU, so that it does in some of the calls
 * and does not in others. */
static void call_everybody(void)
{
    call_all_lengths(LEAK_LENT);
    call_all_lengths(LEAK_SERVER);
    call_all_lengths(LEAK_VECTOR);
    leak_vectors();
    call_all_lengths(LEAK_LENT);
    leak_vectors();
    call_all_lengths(LEAK_SERVER);
    leak_vectors();
    call_all_lengths(LEAK_VECTOR);
}

static void wait_for(uint64_t from)
{
    struct leak_event event = leak_wait(LEAK_NOBODY, 0);

    if (event.kind != ABI_EVENT_NOTIFICATION || event.which != 1u << from) {
        leak_complain(LEAK_WRONG_RESULT, 1, event.which, 1u << from);
    }
}

static void notify_and_wait(void)
{
    struct abi_control *control = microkit_internal_control();

    leak_notify(LEAK_ALARM);
    for (enum leak_task task = LEAK_NOTIFY; task <= LEAK_AT_WAIT; task++) {
        if (task == LEAK_NOTIFY_JUDGE) {
            continue;
        }
        leak_give_task(LEAK_ALARM, task);
        leak_notify(LEAK_ALARM);
        wait_for(
            LEAK_ALARM); /* the alarm ran at once, so the notification is pending */
        leak_give_task(LEAK_ALARM, task);
        control->notify_at_wait |= 1u << LEAK_ALARM;
        wait_for(LEAK_ALARM);
    }
    leak_give_task(LEAK_REST, LEAK_NOTIFY);
    atomic_fetch_or(&control->notify_lazy, 1u << LEAK_REST);
    wait_for(LEAK_REST);
    leak_give_task(LEAK_REST, LEAK_AT_WAIT);
    leak_notify(LEAK_REST);
    wait_for(LEAK_REST);
}

static void be_refused(void)
{
    leak_refused(ABI_SYS_NOTIFY, 63, 0, ERR_CHANNEL);
    leak_refused(ABI_SYS_NOTIFY, 64, 0, ERR_CHANNEL);
    leak_refused(ABI_SYS_PPCALL, 0, 0, ERR_CHANNEL);
    leak_refused(ABI_SYS_PPCALL, LEAK_ALARM, 0, ERR_RIGHT);
    leak_refused(ABI_SYS_PPCALL, LEAK_LENT, ABI_MSG_WORDS + 1, ERR_LENGTH);
    leak_refused(ABI_SYS_IRQ_ACK, LEAK_ALARM, 0, ERR_CHANNEL);
    leak_refused(ABI_SYS_PD_CONTROL, ABI_PD_STOP, 0, ERR_CHILD);
    leak_refused(LEAK_NO_CALL, 0, 0, ERR_CALL);
}

static void be_interrupted(void)
{
    leak_spin(SPINS);
    leak_vectors();
    leak_fault();
    leak_vectors();
}

/* The server tells the judge in the middle of the call, and the judge carries out
 * `task` on LEAK_ONE. */
static void be_stopped(enum leak_task task, uint64_t server)
{
    leak_give_task(LEAK_JUDGE, task);
    leak_do_call(server, LEAK_WORDS, LEAK_TELL, 4);
}

static void be_meddled_with(void)
{
    leak_give_task(LEAK_JUDGE, LEAK_MEDDLE);
    leak_notify(LEAK_JUDGE);
}

/* The server faults.  In the rounds with interrupts, the judge does not resume it
 * before LEAK_TWO has called it, too. */
static void hold(uint64_t server)
{
    if (atomic_load(&leak_page->quiet) != 0) {
        leak_do_call(server, 4, LEAK_BREAK, LEAK_WORDS);
        return;
    }
    atomic_store(&leak_page->target, server);
    leak_give_task(LEAK_JUDGE, LEAK_HOLD);
    leak_do_call(server, 4, LEAK_BREAK, LEAK_WORDS);
}

/* LEAK_TWO computes at the same priority: time slices. */
static void share(void)
{
    if (atomic_load(&leak_page->quiet) == 0) {
        leak_give_task(LEAK_TWO, LEAK_COUNT);
        leak_notify(LEAK_TWO);
        leak_spin(SPINS);
    }
}

/* --- rounds -------------------------------------------------------------- */

enum { STEPS = 13 };

static void step(uint64_t number)
{
    switch (number) {
    case 0:
        share();
        break;
    case 1:
        call_everybody();
        break;
    case 2:
        notify_and_wait();
        break;
    case 3:
        be_refused();
        break;
    case 4:
        be_interrupted();
        break;
    case 5:
    case 6:
    case 7:
        be_stopped(LEAK_STOP, number - 5 + LEAK_SERVER);
        break;
    case 8:
        be_stopped(LEAK_AGAIN, LEAK_SERVER);
        break;
    case 9:
        be_stopped(LEAK_AGAIN, LEAK_LENT);
        break;
    case 10:
        be_meddled_with();
        break;
    case 11:
        hold(LEAK_SERVER);
        break;
    default:
        hold(LEAK_LENT);
    }
}

static void start_noise(void)
{
    atomic_store(&leak_page->quiet, 0);
    leak_give_task(LEAK_CLOCK, LEAK_START);
    leak_notify(LEAK_CLOCK);
}

/* After a restart in the middle of a step it continues with the next step. */
static _Noreturn void go_on(void)
{
    while (leak_self.step < (uint64_t)ROUNDS * STEPS) {
        uint64_t now = leak_self.step++;

        if (now == (uint64_t)QUIET_ROUNDS * STEPS) {
            start_noise();
        }
        step(now % STEPS);
    }
    atomic_store(&leak_page->done, leak_self.step / STEPS);
    for (;;) {
        (void)leak_wait(LEAK_NOBODY, 0);
    }
}

/* Begins when all others wait: LEAK_REST notifies it. */
void leak_drive(void)
{
    (void)leak_wait(LEAK_NOBODY, 0);
    leak_fault();
    atomic_store(&leak_page->quiet, 1);
    go_on();
}

static void check_first(uint64_t number, uint64_t value, uint64_t wanted)
{
    if (value != wanted) {
        leak_complain(
            LEAK_WRONG_FIRST, number, leak_plain(value), leak_plain(wanted));
    }
}

void leak_restarted(void)
{
    const struct leak_registers *first = &leak_first_registers;

    for (uint32_t n = 0; n <= 30; n++) {
        check_first(n, first->x[n], 0);
    }
    check_first(LEAK_NUMBER_SP, first->sp, PRIDE_STACK_TOP);
    check_first(LEAK_NUMBER_TPIDR, first->tpidr, 0);
    check_first(LEAK_NUMBER_FLAGS, first->flags, 0);
    leak_vectors_forget();
    leak_count(LEAK_RESTARTED);
    go_on();
}
