/* SPDX-License-Identifier: BSD-2-Clause */
/* The Rx virtualiser: whom input reaches, switching, and full clients. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <os/sddf.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>

#define DRIVER    0u
#define CLIENT(n) (1u + (n))
#define CLIENTS   12u
#define CAPACITY  16u
#define SWITCH    "\x1c"

extern serial_virt_rx_config_t config;

static serial_queue_t driver_page;
static char driver_data[64];
static serial_queue_handle_t driver;

static struct {
    serial_queue_t page;
    char data[CAPACITY];
    serial_queue_handle_t queue;
} client[CLIENTS];

static void connect(serial_connection_resource_t *conn, serial_queue_t *page,
    char *data, uint32_t capacity, uint8_t id)
{
    memset(page, 0, sizeof(*page));
    conn->queue.vaddr = page;
    conn->data.vaddr = data;
    conn->data.size = capacity;
    conn->id = id;
}

static void type(const char *text)
{
    for (; *text != '\0'; text++) {
        assert_int_equal(serial_enqueue(&driver, *text), 0);
    }
    notified(DRIVER);
}

static void heard(uint32_t n, const char *text)
{
    char got[CAPACITY + 1];
    uint32_t len = 0;

    while (len < CAPACITY && serial_dequeue(&client[n].queue, got + len) == 0) {
        len++;
    }
    got[len] = '\0';
    assert_string_equal(got, text);
}

static int set_up(void **unused)
{
    (void)unused;
    fake_sddf_reset();
    memset(&config, 0, sizeof(config));
    memcpy(config.magic, SDDF_SERIAL_MAGIC, SDDF_SERIAL_MAGIC_LEN);
    connect(
        &config.driver, &driver_page, driver_data, sizeof(driver_data), DRIVER);
    config.num_clients = CLIENTS;
    config.switch_char = SWITCH[0];
    config.terminate_num_char = '\r';
    for (uint32_t i = 0; i < CLIENTS; i++) {
        connect(&config.clients[i], &client[i].page, client[i].data, CAPACITY,
            (uint8_t)CLIENT(i));
        serial_queue_init(
            &client[i].queue, &client[i].page, CAPACITY, client[i].data);
    }
    init();
    serial_queue_init(&driver, &driver_page, sizeof(driver_data), driver_data);
    driver_page.producer_signalled = 1;
    type(SWITCH "0\r"); /* the state survives init(): a test may have moved */
    fake_sddf_reset();
    return 0;
}

static void input_goes_to_one_client(void **unused)
{
    (void)unused;
    type("hello");
    heard(0, "hello");
    heard(1, "");
    assert_int_equal(fake_sddf.notify[CLIENT(0)], 1);
    assert_int_equal(fake_sddf.notify[CLIENT(1)], 0);
    assert_int_equal(fake_sddf.notify[DRIVER], 0);
}

static void switching_splits_the_input(void **unused)
{
    (void)unused;
    type("a" SWITCH "1\rb" SWITCH "11\rc" SWITCH "0\rd");
    heard(0, "ad");
    heard(1, "b");
    heard(11, "c");
    assert_int_equal(fake_sddf.notify[CLIENT(0)], 2);
    assert_int_equal(fake_sddf.notify[CLIENT(1)], 1);
    assert_non_null(
        strstr(fake_sddf.console, "VIRT_RX|LOG: switching to client 11\n"));
}

/* The same, one character per interrupt. */
static void switching_survives_slow_typing(void **unused)
{
    static const char text[] = "a" SWITCH "1\rb" SWITCH "0\rc";

    (void)unused;
    for (const char *p = text; *p != '\0'; p++) {
        type((char[]){ *p, '\0' });
    }
    heard(0, "ac");
    heard(1, "b");
}

static void the_switch_character_can_be_typed(void **unused)
{
    (void)unused;
    type("x" SWITCH SWITCH "y");
    heard(0, "x" SWITCH "y");
}

