/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leak_step.c - every kind of kernel entry, with the checks that belong to it;
 * see leak.h.
 */
#include "abi/err.h"
#include "abi/syscall.h"
#include "tests/kernel/leak.h"

/* The first register that is preserved (kernel/kernel.md). */
#define KEPT_BY_CALL 18
#define KEPT_BY_WAIT 28

#define INFO 9

/* What LEAK_VECTORS left in d0..d29. */
static uint64_t vectors[30];
static bool vectors_known;

/* --- events -------------------------------------------------------------- */

static void receive_bits(uint64_t bits)
{
    if (bits == 0 || bits >= 1u << (LEAK_TIMER + 1)) {
        leak_complain(LEAK_WRONG_RESULT, 1, bits, 0);
    }
    leak_check_no_message();
    leak_count(LEAK_RECEIVED);
}

static void receive_call(uint64_t from)
{
    if (from >= LEAK_PDS) {
        leak_complain(LEAK_WRONG_RESULT, 1, from, 0);
        return;
    }
    leak_check_message(from);
    leak_count(
        atomic_load(&leak_page->sent[from][leak_self.me].length) > ABI_MSG_REGS
            ? LEAK_SERVED_LONG
            : LEAK_SERVED_SHORT);
}

struct leak_event leak_wait(uint64_t client, uint64_t length)
{
    if (client == LEAK_NOBODY || client == LEAK_PDS) {
        leak_prepare(LEAK_NOBODY);
    } else {
        leak_prepare_message(client, length, LEAK_PLAIN, 0);
    }
    leak_enter(client == LEAK_NOBODY ? ABI_SYS_WAIT : ABI_SYS_REPLY_WAIT);
    leak_check_kept(KEPT_BY_WAIT);

    struct leak_event event = { leak_result(leak_self.out.x[0]),
        leak_result(leak_self.out.x[1]) };
    switch (event.kind) {
    case ABI_EVENT_NOTIFICATION:
        receive_bits(event.which);
        break;
    case ABI_EVENT_CALL:
        receive_call(event.which);
        break;
    case ABI_EVENT_FAULT:
        leak_check_fault(event.which);
        leak_count(LEAK_PARENTED);
        break;
    default:
        leak_complain(LEAK_WRONG_RESULT, 0, event.kind, 0);
    }
    return event;
}

/* --- calls --------------------------------------------------------------- */

static void enter_and_check(uint64_t entry, uint64_t err)
{
    leak_enter(entry);
    leak_check_result(err);
    leak_check_small();
    leak_check_kept(KEPT_BY_CALL);
}

void leak_do_call(uint64_t to, uint64_t length, uint64_t order, uint64_t reply)
{
    leak_prepare_message(to, length, order, reply);
    leak_self.in.x[1] = leak_plain(to);
    enter_and_check(ABI_SYS_PPCALL, ERR_OK);
    leak_check_message(to);
    leak_count(length > ABI_MSG_REGS || reply > ABI_MSG_REGS
                   ? LEAK_CALLED_LONG
                   : LEAK_CALLED_SHORT);
}

void leak_notify(uint64_t to)
{
    leak_prepare(LEAK_NOBODY);
    leak_self.in.x[1] = leak_plain(to);
    enter_and_check(ABI_SYS_NOTIFY, ERR_OK);
    leak_check_no_message();
    leak_count(LEAK_NOTIFIED);
}

void leak_refused(uint64_t entry, uint64_t argument, uint64_t low, uint64_t err)
{
    leak_prepare(LEAK_NOBODY);
    leak_self.in.x[1] = leak_plain(argument);
    leak_self.in.x[INFO] |= low;
    enter_and_check(entry, err);
    leak_check_no_message();
    leak_count(LEAK_REFUSED);
}

void leak_control(
    uint64_t child, uint64_t operation, uint64_t arg0, uint64_t arg1)
{
    leak_prepare(LEAK_NOBODY);
    leak_self.in.x[0] = leak_plain(child);
    leak_self.in.x[1] = leak_plain(operation);
    leak_self.in.x[INFO] = leak_plain(arg0);
    leak_self.in.x[INFO + 1] = leak_plain(arg1);
    enter_and_check(ABI_SYS_PD_CONTROL, ERR_OK);
    leak_check_no_message();
    leak_count(LEAK_CONTROLLED);
    if (operation == ABI_PD_READ_REGS) {
        leak_check_read(child);
    }
}

/* --- interrupts and faults ----------------------------------------------- */

void leak_fault(void)
{
    leak_prepare(LEAK_NOBODY);
    leak_enter(LEAK_FAULT);
    leak_check_all();
    leak_count(LEAK_FAULTED);
}

/* Changes whenever another PD was interrupted, or interrupted this one. */
static uint64_t others(void)
{
    return atomic_load(&leak_page->count[LEAK_SPUN]) +
           atomic_load(&leak_page->count[LEAK_TICKED]);
}

void leak_spin(uint64_t spins)
{
    uint64_t before = others();

    leak_prepare(LEAK_NOBODY);
    leak_self.in.x[0] = leak_value(leak_self.me, LEAK_NOBODY, 0, 0, 0) | spins;
    leak_enter(LEAK_SPIN);
    leak_self.in.x[0] -= spins;
    leak_check_all();
    if (others() != before) {
        leak_count(LEAK_PREEMPTED);
    }
    leak_count(LEAK_SPUN);
}

void leak_vectors(void)
{
    leak_prepare(LEAK_NOBODY);
    leak_enter(LEAK_VECTORS);
    for (uint32_t n = 0; n < 30; n++) {
        uint64_t wanted = vectors_known ? vectors[n] : leak_plain(0);
        if (leak_self.out.x[n] != wanted) {
            leak_complain(LEAK_WRONG_VECTOR, n, leak_self.out.x[n], wanted);
        }
        vectors[n] = leak_self.in.x[n];
        /* checked: leak_check_all() shall find it unchanged */
        leak_self.out.x[n] = leak_self.in.x[n];
    }
    leak_self.out.x[30] = leak_self.in.x[30];
    leak_check_all();
    vectors_known = true;
    leak_count(LEAK_VECTORED);
}

void leak_vectors_forget(void)
{
    vectors_known = false;
}
