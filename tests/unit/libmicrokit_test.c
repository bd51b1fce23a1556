/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library of every PD on a pretended kernel: which system calls it makes,
 * in which order, and what reaches the program's entry points.  A log of short
 * words records both: "ack3 notify1 wait ..." for calls, "notified(2)" etc. for
 * entry points.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <pride.h>

#include "sdk/libmicrokit/entry.h"
#include "sdk/libmicrokit/loop.h"

extern _Bool microkit_passive;

static struct {
    char log[1024];
    char console[1024];
    struct pride_event next;  /* what the next wait returns */
    struct pride_msg replied; /* what the last reply said */
    struct pride_msg called;  /* what the last call said */
    struct pride_msg answer;  /* what a call returns */
    enum err error;           /* what every call returns */
    uint64_t control[4];      /* arguments of the last PD operation */
    uint64_t result[4];       /* results of the next */
    seL4_Word registers[SEL4_USER_CONTEXT_SIZE]; /* a child's, 1000 + n */
    uint64_t now;
    void (*on_event)(void); /* runs inside the program's entry point */
    seL4_Bool resume;       /* fault() returns it */
} fake;

/* The message page: the buffer, then the control block. */
_Alignas(4096) unsigned char fake_message_page[4096];
static struct loop loop;

static void note(const char *format, ...)
{
    size_t used = strlen(fake.log);
    va_list args;

    va_start(args, format);
    vsnprintf(fake.log + used, sizeof(fake.log) - used, format, args);
    va_end(args);
}

static int set_up(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    memset(fake_message_page, 0, sizeof(fake_message_page));
    for (size_t i = 0; i < SEL4_USER_CONTEXT_SIZE; i++) {
        fake.registers[i] = 1000 + i;
    }
    strcpy(microkit_name, "unit");
    microkit_irqs = 0;
    microkit_notifications = 0;
    microkit_pps = 0;
    microkit_passive = 0;
    microkit_have_signal = seL4_False;
    microkit_internal_deferred = 0;
    pride_notify_lazy = 0;
    loop = (struct loop){ 0 };
    loop_prepare();
    return 0;
}

/* --- the pretended kernel -------------------------------------------------- */

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

void pride_sys_wait(struct pride_event *event)
{
    carry_out_deferred();
    note("wait ");
    *event = fake.next;
}

void pride_sys_reply_wait(
    const struct pride_msg *reply, struct pride_event *event)
{
    carry_out_deferred();
    note("reply_wait ");
    fake.replied = *reply;
    *event = fake.next;
}

uint32_t pride_sys_ppcall(uint64_t channel, struct pride_msg *msg)
{
    if (((microkit_pps >> channel) & 1) == 0) {
        return ERR_RIGHT;
    }
    note("call%d ", (int)channel);
    fake.called = *msg;
    *msg = fake.answer;
    return fake.error;
}

uint32_t pride_sys_notify(uint64_t channel)
{
    if (((microkit_notifications >> channel) & 1) == 0) {
        return ERR_RIGHT;
    }
    note("notify%d ", (int)channel);
    return fake.error;
}

uint32_t pride_sys_irq_ack(uint64_t channel)
{
    note("ack%d ", (int)channel);
    return fake.error;
}

uint32_t pride_sys_pd_control(
    uint64_t child, uint64_t operation, uint64_t arg[4])
{
    note("pd%d.%d ", (int)child, (int)operation);
    memcpy(fake.control, arg, sizeof(fake.control));
    if (fake.error != ERR_OK) {
        return fake.error;
    }
    if (operation == ABI_PD_READ_REGS) {
        memcpy(
            seL4_GetIPCBuffer()->msg, fake.registers, sizeof(fake.registers));
    } else if (operation == ABI_PD_WRITE_REGS) {
        memcpy(fake.registers, seL4_GetIPCBuffer()->msg,
            arg[0] * sizeof(seL4_Word));
    }
    memcpy(arg, fake.result, sizeof(fake.result));
    return ERR_OK;
}

uint32_t pride_sys_smc(void)
{
    note("smc ");
    for (int i = 0; i < 8; i++) {
        seL4_GetIPCBuffer()->msg[i] += 100;
    }
    return fake.error;
}

uint32_t pride_sys_debug_putc(uint64_t character)
{
    size_t used = strlen(fake.console);

    assert_true(used + 1 < sizeof(fake.console));
    fake.console[used] = (char)character;
    return ERR_OK;
}

uint64_t pride_ticks(void)
{
    return fake.now;
}

