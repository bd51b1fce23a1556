/* SPDX-License-Identifier: BSD-2-Clause */
/* The Tx virtualiser between fake clients and a fake driver. */
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

#define DRIVER          0u
#define CLIENT(n)       (1u + (n))
#define CLIENTS         3u
#define CLIENT_CAPACITY 64u
#define DRIVER_CAPACITY 128u

extern serial_virt_tx_config_t config;

static serial_queue_t driver_page;
static char driver_data[DRIVER_CAPACITY];
static serial_queue_handle_t driver;

static struct {
    serial_queue_t page;
    char data[CLIENT_CAPACITY];
    serial_queue_handle_t queue;
} client[CLIENTS];

static char out[65536]; /* everything the driver ever took */
static uint32_t out_len;

/* The driver takes up to `max` characters and signals as its protocol says. */
static void drive(uint32_t max)
{
    uint32_t taken = 0;

    while (taken < max && serial_dequeue(&driver, &out[out_len]) == 0) {
        taken++;
        out_len++;
    }
    out[out_len] = '\0';
    if (taken > 0 && serial_require_consumer_signal(&driver)) {
        serial_cancel_consumer_signal(&driver);
        notified(DRIVER);
    }
}

static void drive_all(void)
{
    uint32_t before;

    do {
        before = out_len;
        drive(UINT32_MAX);
    } while (out_len != before);
}

static void say(uint32_t n, const char *text)
{
    uint32_t len = (uint32_t)strlen(text);

    assert_int_equal(serial_enqueue_batch(&client[n].queue, len, text), len);
    notified(CLIENT(n));
}

static void connect(serial_connection_resource_t *conn, serial_queue_t *page,
    char *data, uint32_t capacity, uint8_t id)
{
    memset(page, 0, sizeof(*page));
    conn->queue.vaddr = page;
    conn->data.vaddr = data;
    conn->data.size = capacity;
    conn->id = id;
}

static void configure(bool colour, bool greeting)
{
    fake_sddf_reset();
    memset(&config, 0, sizeof(config));
    memcpy(config.magic, SDDF_SERIAL_MAGIC, SDDF_SERIAL_MAGIC_LEN);
    connect(&config.driver, &driver_page, driver_data, DRIVER_CAPACITY, DRIVER);
    config.num_clients = CLIENTS;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        connect(&config.clients[i].conn, &client[i].page, client[i].data,
            CLIENT_CAPACITY, (uint8_t)CLIENT(i));
        memcpy(config.clients[i].name, "clientN", 8);
        config.clients[i].name[6] = (char)('0' + i);
    }
    config.enable_colour = colour;
    config.enable_rx = greeting;
    memcpy(config.begin_str, "Begin\r\n", 8);
    out_len = 0;
    init();
    serial_queue_init(&driver, &driver_page, DRIVER_CAPACITY, driver_data);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        serial_queue_init(
            &client[i].queue, &client[i].page, CLIENT_CAPACITY, client[i].data);
    }
}

static void output_is_merged_in_order(void **unused)
{
    (void)unused;
    configure(false, false);
    say(1, "one ");
    say(0, "zero ");
    say(1, "again");
    drive_all();
    assert_string_equal(out, "one zero again");
    assert_true(fake_sddf.notify[DRIVER] >= 3);
}

static void each_client_has_its_colour(void **unused)
{
    (void)unused;
    configure(true, false);
    say(0, "red");
    say(1, "green");
    drive_all();
    assert_string_equal(out, "\x1b[31mred\x1b[0m\x1b[32mgreen\x1b[0m");
    assert_non_null(
        strstr(fake_sddf.console, "\x1b[33m'client2' is client 2\x1b[0m\n"));
}

static void the_greeting_comes_first(void **unused)
{
    (void)unused;
    configure(false, true);
    say(2, "x");
    drive_all();
    assert_string_equal(out, "Begin\r\nx");
}

/* More than the driver's queue holds, from all clients, taken in sips. */
static void back_pressure_loses_nothing(void **unused)
{
    static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    uint32_t said[CLIENTS] = { 0 };
    uint32_t heard[CLIENTS] = { 0 };
    uint32_t speaker = CLIENTS;

    (void)unused;
    configure(true, false);
    for (uint32_t round = 0; round < 400; round++) {
        uint32_t n = round % CLIENTS;

        while (said[n] < 2000 &&
               serial_enqueue(&client[n].queue, text[said[n] % 36]) == 0) {
            said[n]++;
        }
        notified(CLIENT(n));
        drive(round % 37);
    }
    for (uint32_t n = 0; n < CLIENTS; n++) {
        notified(CLIENT(n));
        drive_all();
    }
    drive_all();

    /* take the stream apart again, by colour */
    for (uint32_t i = 0; i < out_len; i++) {
        if (out[i] == '\x1b') {
            bool start = out[i + 2] == '3';

            speaker = start ? (uint32_t)(out[i + 3] - '1') : CLIENTS;
            i += start ? 4 : 3;
        } else {
            assert_true(speaker < CLIENTS);
            assert_int_equal(out[i], text[heard[speaker] % 36]);
            heard[speaker]++;
        }
    }
    for (uint32_t n = 0; n < CLIENTS; n++) {
        assert_true(said[n] > 100);
        assert_int_equal(heard[n], said[n]);
    }
}

