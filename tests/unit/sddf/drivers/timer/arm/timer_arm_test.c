/* SPDX-License-Identifier: BSD-2-Clause */
/* The Arm timer driver on a fake counter and comparator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <os/sddf.h>
#include <sddf/resources/device.h>
#include <sddf/timer/client.h>
#include <sddf/timer/config.h>
#include <sddf/timer/protocol.h>
#include <sddf/util/arch_timestamp_counter.h>
#include <sddf/util/stats.h>

#include "sddf/drivers/timer/arm/generic_timer.h"

#define IRQ    63u
#define CLIENT 5u
#define FREQ   UINT64_C(62500000) /* 16 ns per tick */

extern device_resources_t device_resources;
extern struct stats_config stats_config;

static struct {
    uint64_t counter;
    uint64_t freq;
    uint64_t compare;
    bool armed;
} device;

uint64_t sddf_read_counter(void)
{
    return device.counter;
}

uint64_t sddf_read_freq(void)
{
    return device.freq;
}

void generic_timer_arm(uint64_t deadline)
{
    device.compare = deadline;
    device.armed = true;
}

void generic_timer_off(void)
{
    device.armed = false;
}

static uint64_t call(uint32_t ch, uint64_t label, uint64_t words, uint64_t mr)
{
    fake_sddf.mr[0] = mr;
    return seL4_MessageInfo_get_label(
        protected(ch, seL4_MessageInfo_new(label, 0, 0, words)));
}

static uint64_t set_timeout(uint32_t ch, uint64_t ns)
{
    return call(ch, SDDF_TIMER_SET_TIMEOUT, 1, ns);
}

/* Time passes; the interrupt comes when the comparator says so. */
static void pass(uint64_t ns)
{
    device.counter += ns / 16;
    if (device.armed && device.counter >= device.compare) {
        notified(IRQ);
    }
}

static int set_up(void **unused)
{
    (void)unused;
    fake_sddf_reset();
    memset(&device, 0, sizeof(device));
    device.counter = 1000;
    device.freq = FREQ;
    memset(&device_resources, 0, sizeof(device_resources));
    memcpy(device_resources.magic, DEVICE_MAGIC, DEVICE_MAGIC_LEN);
    device_resources.num_irqs = 1;
    device_resources.irqs[0].id = IRQ;
    init();
    for (uint32_t c = 0; c < SDDF_TIMER_MAX_CLIENTS; c++) {
        call(c, SDDF_TIMER_CANCEL_ALL, 0, 0);
    }
    return 0;
}

static void the_time_is_told_in_nanoseconds(void **unused)
{
    (void)unused;
    assert_int_equal(call(CLIENT, SDDF_TIMER_GET_TIME, 0, 0), SDDF_TIMER_OK);
    assert_int_equal(fake_sddf.mr[0], 16000);
    device.counter = UINT64_MAX;
    call(CLIENT, SDDF_TIMER_GET_TIME, 0, 0);
    assert_int_equal(fake_sddf.mr[0], UINT64_MAX);
}

static void a_timeout_comes_once_and_not_early(void **unused)
{
    (void)unused;
    assert_int_equal(set_timeout(CLIENT, 1601), SDDF_TIMER_OK);
    assert_true(device.armed);
    assert_int_equal(device.compare, 1000 + 101);
    pass(1600);
    assert_int_equal(fake_sddf.notify[CLIENT], 0);
    pass(16);
    assert_int_equal(fake_sddf.notify[CLIENT], 1);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 1);
    assert_false(device.armed);
    pass(1000000);
    assert_int_equal(fake_sddf.notify[CLIENT], 1);
}

static void several_timeouts_of_one_client_all_come(void **unused)
{
    (void)unused;
    set_timeout(CLIENT, 3200);
    set_timeout(CLIENT, 1600);
    set_timeout(CLIENT + 1, 2400);
    for (uint32_t i = 1; i <= 3; i++) {
        pass(800 + (i == 1 ? 800 : 0));
        assert_int_equal(
            fake_sddf.notify[CLIENT] + fake_sddf.notify[CLIENT + 1], i);
    }
    assert_int_equal(fake_sddf.notify[CLIENT], 2);
}

static void extreme_timeouts_are_fine(void **unused)
{
    (void)unused;
    assert_int_equal(set_timeout(CLIENT, 0), SDDF_TIMER_OK);
    assert_int_equal(fake_sddf.notify[CLIENT], 1);
    assert_false(device.armed);
    assert_int_equal(set_timeout(CLIENT, UINT64_MAX), SDDF_TIMER_OK);
    assert_int_equal(set_timeout(CLIENT, 1), SDDF_TIMER_OK);
    assert_int_equal(device.compare, 1001);
    device.counter = UINT64_MAX - 10;
    /* by now the first two are due; this one is beyond the end of time */
    assert_int_equal(set_timeout(CLIENT, UINT64_MAX / 2), SDDF_TIMER_OK);
    assert_int_equal(fake_sddf.notify[CLIENT], 3);
    assert_false(device.armed);
}