static void wrong_choices_change_nothing(void **unused)
{
    (void)unused;
    type(SWITCH "12\ra");
    assert_non_null(
        strstr(fake_sddf.console, "switch to an invalid client 12"));
    type(SWITCH "zb");
    assert_non_null(strstr(fake_sddf.console, "invalid digit z"));
    type(SWITCH "1xc");
    type(SWITCH "00001d"); /* the fifth digit ends it */
    assert_non_null(strstr(fake_sddf.console, "too many"));
    type(SWITCH "9999\re");
    heard(0, "abcde");
}

static void a_full_client_loses_input_alone(void **unused)
{
    (void)unused;
    type("0123456789abcdefXYZ");
    heard(0, "0123456789abcdef");
    type(SWITCH "1\rok" SWITCH "0\rback");
    heard(1, "ok");
    heard(0, "back");
}

static void the_driver_is_woken_when_it_waits(void **unused)
{
    (void)unused;
    serial_request_consumer_signal(&driver);
    type("a");
    assert_int_equal(fake_sddf.notify[DRIVER], 1);
    type("b");
    assert_int_equal(fake_sddf.notify[DRIVER], 1);
}

static void hostile_neighbours_are_harmless(void **unused)
{
    (void)unused;
    client[0].page.head = 0x80000001;
    client[0].page.tail = 77;
    type("lost");
    type(SWITCH "1\rkept");
    heard(1, "kept");
    driver_page.tail = 0xdeadbeef;
    notified(DRIVER);
    driver_page.tail = serial_queue_tail(&driver);
    type("+");
    heard(1, "+");
}

static void unexpected_notifications_are_ignored(void **unused)
{
    (void)unused;
    notified(CLIENT(0));
    assert_non_null(strstr(fake_sddf.console, "unexpected channel: 1"));
}

/* Room that the client made since the last look is found. */
static void room_made_meanwhile_is_used(void **unused)
{
    (void)unused;
    type("0123456789");
    heard(0, "0123456789");
    type("abcdefghijkl");
    heard(0, "abcdefghijkl");
}

static void who_gets_nothing_is_not_notified(void **unused)
{
    (void)unused;
    type(SWITCH "1\r");
    assert_int_equal(fake_sddf.notify[CLIENT(0)], 0);
    assert_int_equal(fake_sddf.notify[CLIENT(1)], 0);
}

/* Each rule is needed: one wrong value at a time. */
static void an_unusable_configuration_is_refused(void **unused)
{
    (void)unused;
    (void)set_up(NULL);
    config.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, "serial_virt_rx_config", "magic"));
    (void)set_up(NULL);
    config.num_clients = 0;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_rx_config", "num_clients"));
    (void)set_up(NULL);
    config.num_clients = SDDF_SERIAL_MAX_CLIENTS + 1;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_rx_config", "num_clients"));
    (void)set_up(NULL);
    config.driver.data.size = 65;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_rx_config", "driver.data.size"));
    (void)set_up(NULL);
    config.clients[1].data.size = 0;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_rx_config", "clients.data.size"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(input_goes_to_one_client, set_up),
        cmocka_unit_test_setup(switching_splits_the_input, set_up),
        cmocka_unit_test_setup(switching_survives_slow_typing, set_up),
        cmocka_unit_test_setup(the_switch_character_can_be_typed, set_up),
        cmocka_unit_test_setup(wrong_choices_change_nothing, set_up),
        cmocka_unit_test_setup(a_full_client_loses_input_alone, set_up),
        cmocka_unit_test_setup(the_driver_is_woken_when_it_waits, set_up),
        cmocka_unit_test_setup(hostile_neighbours_are_harmless, set_up),
        cmocka_unit_test_setup(unexpected_notifications_are_ignored, set_up),
        cmocka_unit_test(an_unusable_configuration_is_refused),
        cmocka_unit_test_setup(room_made_meanwhile_is_used, set_up),
        cmocka_unit_test_setup(who_gets_nothing_is_not_notified, set_up),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