static void a_waiting_client_is_signalled(void **unused)
{
    static const char text[] = "a text of some length, to fill the queue up.";

    (void)unused;
    configure(false, false);
    for (uint32_t n = 0; n < CLIENTS; n++) {
        client[n].page.producer_signalled = 1;
    }
    for (uint32_t i = 0; i < 3; i++) {
        say(0, text);
    }
    assert_int_equal(fake_sddf.notify[CLIENT(0)], 0);
    serial_request_consumer_signal(&client[0].queue);
    say(1, "!");
    drive_all();
    assert_int_equal(fake_sddf.notify[CLIENT(0)], 1);
    assert_int_equal(fake_sddf.notify[CLIENT(1)], 0);
    assert_int_equal(out_len, 3 * strlen(text) + 1);
    assert_int_equal(out[out_len - 1], '!');
}

/* A client with small texts must not pass one that waits for room. */
static void nobody_passes_the_line(void **unused)
{
    char big[CLIENT_CAPACITY + 1];

    (void)unused;
    configure(false, false);
    memset(big, 'B', CLIENT_CAPACITY);
    big[CLIENT_CAPACITY] = '\0';
    say(0, big);
    say(0, big); /* the driver's queue is full now */
    say(0, big);
    for (uint32_t i = 0; i < 20; i++) {
        say(1, "s");
        drive(1);
    }
    drive(DRIVER_CAPACITY - 20);
    drive_all();
    assert_memory_equal(out + 2 * CLIENT_CAPACITY, big, CLIENT_CAPACITY);
    assert_string_equal(out + 3 * CLIENT_CAPACITY, "ssssssssssssssssssss");
}

/* A text longer than the driver's queue goes out in pieces. */
static void a_long_text_goes_in_pieces(void **unused)
{
    char big[CLIENT_CAPACITY + 1];
    uint32_t heard = 0;

    (void)unused;
    configure(true, false);
    config.driver.data.size = 16; /* 7 characters and two colours */
    init();
    serial_queue_init(&driver, &driver_page, 16, driver_data);
    memset(big, 'B', CLIENT_CAPACITY);
    big[CLIENT_CAPACITY] = '\0';
    say(2, big);
    drive_all();
    for (uint32_t i = 0; i < out_len; i++) {
        heard += out[i] == 'B';
    }
    assert_int_equal(heard, CLIENT_CAPACITY);
}

static void a_hostile_client_hurts_only_itself(void **unused)
{
    static const uint32_t nonsense[] = { CLIENT_CAPACITY + 1, 0x80000000,
        UINT32_MAX };

    (void)unused;
    configure(false, false);
    for (uint32_t i = 0; i < 3; i++) {
        client[0].page.tail = nonsense[i];
        client[0].page.head = 0x1234567;
        client[0].page.producer_signalled = 0xffff;
        notified(CLIENT(0));
        say(1, "good");
    }
    drive_all();
    assert_string_equal(out, "goodgoodgood");
    client[0].page.tail = 0;
    client[0].page.head = 0;
    client[0].page.producer_signalled = 0;
    say(0, "mended");
    drive_all();
    assert_string_equal(out, "goodgoodgoodmended");
}

/* A client that claims a full queue each time it is looked at still lets the
 * others have their turn. */
static void an_endless_client_takes_turns(void **unused)
{
    (void)unused;
    configure(false, false);
    say(1, "me too");
    for (uint32_t i = 0; i < 10; i++) {
        client[0].page.tail = client[0].page.head + CLIENT_CAPACITY;
        notified(CLIENT(0));
        drive(CLIENT_CAPACITY);
        if (i == 2) {
            say(1, "+later");
        }
    }
    drive_all();
    assert_non_null(strstr(out, "me too"));
    assert_non_null(strstr(out, "+later"));
}

static void unknown_channels_are_ignored(void **unused)
{
    (void)unused;
    configure(false, false);
    notified(60);
    assert_non_null(strstr(fake_sddf.console, "unknown channel 60"));
    assert_int_equal(fake_sddf.notify[DRIVER], 0);
}

/* Each rule is needed: one wrong value at a time. */
static void an_unusable_configuration_is_refused(void **unused)
{
    (void)unused;
    configure(false, false);
    config.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, "serial_virt_tx_config", "magic"));
    configure(false, false);
    config.num_clients = SDDF_SERIAL_MAX_CLIENTS + 1;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_tx_config", "num_clients"));
    configure(false, false);
    config.driver.data.size = 100;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_tx_config", "driver.data.size"));
    configure(false, false);
    config.driver.data.size = UINT64_C(1) << 32;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_tx_config", "driver.data.size"));
    configure(false, false);
    config.clients[1].conn.data.size = 0;
    assert_true(
        fake_sddf_refuses(init, "serial_virt_tx_config", "clients.data.size"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_is_merged_in_order),
        cmocka_unit_test(each_client_has_its_colour),
        cmocka_unit_test(the_greeting_comes_first),
        cmocka_unit_test(back_pressure_loses_nothing),
        cmocka_unit_test(a_waiting_client_is_signalled),
        cmocka_unit_test(nobody_passes_the_line),
        cmocka_unit_test(a_long_text_goes_in_pieces),
        cmocka_unit_test(a_hostile_client_hurts_only_itself),
        cmocka_unit_test(an_endless_client_takes_turns),
        cmocka_unit_test(unknown_channels_are_ignored),
        cmocka_unit_test(an_unusable_configuration_is_refused),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
