/* SPDX-License-Identifier: BSD-2-Clause */
/* The Tx virtualiser between fake clients, some of whom lie, and a
 * fake driver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sddf/network/virt_tx.c"
#include "tests/unit/net_rig.h"

#define N_BUFFERS 64u /* per client, and the driver's queue */
#define N_CLIENTS 2u
#define DRIVER_ID 10u
#define IO(n)     (0x50000000u + (n)*0x1000000u)

static uint8_t data[N_CLIENTS][N_BUFFERS * NET_BUFFER_SIZE];
static struct net_link driver_link;
static struct net_link client_link[N_CLIENTS];
static net_queue_handle_t driver;
static net_queue_handle_t client[N_CLIENTS];
static struct stats_page page;
static uint32_t cleaned;

void cache_clean(unsigned long start, unsigned long end)
{
    assert_true(start >= (uintptr_t)data);
    assert_true(end <= (uintptr_t)data + sizeof(data));
    cleaned++;
}

static int set_up(void **state)
{
    (void)state;
    fake_sddf_reset();
    memset(&config, 0, sizeof(config));
    memset(&virt, 0, sizeof(virt));
    memset(&page, 0, sizeof(page));
    cleaned = 0;
    stats_config = (struct stats_config){ STATS_MAGIC, (uintptr_t)&page };
    memcpy(config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    driver_link = rig_link(N_BUFFERS);
    driver = rig_handle(&driver_link);
    config.driver = rig_conn(&driver_link, DRIVER_ID);
    config.num_clients = N_CLIENTS;
    for (uint32_t i = 0; i < N_CLIENTS; i++) {
        client_link[i] = rig_link(N_BUFFERS);
        client[i] = rig_handle(&client_link[i]);
        config.clients[i].conn = rig_conn(&client_link[i], (uint8_t)i);
        config.clients[i].num_regions = 1;
        config.clients[i].regions[0] = (net_virt_tx_data_region_t){
            .data = { { data[i], sizeof(data[i]) }, IO(i) },
            .num_buffers = N_BUFFERS,
        };
    }
    init();
    for (uint32_t i = 0; i < N_CLIENTS; i++) {
        net_buffers_init(&client[i], 0);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_unlink(&driver_link);
    for (uint32_t i = 0; i < N_CLIENTS; i++) {
        rig_unlink(&client_link[i]);
    }
    return 0;
}

static uint64_t counted(enum counter counter)
{
    return page.entry[counter].value;
}

/* Client `n` queues a descriptor without telling. */
static void queue_raw(uint32_t n, uint64_t offset, uint16_t len)
{
    net_buff_desc_t buffer = { .io_or_offset = offset, .len = len };

    assert_int_equal(net_enqueue_active(&client[n], buffer), 0);
}

/* Client `n` takes a free buffer and sends it; false if it has none. */
static bool send(uint32_t n, uint16_t len)
{
    net_buff_desc_t buffer;

    if (net_dequeue_free(&client[n], &buffer) != 0) {
        return false;
    }
    queue_raw(n, buffer.io_or_offset, len);
    return true;
}

/* The driver sends up to `max` frames and returns their buffers. */
static uint32_t drive(uint32_t max)
{
    net_buff_desc_t buffer;
    uint32_t count = 0;

    while (count < max && net_dequeue_active(&driver, &buffer) == 0) {
        assert_true(buffer.len > 0 && buffer.len <= NET_BUFFER_SIZE);
        assert_int_equal(net_enqueue_free(&driver, buffer), 0);
        count++;
    }
    if (count > 0 && net_require_signal_free(&driver)) {
        net_cancel_signal_free(&driver);
        notified(DRIVER_ID);
    }
    return count;
}

static void test_translate_and_return(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < N_CLIENTS; n++) {
        net_buff_desc_t buffer;

        assert_true(send(n, 60));
        notified(n);
        assert_int_equal(net_dequeue_active(&driver, &buffer), 0);
        assert_int_equal(buffer.io_or_offset, IO(n));
        assert_int_equal(buffer.len, 60);
        assert_int_equal(net_enqueue_free(&driver, buffer), 0);
    }
    assert_int_equal(cleaned, N_CLIENTS);
    assert_int_equal(counted(WITH_DRIVER), N_CLIENTS); /* no batch yet */
    assert_true(fake_sddf.notify[DRIVER_ID] >= 1);
    notified(DRIVER_ID);
    assert_int_equal(counted(WITH_DRIVER), 0);
    for (uint32_t n = 0; n < N_CLIENTS; n++) {
        assert_int_equal(net_queue_length(client_link[n].free), N_BUFFERS);
    }
}

/* Sent buffers come back a batch at a time, without any signal. */
static void test_lazy_return(void **state)
{
    uint32_t most = 0;

    (void)state;
    for (uint32_t i = 0; i < 4 * N_BUFFERS; i++) {
        net_buff_desc_t buffer;

        assert_true(send(0, 60));
        notified(0);
        assert_int_equal(net_dequeue_active(&driver, &buffer), 0);
        assert_int_equal(net_enqueue_free(&driver, buffer), 0);
        most =
            counted(WITH_DRIVER) > most ? (uint32_t)counted(WITH_DRIVER) : most;
        assert_false(net_require_signal_free(&driver));
    }
    assert_int_equal(most, N_BUFFERS / 8);
}

/* Nothing a client writes makes the device read elsewhere. */
static void test_hostile_buffers(void **state)
{
    static const uint64_t bad[] = { 1, 2047, sizeof(data[0]), IO(1),
        UINT64_MAX - 2047, UINT64_MAX, (uint64_t)1 << 63 };
    uint32_t signals = fake_sddf.notify[DRIVER_ID];

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        queue_raw(0, bad[i], 60);
        notified(0);
    }
    for (uint8_t oid = 1; oid < 64; oid += 7) {
        net_buff_desc_t buffer = { .io_or_offset = 0, .len = 60 };

        buffer.oid = oid & 63u;
        assert_int_equal(net_enqueue_active(&client[0], buffer), 0);
        notified(0);
    }
    assert_int_equal(net_queue_length(driver_link.active), 0);
    assert_int_equal(counted(BAD_BUFFER), ARRAY_LEN(bad) + 9);
    assert_int_equal(fake_sddf.notify[DRIVER_ID], signals);
}

