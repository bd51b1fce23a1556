/* SPDX-License-Identifier: BSD-2-Clause */
/* A client's console: what it prints is in the serial queue, if there is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lions/net/client.h>
#include <sddf/serial/queue.h>
#include <sddf/util/printf.h>

#include "lions/net/client_config.h"

#define SIZE  64u
#define TX_ID 4u

static serial_queue_t queue;
static char data[SIZE];

static void test_none(void **state)
{
    (void)state;
    fake_sddf_reset();
    assert_true(fake_sddf_stops(net_client_console));
    assert_non_null(
        strstr(fake_sddf.console, "section=serial_client_config rule=magic"));
}

static void test_prints(void **state)
{
    serial_client_config_t *config = &net_client_serial_config;

    (void)state;
    fake_sddf_reset();
    memcpy(config->magic, SDDF_SERIAL_MAGIC, sizeof(config->magic));
    config->tx.queue.vaddr = &queue;
    config->tx.data = (region_resource_t){ data, SIZE };
    config->tx.id = TX_ID;
    net_client_console();
    (void)sddf_printf("hello\n");
    assert_memory_equal(data, "hello", 5);
    assert_int_equal(fake_sddf.notify[TX_ID], 1);
    assert_int_equal(fake_sddf.console_len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_prints),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