static void one_too_many_is_refused(void **unused)
{
    (void)unused;
    for (uint32_t c = 0; c < SDDF_TIMER_MAX_CLIENTS; c++) {
        for (uint32_t i = 0; i < SDDF_TIMER_TIMEOUTS_PER_CLIENT; i++) {
            assert_int_equal(set_timeout(c, 1600), SDDF_TIMER_OK);
        }
        assert_int_equal(set_timeout(c, 1600), SDDF_TIMER_ERR_FULL);
    }
    pass(1600);
    for (uint32_t c = 0; c < SDDF_TIMER_MAX_CLIENTS; c++) {
        assert_int_equal(fake_sddf.notify[c], SDDF_TIMER_TIMEOUTS_PER_CLIENT);
    }
    assert_int_equal(set_timeout(0, 1600), SDDF_TIMER_OK);
}

static void cancelled_timeouts_do_not_come(void **unused)
{
    (void)unused;
    set_timeout(CLIENT, 1600);
    set_timeout(CLIENT, 3200);
    set_timeout(CLIENT + 1, 4800);
    assert_int_equal(call(CLIENT, SDDF_TIMER_CANCEL_ALL, 0, 0), SDDF_TIMER_OK);
    assert_int_equal(fake_sddf.mr[0], 2);
    assert_int_equal(device.compare, 1300);
    pass(1000000);
    assert_int_equal(fake_sddf.notify[CLIENT], 0);
    assert_int_equal(fake_sddf.notify[CLIENT + 1], 1);
}

static void wrong_requests_are_refused(void **unused)
{
    (void)unused;
    assert_int_equal(call(CLIENT, 3, 0, 0), SDDF_TIMER_ERR_REQUEST);
    assert_int_equal(
        call(CLIENT, UINT64_C(0xffffffffffffe), 0, 0), SDDF_TIMER_ERR_REQUEST);
    assert_int_equal(
        call(CLIENT, SDDF_TIMER_SET_TIMEOUT, 0, 9), SDDF_TIMER_ERR_REQUEST);
    assert_int_equal(
        call(64, SDDF_TIMER_SET_TIMEOUT, 1, 9), SDDF_TIMER_ERR_REQUEST);
    assert_false(device.armed);
    notified(CLIENT);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 0);
}

static microkit_msginfo to_driver(sddf_channel ch, microkit_msginfo info)
{
    return protected(ch, info);
}

static void the_client_library_speaks_the_protocol(void **unused)
{
    (void)unused;
    fake_sddf.ppcall = to_driver;
    assert_int_equal(sddf_timer_set_timeout(CLIENT, 1600), 0);
    assert_int_equal(sddf_timer_time_call(CLIENT), 16000);
    assert_int_equal(sddf_timer_time_now(CLIENT), 16000);
    assert_int_equal(sddf_timer_cancel_all(CLIENT), 1);
    device.freq = 0; /* no counter at user level: ask the driver */
    assert_int_equal(sddf_timer_time_now(CLIENT), 16000);
}

static void counters_show_what_happened(void **unused)
{
    static struct stats_page page;

    (void)unused;
    memset(&page, 0, sizeof(page));
    stats_config.magic = STATS_MAGIC;
    stats_config.vaddr = (uintptr_t)&page;
    init();
    stats_config.magic = 0;
    set_timeout(CLIENT, 1600);
    pass(1600);
    call(CLIENT, 77, 0, 0);
    assert_true(stats_page_valid(&page));
    assert_int_equal(page.count, 4);
    assert_string_equal(page.component, "component");
    assert_string_equal(page.entry[2].name, "timeouts_expired");
    assert_int_equal(page.entry[0].value, 2);
    assert_int_equal(page.entry[1].value, 1);
    assert_int_equal(page.entry[2].value, 1);
    assert_int_equal(page.entry[3].value, 1);
    init(); /* a restart without a page counts nothing */
    call(CLIENT, 77, 0, 0);
    assert_int_equal(page.entry[3].value, 1);
}

static void an_unusable_configuration_is_refused(void **unused)
{
    device_resources_t good = device_resources;

    (void)unused;
    device_resources.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, "device_resources", "magic"));
    device_resources = good;
    device_resources.num_irqs = 0;
    assert_true(fake_sddf_refuses(init, "device_resources", "num_irqs"));
}

/* Last, because the driver has no way back: nothing works, nothing hangs. */
static void without_a_frequency_everything_is_refused(void **unused)
{
    (void)unused;
    fake_sddf_reset();
    device.freq = 0;
    init();
    assert_non_null(strstr(fake_sddf.console, "CNTFRQ"));
    assert_int_equal(set_timeout(CLIENT, 1600), SDDF_TIMER_ERR_DEVICE);
    notified(IRQ);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_time_is_told_in_nanoseconds, set_up),
        cmocka_unit_test_setup(a_timeout_comes_once_and_not_early, set_up),
        cmocka_unit_test_setup(several_timeouts_of_one_client_all_come, set_up),
        cmocka_unit_test_setup(extreme_timeouts_are_fine, set_up),
        cmocka_unit_test_setup(one_too_many_is_refused, set_up),
        cmocka_unit_test_setup(cancelled_timeouts_do_not_come, set_up),
        cmocka_unit_test_setup(wrong_requests_are_refused, set_up),
        cmocka_unit_test_setup(the_client_library_speaks_the_protocol, set_up),
        cmocka_unit_test_setup(counters_show_what_happened, set_up),
        cmocka_unit_test_setup(an_unusable_configuration_is_refused, set_up),
        cmocka_unit_test_setup(
            without_a_frequency_everything_is_refused, set_up),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
