/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leak_judge.c - the parent: resumes who faulted; stops, restarts and looks at
 * the others when it is told to.
 */
#include <microkit.h>

#include "abi/syscall.h"
#include "tests/kernel/leak.h"

static uint64_t held;   /* the faulted server, not resumed yet */
static uint64_t rounds; /* since it is held */

static void skip_instruction(uint64_t child)
{
    uint64_t *words = (uint64_t *)(PRIDE_MESSAGE_PAGE + ABI_BUFFER_MSG_OFFSET);

    words[0] = (uint64_t)(uintptr_t)leak_fault_at + 4;
    leak_control(child, ABI_PD_WRITE_REGS, 1, 0);
}

static void stop_and_resume(uint64_t child)
{
    leak_control(child, ABI_PD_STOP, 0, 0);
    leak_control(child, ABI_PD_READ_REGS, 0, 0);
    leak_control(child, ABI_PD_RESUME, 0, 0);
}

static bool is_calling(uint64_t child)
{
    leak_control(child, ABI_PD_INFO, 0, 0);
    return leak_result(leak_self.out.x[1]) == ABI_STATE_CALLING;
}

static void wait_for_two(void)
{
    leak_give_task(LEAK_REST, LEAK_NOTIFY_JUDGE);
    leak_notify(LEAK_REST);
}

/* True if `child` is to be resumed now. */
static bool handle_fault(uint64_t child)
{
    skip_instruction(child);
    leak_control(child, ABI_PD_READ_REGS, 0, 0);
    if (atomic_load(&leak_page->task[LEAK_JUDGE]) != LEAK_HOLD) {
        return true;
    }
    (void)leak_take_task();
    held = child;
    rounds = 0;
    leak_give_task(LEAK_TWO, LEAK_CALL_TOO);
    leak_notify(LEAK_TWO);
    wait_for_two();
    return false;
}

/* LEAK_TWO calls the server that is faulted and held.  The first time, LEAK_TWO is
 * stopped and resumed, so that it repeats its call; the second time, the server
 * is resumed. */
static void handle_held(void)
{
    if (is_calling(LEAK_TWO)) {
        leak_count(LEAK_QUEUED);
    }
    leak_control(LEAK_ONE, ABI_PD_READ_REGS, 0, 0);
    leak_control(LEAK_TWO, ABI_PD_READ_REGS, 0, 0);
    if (rounds++ == 0) {
        stop_and_resume(LEAK_TWO);
        wait_for_two();
        return;
    }
    leak_control(held, ABI_PD_RESUME, 0, 0);
    held = LEAK_NOBODY;
}

/* Without interrupts, LEAK_TWO is not resumed: it has the priority of LEAK_ONE, so
 * it would bring time slices, and with them timer interrupts. */
static void meddle(void)
{
    bool noisy = atomic_load(&leak_page->quiet) == 0;

    leak_control(LEAK_ONE, ABI_PD_READ_REGS, 0, 0);
    for (uint64_t child = LEAK_TWO; child < LEAK_PDS; child++) {
        if (child == LEAK_JUDGE) {
            continue;
        }
        leak_control(child, ABI_PD_READ_REGS, 0, 0);
        if (noisy || child != LEAK_TWO) {
            stop_and_resume(child);
        }
    }
}

static void handle_bits(void)
{
    switch (leak_take_task()) {
    case LEAK_STOP:
        stop_and_resume(LEAK_ONE);
        break;
    case LEAK_AGAIN:
        leak_control(
            LEAK_ONE, ABI_PD_RESTART, (uint64_t)(uintptr_t)leak_restart, 0);
        break;
    case LEAK_MEDDLE:
        meddle();
        break;
    default:
        break;
    }
}

void leak_judge(void)
{
    bool owes = false;

    for (;;) {
        struct leak_event event = leak_wait(owes ? LEAK_PDS : LEAK_NOBODY, 0);

        owes = event.kind == ABI_EVENT_FAULT && handle_fault(event.which);
        if (event.kind == ABI_EVENT_NOTIFICATION) {
            if (held != LEAK_NOBODY) {
                handle_held();
            } else {
                handle_bits();
            }
        }
    }
}
