/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program says and does when its configuration is unusable.  Built as
 * for release: the line is printed there too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <os/sddf.h>
#include <sddf/util/config_check.h>

static bool went_on;

static void needs_nothing_more(void)
{
    config_require(true, "net_driver_config", "magic");
    went_on = true;
}

static void needs_a_magic(void)
{
    config_require(false, "net_driver_config", "magic");
    went_on = true;
}

static int set_up(void **unused)
{
    (void)unused;
    fake_sddf_reset();
    went_on = false;
    return 0;
}

static void a_usable_one_goes_unnoticed(void **unused)
{
    (void)unused;
    assert_false(fake_sddf_stops(needs_nothing_more));
    assert_true(went_on);
    assert_string_equal(fake_sddf.console, "");
}

static void an_unusable_one_is_named_and_ends_the_program(void **unused)
{
    (void)unused;
    assert_true(fake_sddf_stops(needs_a_magic));
    assert_false(went_on);
    assert_string_equal(fake_sddf.console,
        "component: bad_config section=net_driver_config rule=magic\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_usable_one_goes_unnoticed, set_up),
        cmocka_unit_test_setup(
            an_unusable_one_is_named_and_ends_the_program, set_up),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
