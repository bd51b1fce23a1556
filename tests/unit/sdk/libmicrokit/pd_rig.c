/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pd_rig.c - see pd_rig.h.
 */
#include "tests/unit/sdk/libmicrokit/pd_rig.h"

#include <stdio.h>

#include "sdk/libmicrokit/loop.h"

struct rig rig;

/* The message page: the buffer, then the control block. */
_Alignas(4096) unsigned char fake_message_page[4096];

static void note(const char *format, ...)
{
    size_t used = strlen(rig.log);
    va_list args;

    va_start(args, format);
    vsnprintf(rig.log + used, sizeof(rig.log) - used, format, args);
    va_end(args);
}

int rig_set_up(void **state)
{
    (void)state;
    memset(&rig, 0, sizeof(rig));
    memset(fake_message_page, 0, sizeof(fake_message_page));
    for (size_t i = 0; i < SEL4_USER_CONTEXT_SIZE; i++) {
        rig.registers[i] = 1000 + i;
    }
    strcpy(microkit_name, "unit");
    microkit_irqs = 0;
    microkit_notifications = 0;
    microkit_pps = 0;
    microkit_passive = 0;
    microkit_have_signal = seL4_False;
    microkit_internal_deferred = 0;
    pride_notify_lazy = 0;
    loop_prepare();
    return 0;
}

/* --- the fake kernel -------------------------------------------------- */

/* As the kernel: what was deferred, interrupts first, lowest id first. */
static void carry_out_deferred(void)
{
    struct abi_control *control = microkit_internal_control();

    for (; control->ack_at_wait != 0;
         control->ack_at_wait &= control->ack_at_wait - 1) {
        note("ack%d ", __builtin_ctzll(control->ack_at_wait));
    }
    for (; control->notify_at_wait != 0;
         control->notify_at_wait &= control->notify_at_wait - 1) {
        note("notify%d ", __builtin_ctzll(control->notify_at_wait));
    }
}

/* The loop never returns: without an event left, the test goes on. */
static void next_event(struct pride_event *event)
{
    if (rig.event_next == rig.event_count) {
        longjmp(rig.out, 1);
    }
    *event = rig.event[rig.event_next++];
}

void pride_sys_wait(struct pride_event *event)
{
    carry_out_deferred();
    note("wait ");
    next_event(event);
}

void pride_sys_reply_wait(
    const struct pride_msg *reply, struct pride_event *event)
{
    carry_out_deferred();
    note("reply_wait ");
    rig.replied = *reply;
    next_event(event);
}

uint32_t pride_sys_ppcall(uint64_t channel, struct pride_msg *msg)
{
    if (((microkit_pps >> channel) & 1) == 0) {
        return ERR_RIGHT;
    }
    note("call%d ", (int)channel);
    rig.called = *msg;
    *msg = rig.answer;
    return rig.error;
}

uint32_t pride_sys_notify(uint64_t channel)
{
    if (((microkit_notifications >> channel) & 1) == 0) {
        return ERR_RIGHT;
    }
    note("notify%d ", (int)channel);
    return rig.error;
}

uint32_t pride_sys_irq_ack(uint64_t channel)
{
    note("ack%d ", (int)channel);
    return rig.error;
}

uint32_t pride_sys_pd_control(
    uint64_t child, uint64_t operation, uint64_t arg[4])
{
    note("pd%d.%d ", (int)child, (int)operation);
    memcpy(rig.control, arg, sizeof(rig.control));
    if (rig.error != ERR_OK) {
        return rig.error;
    }
    if (operation == ABI_PD_READ_REGS) {
        memcpy(seL4_GetIPCBuffer()->msg, rig.registers, sizeof(rig.registers));
    } else if (operation == ABI_PD_WRITE_REGS) {
        memcpy(rig.registers, seL4_GetIPCBuffer()->msg,
            arg[0] * sizeof(seL4_Word));
    }
    memcpy(arg, rig.result, sizeof(rig.result));
    return ERR_OK;
}

uint32_t pride_sys_smc(void)
{
    note("smc ");
    for (int i = 0; i < 8; i++) {
        seL4_GetIPCBuffer()->msg[i] += 100;
    }
    return rig.error;
}

uint32_t pride_sys_debug_putc(uint64_t character)
{
    size_t used = strlen(rig.console);

    assert_true(used + 1 < sizeof(rig.console));
    rig.console[used] = (char)character;
    return ERR_OK;
}

uint64_t pride_ticks(void)
{
    return rig.now;
}

/* --- the program ----------------------------------------------------------- */

static void run_hook(void)
{
    void (*hook)(void) = rig.hook[rig.event_next - 1];

    if (hook != NULL) {
        hook();
    }
}

void init(void)
{
}

void notified(microkit_channel ch)
{
    note("notified(%u) ", ch);
    run_hook();
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    note("protected(%u,%lu,%lu) ", ch, microkit_msginfo_get_label(msginfo),
        microkit_msginfo_get_count(msginfo));
    run_hook();
    return microkit_msginfo_new(7, 2);
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)reply_msginfo;
    note("fault(%u,%lu) ", child, microkit_msginfo_get_label(msginfo));
    run_hook();
    return rig.resume;
}

/* --- for tests --------------------------------------------------------------- */

void rig_event(
    uint64_t kind, uint64_t which, microkit_msginfo info, void (*hook)(void))
{
    assert_true(rig.event_count < RIG_EVENTS);
    rig.event[rig.event_count] = (struct pride_event){ kind, which,
        { info.words[0], { 11, 12, 13, 14 } } };
    rig.hook[rig.event_count] = hook;
    rig.event_count++;
}

void rig_run(void)
{
    if (setjmp(rig.out) == 0) {
        loop_run();
    }
    rig.event_count = 0;
    rig.event_next = 0;
}

void rig_expect(const char *log)
{
    assert_string_equal(rig.log, log);
    rig.log[0] = '\0';
}