/* --- the program ----------------------------------------------------------- */

static void run_hook(void)
{
    if (fake.on_event != NULL) {
        fake.on_event();
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
    return fake.resume;
}

static void step(uint64_t kind, uint64_t which, microkit_msginfo info)
{
    fake.next = (struct pride_event){ kind, which,
        { info.words[0], { 11, 12, 13, 14 } } };
    loop_step(&loop);
}

static void expect_log(const char *log)
{
    assert_string_equal(fake.log, log);
    fake.log[0] = '\0';
}

/* --- tests ------------------------------------------------------------------ */

static const microkit_msginfo nothing;

static void test_notifications_lowest_first(void **state)
{
    (void)state;
    step(ABI_EVENT_NOTIFICATION, (1ull << 63) | (1ull << 5) | 1, nothing);
    expect_log("wait notified(0) notified(5) notified(63) ");
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("wait ");
}

static void test_notification_leaves_message_words(void **state)
{
    (void)state;
    seL4_GetIPCBuffer()->msg[0] = 99;
    step(ABI_EVENT_NOTIFICATION, 1, nothing);
    assert_int_equal(seL4_GetIPCBuffer()->msg[0], 99);
}

static void defer_many(void)
{
    microkit_deferred_notify(1);
    microkit_deferred_irq_ack(4);
    microkit_deferred_notify(61);
    microkit_deferred_notify(1);
    microkit_deferred_irq_ack(2);
    microkit_deferred_notify(9);
    assert_true(microkit_have_signal);
    assert_int_equal(microkit_signal_cap, BASE_OUTPUT_NOTIFICATION_CAP + 9);
}

static void test_every_deferred_operation_is_made(void **state)
{
    (void)state;
    microkit_notifications = ~0ul;
    microkit_irqs = ~0ul;
    fake.on_event = defer_many;
    step(ABI_EVENT_NOTIFICATION, 1, nothing);
    expect_log("wait notified(0) ");
    fake.on_event = NULL;
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("ack2 ack4 notify1 notify9 notify61 wait ");
    assert_false(microkit_have_signal);
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("wait ");
}

static void test_deferred_before_reply(void **state)
{
    (void)state;
    microkit_notifications = ~0ul;
    microkit_irqs = ~0ul;
    fake.on_event = defer_many;
    step(ABI_EVENT_CALL, 3, microkit_msginfo_new(5, 4));
    expect_log("wait protected(3,5,4) ");
    fake.on_event = NULL;
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("ack2 ack4 notify1 notify9 notify61 reply_wait ");
}

static void test_deferred_across_events_of_one_wait(void **state)
{
    (void)state;
    microkit_notifications = ~0ul;
    microkit_irqs = ~0ul;
    fake.on_event = defer_many;
    step(ABI_EVENT_NOTIFICATION, 0x81, nothing);
    fake.on_event = NULL;
    expect_log("wait notified(0) notified(7) ");
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("ack2 ack4 notify1 notify9 notify61 wait ");
}

static void test_less_urgent_peers_need_no_call(void **state)
{
    (void)state;
    microkit_notifications = 0x7;
    pride_notify_lazy = 0x2;
    microkit_notify(1);
    microkit_notify(2);
    expect_log("notify2 ");
    assert_int_equal(microkit_internal_control()->notify_lazy, 0x2);
    microkit_notify(1);
    assert_int_equal(microkit_internal_control()->notify_lazy, 0x2);
    expect_log("");
}

static void test_globals_written_by_program(void **state)
{
    (void)state;
    microkit_have_signal = seL4_True;
    microkit_signal_cap = BASE_OUTPUT_NOTIFICATION_CAP + 8;
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("notify8 wait ");
    microkit_have_signal = seL4_True;
    microkit_signal_cap = BASE_IRQ_CAP + 7;
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("ack7 wait ");
    /* the same again, after the library deferred it once */
    microkit_notifications = 1u << 8;
    microkit_deferred_notify(8);
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("notify8 wait ");
    microkit_have_signal = seL4_True;
    microkit_signal_cap = BASE_OUTPUT_NOTIFICATION_CAP + 8;
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("notify8 wait ");
    microkit_have_signal = seL4_True;
    microkit_signal_cap = MONITOR_EP;
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("wait ");
}

static void set_reply_words(void)
{
    assert_int_equal(microkit_mr_get(0), 11);
    assert_int_equal(microkit_mr_get(3), 14);
    microkit_mr_set(0, 21);
    microkit_mr_set(1, 22);
    microkit_mr_set(2, 23);
    microkit_mr_set(3, 24);
}

static void test_call_is_answered_once(void **state)
{
    (void)state;
    fake.on_event = set_reply_words;
    step(ABI_EVENT_CALL, 61, microkit_msginfo_new(0xfffff, 120));
    expect_log("wait protected(61,1048575,120) ");
    fake.on_event = NULL;
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("reply_wait ");
    assert_int_equal(fake.replied.info, microkit_msginfo_new(7, 2).words[0]);
    assert_int_equal(fake.replied.mr[0], 21);
    assert_int_equal(fake.replied.mr[1], 22);
    /* beyond the length of 2: nothing, whatever is in the buffer */
    assert_int_equal(fake.replied.mr[2], 0);
    assert_int_equal(fake.replied.mr[3], 0);
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("wait ");
}

static void test_fault_is_resumed_only_on_request(void **state)
{
    (void)state;
    fake.resume = seL4_False;
    step(ABI_EVENT_FAULT, 253, microkit_msginfo_new(seL4_Fault_VMFault, 4));
    expect_log("wait fault(253,6) ");
    assert_int_equal(microkit_mr_get(seL4_VMFault_FSR), 14);
    fake.resume = seL4_True;
    step(ABI_EVENT_FAULT, 0, microkit_msginfo_new(seL4_Fault_VMFault, 4));
    expect_log("wait fault(0,6) ");
    step(ABI_EVENT_NOTIFICATION, 0, nothing);
    expect_log("reply_wait ");
}

static void test_unknown_event_is_ignored(void **state)
{
    (void)state;
    step(77, 1, nothing);
    step(ABI_EVENT_NOTIFICATION, 2, nothing);
    expect_log("wait wait notified(1) ");
}

static void test_prepare_acknowledges_interrupts(void **state)
{
    (void)state;
    microkit_irqs = (1ull << 61) | 1;
    loop_prepare();
    expect_log("ack0 ack61 ");
    assert_string_equal(fake.console, "");
    microkit_irqs = 0;
    microkit_passive = 1;
    loop_prepare();
    expect_log("");
    assert_string_equal(fake.console, "MON|INFO: PD 'unit' is now passive!\n");
}

static void test_wrong_ids_are_named(void **state)
{
    (void)state;
    microkit_notifications = 1;
    microkit_irqs = 1;
    microkit_pps = 1;
    microkit_notify(1);
    microkit_irq_ack(62);
    microkit_deferred_notify(64);
    microkit_deferred_irq_ack(4294967295u);
    assert_int_equal(microkit_ppcall(2, nothing).words[0], 0);
    expect_log("");
    assert_false(microkit_have_signal);
    assert_string_equal(fake.console,
        "unit microkit_notify: invalid channel given '1'\n"
        "unit microkit_irq_ack: invalid channel given '62'\n"
        "unit microkit_deferred_notify: invalid channel given '64'\n"
        "unit microkit_deferred_irq_ack: invalid channel given '4294967295'\n"
        "unit microkit_ppcall: invalid channel given '2'\n");
    microkit_notify(0);
    microkit_irq_ack(0);
    expect_log("notify0 ack0 ");
}

static void test_ppcall(void **state)
{
    microkit_msginfo answer;

    (void)state;
    microkit_pps = 1ull << 5;
    fake.answer = (struct pride_msg){ microkit_msginfo_new(3, 2).words[0],
        { 31, 32, 33, 34 } };
    microkit_mr_set(0, 1);
    microkit_mr_set(3, 4);
    answer = microkit_ppcall(5, microkit_msginfo_new(9, 4));
    expect_log("call5 ");
    assert_int_equal(fake.called.info, microkit_msginfo_new(9, 4).words[0]);
    assert_int_equal(fake.called.mr[0], 1);
    assert_int_equal(fake.called.mr[3], 4);
    assert_int_equal(microkit_msginfo_get_label(answer), 3);
    assert_int_equal(microkit_msginfo_get_count(answer), 2);
    assert_int_equal(microkit_mr_get(1), 32);
    assert_false(pride_call_aborted(answer));

    fake.error = ERR_STOPPED;
    assert_true(pride_call_aborted(microkit_ppcall(5, nothing)));
    fake.error = ERR_LENGTH;
    assert_true(pride_call_aborted(microkit_ppcall(5, nothing)));
}

/* What the buffer still holds of an earlier message is nobody else's business. */
static void test_words_beyond_the_length_stay(void **state)
{
    (void)state;
    microkit_pps = 1ull << 5;
    for (seL4_Uint16 length = 0; length <= 6; length++) {
        for (seL4_Uint8 i = 0; i < 6; i++) {
            microkit_mr_set(i, 90u + i);
        }
        (void)microkit_ppcall(5, microkit_msginfo_new(0, length));
        for (seL4_Word i = 0; i < ABI_MSG_REGS; i++) {
            assert_int_equal(fake.called.mr[i], i < length ? 90 + i : 0);
        }
    }
}

static void test_message_words_are_bounded(void **state)
{
    seL4_Word *beyond = &seL4_GetIPCBuffer()->msg[ABI_MSG_WORDS - 1] + 1;
    seL4_Word before = *beyond;

    (void)state;
    microkit_mr_set(119, 5);
    microkit_mr_set(120, 6);
    microkit_mr_set(255, 7);
    seL4_SetMR(-1, 8);
    assert_int_equal(microkit_mr_get(119), 5);
    assert_int_equal(microkit_mr_get(120), 0);
    assert_int_equal(seL4_GetMR(-1), 0);
    assert_int_equal(*beyond, before);
    assert_int_equal(seL4_GetIPCBuffer()->tag.words[0], 0);
}

static void test_message_info(void **state)
{
    microkit_msginfo info = seL4_MessageInfo_new(0xfffffffffffff, 7, 3, 127);

    (void)state;
    assert_int_equal(seL4_MessageInfo_get_label(info), 0xfffffffffffff);
    assert_int_equal(seL4_MessageInfo_get_length(info), 127);
    info = seL4_MessageInfo_set_length(info, 3);
    info = seL4_MessageInfo_set_label(info, 4);
    assert_int_equal(info.words[0], (4 << 12) | 3);
}

static void test_read_registers_keeps_message(void **state)
{
    seL4_UserContext regs = { 0 };

    (void)state;
    for (int i = 0; i < 60; i++) {
        seL4_SetMR(i, (seL4_Word)i);
    }
    assert_int_equal(seL4_TCB_ReadRegisters(BASE_TCB_CAP + 3, seL4_False, 0,
                         SEL4_USER_CONTEXT_SIZE, &regs),
        seL4_NoError);
    expect_log("pd3.3 ");
    assert_int_equal(regs.pc, 1000);
    assert_int_equal(regs.tpidrro_el0, 1035);
    for (int i = 0; i < 60; i++) {
        assert_int_equal(seL4_GetMR(i), i);
    }
    regs.sp = 5;
    assert_int_equal(
        seL4_TCB_ReadRegisters(BASE_TCB_CAP + 3, seL4_True, 0, 1, &regs),
        seL4_NoError);
    expect_log("pd3.0 pd3.3 ");
    assert_int_equal(regs.sp, 5);
    assert_int_equal(
        seL4_TCB_ReadRegisters(BASE_TCB_CAP, seL4_False, 0, 37, &regs),
        seL4_RangeError);
    expect_log("");
    fake.error = ERR_CHILD;
    assert_int_equal(
        seL4_TCB_ReadRegisters(BASE_TCB_CAP, seL4_True, 0, 1, &regs),
        seL4_InvalidCapability);
    expect_log("pd0.0 ");
}

static void test_write_registers(void **state)
{
    seL4_UserContext regs = { .pc = 5, .sp = 6 };

    (void)state;
    seL4_SetMR(0, 77);
    assert_int_equal(
        seL4_TCB_WriteRegisters(BASE_TCB_CAP + 1, seL4_True, 0, 2, &regs),
        seL4_NoError);
    expect_log("pd1.4 ");
    assert_int_equal(fake.control[0], 2);
    assert_int_equal(fake.control[1], 1);
    assert_int_equal(fake.registers[1], 6);
    assert_int_equal(fake.registers[2], 1002);
    assert_int_equal(seL4_GetMR(0), 77);
    assert_int_equal(
        seL4_TCB_WriteRegisters(BASE_TCB_CAP + 1, seL4_True, 0, 37, &regs),
        seL4_RangeError);
    expect_log("");
}

static void test_children(void **state)
{
    struct pride_pd_info info = { 0 };

    (void)state;
    microkit_pd_stop(2);
    microkit_pd_resume(2);
    microkit_pd_restart(2, 0x200000);
    expect_log("pd2.0 pd2.1 pd2.2 ");
    assert_int_equal(fake.control[0], 0x200000);
    assert_int_equal(seL4_TCB_Suspend(BASE_TCB_CAP + 1), seL4_NoError);
    assert_int_equal(seL4_TCB_Resume(BASE_TCB_CAP + 1), seL4_NoError);
    expect_log("pd1.0 pd1.1 ");

    fake.result[0] = ABI_STATE_CALLING;
    fake.result[1] = 1ull << 40;
    fake.result[2] = 3;
    fake.result[3] = 4;
    assert_int_equal(pride_pd_info(0, &info), ERR_OK);
    assert_int_equal(info.state, ABI_STATE_CALLING);
    assert_int_equal(info.ticks, 1ull << 40);
    assert_int_equal(info.starts, 3);
    assert_int_equal(info.switches, 4);
    fake.error = ERR_CHILD;
    fake.result[0] = ABI_STATE_READY;
    assert_int_equal(pride_pd_info(0, &info), ERR_CHILD);
    assert_int_equal(info.state, ABI_STATE_CALLING);
    assert_int_equal(pride_pd_stop(63), ERR_CHILD);
}

static void test_other_calls(void **state)
{
    seL4_ARM_SMCContext words = { .x0 = 1, .x7 = 8 };

    (void)state;
    microkit_notifications = 1u << 12;
    seL4_Signal(BASE_OUTPUT_NOTIFICATION_CAP + 12);
    assert_int_equal(seL4_IRQHandler_Ack(BASE_IRQ_CAP + 13), seL4_NoError);
    microkit_arm_smc_call(&words, &words);
    expect_log("notify12 ack13 smc ");
    assert_int_equal(words.x0, 101);
    assert_int_equal(words.x7, 108);
    assert_int_equal(
        seL4_ARM_SMC_Call(TCB_CAP, &words, &words), seL4_InvalidCapability);
    fake.error = ERR_RIGHT;
    assert_int_equal(
        seL4_ARM_SMC_Call(ARM_SMC_CAP, &words, &words), seL4_InvalidCapability);
}

static void test_printing(void **state)
{
    (void)state;
    microkit_dbg_put8(0);
    microkit_dbg_putc(' ');
    microkit_dbg_put8(255);
    microkit_dbg_putc(' ');
    microkit_dbg_put32(4294967295u);
    microkit_dbg_puts(" 10\n");
    assert_string_equal(fake.console, "0 255 4294967295 10\n");
}

static void test_utilisation_since_reset(void **state)
{
    (void)state;
    fake.result[1] = 1000;
    fake.result[3] = 10;
    fake.now = 5;
    seL4_BenchmarkResetThreadUtilisation(BASE_TCB_CAP + 1);
    assert_int_equal(seL4_BenchmarkResetLog(), seL4_NoError);
    fake.result[1] = 1500;
    fake.result[3] = 17;
    fake.now = 905;
    assert_int_equal(seL4_BenchmarkFinalizeLog(), 0);
    seL4_BenchmarkGetThreadUtilisation(BASE_TCB_CAP + 1);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_UTILISATION), 500);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_NUMBER_SCHEDULES), 7);
    assert_int_equal(seL4_GetMR(BENCHMARK_TOTAL_UTILISATION), 900);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_NUMBER_KERNEL_ENTRIES), 0);
    seL4_BenchmarkGetThreadUtilisation(TCB_CAP);
    assert_int_equal(seL4_GetMR(BENCHMARK_TCB_UTILISATION), 0);
    assert_int_equal(seL4_BenchmarkSetLogBuffer(7), seL4_IllegalOperation);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_notifications_lowest_first),
        TEST(test_notification_leaves_message_words),
        TEST(test_every_deferred_operation_is_made),
        TEST(test_deferred_before_reply),
        TEST(test_deferred_across_events_of_one_wait),
        TEST(test_less_urgent_peers_need_no_call),
        TEST(test_globals_written_by_program),
        TEST(test_call_is_answered_once),
        TEST(test_fault_is_resumed_only_on_request),
        TEST(test_unknown_event_is_ignored),
        TEST(test_prepare_acknowledges_interrupts),
        TEST(test_wrong_ids_are_named),
        TEST(test_ppcall),
        TEST(test_words_beyond_the_length_stay),
        TEST(test_message_words_are_bounded),
        TEST(test_message_info),
        TEST(test_read_registers_keeps_message),
        TEST(test_write_registers),
        TEST(test_children),
        TEST(test_other_calls),
        TEST(test_printing),
        TEST(test_utilisation_since_reset),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
