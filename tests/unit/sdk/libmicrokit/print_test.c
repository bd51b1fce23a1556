/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print_test.c - the debug console.
 */
#include "tests/unit/sdk/libmicrokit/pd_rig.h"

static const microkit_msginfo nothing;

static void test_printing(void **state)
{
    (void)state;
    microkit_dbg_put8(0);
    microkit_dbg_putc(' ');
    microkit_dbg_put8(255);
    microkit_dbg_putc(' ');
    microkit_dbg_put32(4294967295u);
    microkit_dbg_puts(" 10\n");
    assert_string_equal(rig.console, "0 255 4294967295 10\n");
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
    rig_expect("");
    assert_false(microkit_have_signal);
    assert_string_equal(rig.console,
        "unit microkit_notify: invalid channel given '1'\n"
        "unit microkit_irq_ack: invalid channel given '62'\n"
        "unit microkit_deferred_notify: invalid channel given '64'\n"
        "unit microkit_deferred_irq_ack: invalid channel given '4294967295'\n"
        "unit microkit_ppcall: invalid channel given '2'\n");
    microkit_notify(0);
    microkit_irq_ack(0);
    rig_expect("notify0 ack0 ");
}

#define TEST(f) cmocka_unit_test_setup(f, rig_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_printing),
        TEST(test_wrong_ids_are_named),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