/* A good buffer with a bad length goes back to its owner. */
static void test_bad_length(void **state)
{
    (void)state;
    assert_true(send(0, 0));
    assert_true(send(0, NET_BUFFER_SIZE + 1));
    assert_true(send(0, UINT16_MAX));
    notified(0);
    assert_int_equal(net_queue_length(driver_link.active), 0);
    assert_int_equal(net_queue_length(client_link[0].free), N_BUFFERS);
    assert_int_equal(counted(BAD_LENGTH), 3);
}

/* The same buffer twice is sent once and returned once. */
static void test_duplicates(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 5; i++) {
        queue_raw(0, 2048, 60);
    }
    queue_raw(0, 2048, 0);
    notified(0);
    assert_int_equal(net_queue_length(driver_link.active), 1);
    assert_int_equal(counted(DUPLICATE), 5);
    uint16_t before = net_queue_length(client_link[0].free);
    assert_int_equal(drive(10), 1);
    notified(DRIVER_ID);
    /* the client never took it, so it now has it twice: its own business */
    assert_true(net_queue_length(client_link[0].free) <= before + 1);
    queue_raw(0, 2048, 60);
    notified(0);
    assert_int_equal(net_queue_length(driver_link.active), 1);
}

/* A driver returns what it does not have. */
static void test_hostile_driver(void **state)
{
    static const uint64_t bad[] = { 0, IO(0), IO(0) + 1, IO(0) - 2048,
        IO(1) + sizeof(data[1]), UINT64_MAX };

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_buff_desc_t buffer = { .io_or_offset = bad[i] };

        assert_int_equal(net_enqueue_free(&driver, buffer), 0);
        notified(DRIVER_ID);
    }
    assert_int_equal(counted(BAD_DRIVER), ARRAY_LEN(bad));
    assert_int_equal(net_queue_length(client_link[0].free), N_BUFFERS);
}

