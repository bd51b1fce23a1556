/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The monitor on a fake kernel: what it says about a fault, and that it
 * stops the PD in every configuration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pride.h>

#include "sdk/arch/aarch64/decode.h"
#include "sdk/monitor/report.h"

extern char pd_names[ABI_PDS_MAX][64];
extern seL4_Word pd_stack_bottom_addrs[ABI_PDS_MAX];

char microkit_name[MICROKIT_PD_NAME_LENGTH];
_Alignas(4096) unsigned char fake_message_page[4096];

static struct {
    char console[8192];
    size_t used;
    uint64_t stopped; /* child id, plus 1 */
    uint32_t error;   /* of a stop */
} fake;

static int set_up(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    memset(fake_message_page, 0, sizeof(fake_message_page));
    strcpy(pd_names[253], "last");
    pd_stack_bottom_addrs[253] = 0xffffffc000;
    return 0;
}

/* --- the fake kernel -------------------------------------------------- */

uint32_t pride_sys_pd_control(
    uint64_t child, uint64_t operation, uint64_t arg[4])
{
    (void)arg;
    if (operation == ABI_PD_READ_REGS) {
        for (size_t i = 0; i < SEL4_USER_CONTEXT_SIZE; i++) {
            seL4_GetIPCBuffer()->msg[i] = 0xabc000 + i;
        }
        return ERR_OK;
    }
    assert_int_equal(operation, ABI_PD_STOP);
    fake.stopped = child + 1;
    return fake.error;
}

uint32_t pride_sys_debug_putc(uint64_t character)
{
    assert_true(fake.used + 1 < sizeof(fake.console));
    fake.console[fake.used++] = (char)character;
    return ERR_OK;
}

/* --- tests ------------------------------------------------------------------ */

static void expect_text(const char *text)
{
    if (strstr(fake.console, text) == NULL) {
        print_error("no '%s' in:\n%s\n", text, fake.console);
        fail();
    }
}

static void expect_no_text(const char *text)
{
    assert_null(strstr(fake.console, text));
}

static void fault_with(seL4_Word label, seL4_Word count, const seL4_Word *words)
{
    microkit_msginfo reply = { { 0 } };

    memcpy(seL4_GetIPCBuffer()->msg, words, count * sizeof(words[0]));
    assert_false(
        fault(253, microkit_msginfo_new(label, (uint16_t)count), &reply));
    assert_int_equal(fake.stopped, 254);
}

static void test_start(void **state)
{
    (void)state;
    init();
    assert_string_equal(fake.console, "MON|INFO: Microkit Monitor started!\n");
}

static void test_memory_fault(void **state)
{
    const seL4_Word words[] = { 0x200060, 0xffffffbffc, 0, 0x92000047 };

    (void)state;
    fault_with(seL4_Fault_VMFault, 4, words);
    expect_text("MON|ERROR: received message 0x00000006  "
                "badge: 0x00000000000000fd  tcb cap: 0x0000000000000106\n");
    expect_text("MON|ERROR: faulting PD: last\n");
    expect_text("Registers: \npc : 0x0000000000abc000\n");
    expect_text("tpidrro_el0 : 0x0000000000abc023\n");
    expect_text("MON|ERROR: VMFault: ip=0x0000000000200060  "
                "fault_addr=0x000000ffffffbffc  fsr=0x0000000092000047  "
                "(data fault)\n");
    expect_text("MON|ERROR:   ec: 0x00000024  Data Abort from a lower "
                "Exception level   il: 1   iss: 0x00000047\n");
    expect_text("MON|ERROR:   dfsc = translation fault, level 3 (0x00000007)"
                " -- write not read\n");
    expect_text("MON|ERROR: potential stack overflow");
}

static void test_stack_overflow_needs_the_guard_page(void **state)
{
    seL4_Word words[] = { 0x200060, 0xffffffb000, 0, 0x92000047 };

    (void)state;
    fault_with(seL4_Fault_VMFault, 4, words);
    expect_text("potential stack overflow");
    set_up(state);
    words[1] = 0xffffffafff;
    fault_with(seL4_Fault_VMFault, 4, words);
    expect_no_text("potential stack overflow");
    set_up(state);
    words[1] = 0xffffffc000;
    fault_with(seL4_Fault_VMFault, 4, words);
    expect_no_text("potential stack overflow");
}

static void test_instruction_fault(void **state)
{
    const seL4_Word words[] = { 0x300000, 0x300000, 1, 0x8200000f };

    (void)state;
    fault_with(seL4_Fault_VMFault, 4, words);
    expect_text("(instruction fault)\n");
    expect_text("ec: 0x00000020  Instruction Abort from a lower");
    expect_no_text("dfsc");
}

static void test_exceptions(void **state)
{
    seL4_Word words[] = { 0x200000, 0, 0, 0x02000000, 0 };

    (void)state;
    fault_with(seL4_Fault_UserException, 5, words);
    expect_text("MON|ERROR: UserException\n");
    expect_text("Unknown reason (undefined instruction)");
    expect_no_text("UBSAN");
    words[3] = 0xf2005512;
    fault_with(seL4_Fault_UserException, 5, words);
    expect_text("detected by UBSAN for: 'out of bounds access'\n");
    words[3] = 0xf20055ff;
    fault_with(seL4_Fault_UserException, 5, words);
    expect_text("detected by UBSAN for: 'unknown reason'\n");
}

static void test_other_labels(void **state)
{
    const seL4_Word words[13] = { 0 };

    (void)state;
    fault_with(seL4_Fault_UnknownSyscall, 13, words);
    expect_text("MON|ERROR: UnknownSyscall: ip=");
    fault_with(12345, 0, words);
    expect_text("MON|ERROR: Unknown fault\n");
}

static void test_refused_stop_is_told(void **state)
{
    const seL4_Word words[4] = { 0 };

    (void)state;
    fake.error = ERR_CHILD;
    fault_with(seL4_Fault_VMFault, 4, words);
    expect_text("MON|ERROR: could not stop the PD\n");
}

static void test_every_field_has_a_text(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 256; i++) {
        assert_true(decode_class(i)[0] != '\0');
        assert_true(decode_status(i)[0] != '\0');
    }
    assert_string_equal(decode_class(0x3f), "<invalid EC>");
    assert_string_equal(decode_status(0x3f), "<unexpected DFSC>");
    assert_null(decode_ubsan(0x5612));
    assert_string_equal(decode_ubsan(0x5500), "add overflow");
    assert_string_equal(
        decode_ubsan(0x5518), "variable-length-array bound not positive");
    assert_string_equal(decode_ubsan(0x5519), "unknown reason");
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_start),
        TEST(test_memory_fault),
        TEST(test_stack_overflow_needs_the_guard_page),
        TEST(test_instruction_fault),
        TEST(test_exceptions),
        TEST(test_other_labels),
        TEST(test_refused_stop_is_told),
        TEST(test_every_field_has_a_text),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
