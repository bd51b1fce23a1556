/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leak_server.c - the PDs that wait for events: servers do what a caller orders,
 * the others do the task they were given.  Also init() of every PD.
 */
#include <microkit.h>

#include "abi/syscall.h"
#include "tests/kernel/leak.h"

#define TICKS_PER_S 4000 /* of the clock */
#define SPINS       800000

/* The turn of the message whose order was carried out last.  A message that comes
 * again, because its caller was stopped and resumed, is not obeyed twice. */
static uint64_t done_turn;

static struct abi_control *control(void)
{
    return microkit_internal_control();
}

/* --- servers ------------------------------------------------------------- */

static bool is_first(uint64_t turn)
{
    bool first = turn != done_turn;

    done_turn = turn;
    if (!first) {
        leak_count(LEAK_REPEATED);
    }
    return first;
}

static void carry_out(uint64_t order, uint64_t turn)
{
    switch (order) {
    case LEAK_NEST:
        if (leak_self.me != LEAK_VECTOR) {
            leak_do_call(
                leak_self.me + 1, turn % 3 * 4, LEAK_NEST, (turn + 1) % 3 * 4);
        }
        break;
    case LEAK_DEFER:
        control()->notify_at_wait |= 1u << LEAK_ALARM;
        break;
    case LEAK_TELL:
        if (is_first(turn)) {
            leak_notify(LEAK_JUDGE);
        }
        break;
    case LEAK_BREAK:
        leak_fault();
        break;
    default:
        break;
    }
    if (leak_self.me == LEAK_VECTOR) {
        leak_vectors();
    }
}

/* --- the others ---------------------------------------------------------- */

static void arm_clock(void)
{
    uint64_t ticks_per_s;

    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(ticks_per_s));
    __asm__ volatile("msr cntp_tval_el0, %0"
                     :
                     : "r"(ticks_per_s / TICKS_PER_S));
    __asm__ volatile("msr cntp_ctl_el0, %0" : : "r"(1ull));
}

static void perform(uint64_t task)
{
    switch (task) {
    case LEAK_CLEAN:
        leak_fault();
        break;
    case LEAK_NOTIFY:
        leak_notify(LEAK_ONE);
        break;
    case LEAK_NOTIFY_JUDGE:
        leak_notify(LEAK_JUDGE);
        break;
    case LEAK_NOW:
        atomic_fetch_or(&control()->notify_lazy, 1u << LEAK_ONE);
        break;
    case LEAK_AT_WAIT:
        control()->notify_at_wait |= 1u << LEAK_ONE;
        break;
    case LEAK_CALL_TOO:
        leak_do_call(atomic_load(&leak_page->target), 8, LEAK_PLAIN, 4);
        break;
    case LEAK_COUNT:
        leak_spin(SPINS);
        break;
    case LEAK_START:
        arm_clock();
        break;
    default:
        break;
    }
}

static void handle_bits(uint64_t bits)
{
    if ((bits & 1u << LEAK_TIMER) != 0) {
        arm_clock();
        control()->ack_at_wait |= 1u << LEAK_TIMER;
        leak_count(LEAK_TICKED);
    }
    perform(leak_take_task());
}

/* Has the lowest priority, so the others wait when it begins: starts LEAK_TWO, then
 * LEAK_ONE. */
static void begin_rest(void)
{
    leak_give_task(LEAK_TWO, LEAK_CLEAN);
    leak_notify(LEAK_TWO);
    leak_notify(LEAK_ONE);
}

void leak_serve(void)
{
    uint64_t client = LEAK_NOBODY;
    uint64_t reply = 0;

    leak_fault();
    if (leak_self.me == LEAK_REST) {
        begin_rest();
    }
    for (;;) {
        struct leak_event event = leak_wait(client, reply);

        client = LEAK_NOBODY;
        if (event.kind == ABI_EVENT_CALL && event.which < LEAK_PDS) {
            client = event.which;
            const struct leak_message *sent =
                &leak_page->sent[client][leak_self.me];
            reply = atomic_load(&sent->reply);
            carry_out(atomic_load(&sent->order), atomic_load(&sent->turn));
        } else if (event.kind == ABI_EVENT_NOTIFICATION) {
            handle_bits(event.which);
        }
    }
}

/* --- begin --------------------------------------------------------------- */

static uint64_t own_number(void)
{
    static const struct {
        char first[2];
        uint8_t number;
    } names[] = { { "on", LEAK_ONE }, { "tw", LEAK_TWO }, { "se", LEAK_SERVER },
        { "le", LEAK_LENT }, { "ve", LEAK_VECTOR }, { "al", LEAK_ALARM },
        { "re", LEAK_REST }, { "ju", LEAK_JUDGE }, { "cl", LEAK_CLOCK } };

    for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].first[0] == microkit_name[0] &&
            names[i].first[1] == microkit_name[1]) {
            return names[i].number;
        }
    }
    return LEAK_NOBODY;
}

void init(void)
{
    leak_self.me = own_number();
    if (leak_self.me == LEAK_JUDGE) {
        leak_judge();
    }
    if (leak_self.me == LEAK_ONE) {
        leak_drive();
    }
    leak_serve();
}

void notified(microkit_channel ch)
{
    (void)ch;
}