/* Two clients with twice as many frames as the driver takes: everything is
 * sent in the end, and nobody waits for the other to finish. */
static void test_back_pressure(void **state)
{
    uint32_t sent = 0;
    uint32_t driven = 0;
    uint32_t of_client1 = 0;

    (void)state;
    for (uint32_t n = 0; n < N_CLIENTS; n++) {
        while (send(n, 100)) {
            sent++;
        }
    }
    notified(0);
    notified(1);
    assert_int_equal(net_queue_length(driver_link.active), N_BUFFERS);
    assert_true(counted(DRIVER_FULL) > 0);
    for (uint32_t i = 0; i < N_BUFFERS; i++) {
        driven += drive(1);
    }
    for (uint32_t i = 0; i < N_BUFFERS; i++) {
        uint64_t at = driver_link.active->buffers[i].desc.io_or_offset;

        of_client1 += at >= IO(1) ? 1 : 0;
    }
    assert_true(of_client1 > 0);
    while (drive(7) > 0) {
        driven += 7;
    }
    assert_true(driven >= sent);
    notified(DRIVER_ID);
    assert_int_equal(counted(WITH_DRIVER), 0);
    for (uint32_t n = 0; n < N_CLIENTS; n++) {
        assert_int_equal(net_queue_length(client_link[n].free), N_BUFFERS);
        assert_int_equal(net_queue_length(client_link[n].active), 0);
    }
}

/* One client that fills its queue again and again does not keep the other's
 * first frame waiting behind all of its own. */
static void test_fair_turns(void **state)
{
    (void)state;
    virt.blocked = true; /* look at everybody */
    for (uint32_t i = 0; i < N_BUFFERS - 1; i++) {
        assert_true(send(0, 100));
    }
    assert_true(send(1, 100));
    notified(0);
    bool seen = false;
    for (uint32_t i = 0; i <= ROUND; i++) {
        seen =
            seen || driver_link.active->buffers[i].desc.io_or_offset >= IO(1);
    }
    assert_true(seen);
}

/* The driver is asked for buffers when a client has half of them on the way. */
static void test_signals(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < N_BUFFERS / 2 - 1; i++) {
        assert_true(send(0, 100));
        notified(0);
        assert_false(net_require_signal_free(&driver));
    }
    assert_true(send(0, 100));
    notified(0);
    assert_true(net_require_signal_free(&driver));
    (void)drive(N_BUFFERS);
    assert_false(net_require_signal_free(&driver));
    assert_int_equal(net_queue_length(client_link[0].free), N_BUFFERS);
}

/* Indices that make no sense are an empty queue. */
static void test_hostile_indices(void **state)
{
    (void)state;
    for (uint32_t tail = 0; tail < 65536; tail += 251) {
        client_link[0].active->tail = (uint16_t)tail;
        client_link[0].free->head = (uint16_t)(tail * 3);
        notified(0);
        (void)drive(N_BUFFERS);
    }
    assert_true(counted(BAD_PEER) > 0);
    assert_true(send(1, 60));
    notified(1);
    assert_int_equal(drive(N_BUFFERS) > 0, true);
}

/* Clients hear that hints are accepted when the driver accepts them; a hint goes
 * with its own frame, and only from a client that means it. */
static void test_hints(void **state)
{
    net_buff_desc_t buffer = { .io_or_offset = 0,
        .len = 60,
        .checksum = NET_CHECKSUM_PARTIAL,
        .checksum_start = 34,
        .checksum_offset = UINT16_MAX };
    net_buff_desc_t got;

    (void)state;
    assert_true(net_hints_offered(&driver));
    notified(0);
    assert_false(net_hints_accepted(&client[0]));
    net_hints_accept(&driver, true);
    notified(DRIVER_ID);
    for (uint32_t n = 0; n < N_CLIENTS; n++) {
        assert_true(net_hints_accepted(&client[n]));
    }
    net_hints_offer(&client[1], true);
    for (uint32_t n = 0; n < 2; n++) {
        assert_int_equal(net_enqueue_active(&client[n], buffer), 0);
        notified(n);
        assert_int_equal(net_dequeue_active(&driver, &got), 0);
        assert_int_equal(got.io_or_offset, IO(n));
        assert_int_equal(
            got.checksum, n == 1 ? NET_CHECKSUM_PARTIAL : NET_CHECKSUM_NONE);
    }
    /* whether it makes sense is for the one who programs the device */
    assert_int_equal(got.checksum_start, 34);
    assert_int_equal(got.checksum_offset, UINT16_MAX);
}

/* Each rule is needed: one wrong value at a time. */
static void test_config(void **state)
{
    net_virt_tx_config_t good = config;

    (void)state;
    config.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, section, "magic"));
    config = good;
    config.num_clients = SDDF_NET_MAX_CLIENTS + 1;
    assert_true(fake_sddf_refuses(init, section, "num_clients"));
    config = good;
    config.driver.num_buffers = N_BUFFERS - 1;
    assert_true(fake_sddf_refuses(init, section, "driver.num_buffers"));
    config = good;
    config.clients[1].conn.num_buffers = 0;
    assert_true(fake_sddf_refuses(init, section, "clients.num_buffers"));
    config = good;
    config.clients[1].num_regions = SDDF_NET_MAX_CLIENTS + 1;
    assert_true(fake_sddf_refuses(init, section, "clients.num_regions"));
    config = good;
    config.clients[1].regions[0].num_buffers++;
    assert_true(
        fake_sddf_refuses(init, section, "clients.regions.num_buffers"));
    config = good;
    config.clients[1].regions[0].data.io_addr = IO(0);
    assert_true(fake_sddf_refuses(init, section, "clients.regions"));
    config = good;
}

/* A driver that keeps frames gets no more than it can return at once. */
static void test_never_more_than_can_return(void **state)
{
    net_buff_desc_t buffer[N_BUFFERS];

    (void)state;
    for (uint32_t i = 0; i < N_BUFFERS; i++) {
        assert_true(send(0, 60));
        notified(0);
        assert_int_equal(net_dequeue_active(&driver, &buffer[i]), 0);
    }
    assert_true(send(1, 60));
    notified(1);
    assert_int_equal(net_queue_length(driver_link.active), 0);
    assert_true(counted(DRIVER_FULL) > 0);
    assert_int_equal(net_enqueue_free(&driver, buffer[0]), 0);
    notified(DRIVER_ID);
    assert_int_equal(net_queue_length(driver_link.active), 1);
}

/* A client whose free queue pretends to be full loses its buffers, and is told
 * of none. */
static void test_hostile_full_queue(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(send(0, 60));
    }
    notified(0);
    uint16_t tail = client_link[0].free->tail;
    client_link[0].free->head = (uint16_t)(tail - N_BUFFERS);
    fake_sddf.notify[0] = 0;
    assert_int_equal(drive(4), 4);
    notified(DRIVER_ID);
    assert_int_equal(counted(CLIENT_FULL), 4);
    assert_int_equal(counted(WITH_DRIVER), 0);
    assert_int_equal(client_link[0].free->tail, tail);
    assert_int_equal(fake_sddf.notify[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_translate_and_return, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lazy_return, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hostile_buffers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_duplicates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_driver, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_back_pressure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fair_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hostile_indices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_config, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_never_more_than_can_return, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hostile_full_queue, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
