/* SPDX-License-Identifier: BSD-2-Clause */
/* The Rx virtualiser between a fake driver and fake clients, some of
 * whom lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sddf/network/virt_rx.c"
#include "tests/unit/net_rig.h"

#define N_BUFFERS 8u
#define CLIENTS_N 3u
#define DRIVER_ID 10u
#define IO        0x50000000u

static uint8_t data[N_BUFFERS * NET_BUFFER_SIZE];
static struct net_link driver_link;
static struct net_link client_link[CLIENTS_N];
static net_queue_handle_t driver;
static net_queue_handle_t client[CLIENTS_N];
static struct stats_page page;

void cache_clean_and_invalidate(unsigned long start, unsigned long end)
{
    assert_true(start >= (uintptr_t)data);
    assert_true(end <= (uintptr_t)data + sizeof(data));
}

static int set_up(void **state)
{
    (void)state;
    fake_sddf_reset();
    memset(&config, 0, sizeof(config));
    memset(&virt, 0, sizeof(virt));
    memset(&page, 0, sizeof(page));
    stats_config = (struct stats_config){ STATS_MAGIC, (uintptr_t)&page };
    memcpy(config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    driver_link = rig_link(N_BUFFERS);
    driver = rig_handle(&driver_link);
    config.driver = rig_conn(&driver_link, DRIVER_ID);
    config.data = (device_region_resource_t){ { data, sizeof(data) }, IO };
    config.num_clients = CLIENTS_N;
    for (uint32_t i = 0; i < CLIENTS_N; i++) {
        client_link[i] = rig_link(N_BUFFERS);
        client[i] = rig_handle(&client_link[i]);
        config.clients[i].conn = rig_conn(&client_link[i], (uint8_t)i);
        config.clients[i].num_macs = 1;
        config.clients[i].mac_addrs[0] = rig_mac((uint8_t)i);
    }
    init();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_unlink(&driver_link);
    for (uint32_t i = 0; i < CLIENTS_N; i++) {
        rig_unlink(&client_link[i]);
    }
    return 0;
}

static uint64_t counted(enum counter counter)
{
    return page.entry[counter].value;
}

/* The driver receives a frame, but does not say so yet. */
static uint64_t receive_quietly(mac_addr_t to, uint16_t len)
{
    net_buff_desc_t buffer;

    assert_int_equal(net_dequeue_free(&driver, &buffer), 0);
    uint64_t offset = buffer.io_or_offset - IO;
    assert_true(offset < sizeof(data) && offset % NET_BUFFER_SIZE == 0);
    rig_frame(data + offset, to);
    buffer.len = len;
    assert_int_equal(net_enqueue_active(&driver, buffer), 0);
    return offset;
}

/* The driver receives a frame; returns the buffer's offset. */
static uint64_t receive(mac_addr_t to, uint16_t len)
{
    uint64_t offset = receive_quietly(to, len);

    notified(DRIVER_ID);
    return offset;
}

/* Buffers with the driver: in the queue, all different. */
static uint32_t driver_has(void)
{
    return net_queue_length(driver_link.free);
}

static net_buff_desc_t take(uint32_t n)
{
    net_buff_desc_t buffer;

    assert_int_equal(net_dequeue_active(&client[n], &buffer), 0);
    return buffer;
}

static void give(uint32_t n, uint64_t offset)
{
    net_buff_desc_t buffer = { .io_or_offset = offset };

    assert_int_equal(net_enqueue_free(&client[n], buffer), 0);
    notified(n);
}

static void test_all_buffers_given(void **state)
{
    (void)state;
    assert_int_equal(driver_has(), N_BUFFERS);
    assert_int_equal(counted(BUFFERS), N_BUFFERS);
    assert_int_equal(fake_sddf.notify[DRIVER_ID], 1);
}

static void test_dispatch_and_return(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CLIENTS_N; n++) {
        uint64_t offset = receive(rig_mac((uint8_t)n), 100 + (uint16_t)n);
        net_buff_desc_t got = take(n);

        assert_int_equal(got.io_or_offset, offset);
        assert_int_equal(got.len, 100 + n);
        assert_int_equal(fake_sddf.notify[n], 1);
        give(n, offset);
    }
    assert_int_equal(driver_has(), N_BUFFERS);
    assert_int_equal(counted(PACKETS), CLIENTS_N);
}

/* Buffers stay in a client's queue until there is a batch of them. */
static void test_lazy_return(void **state)
{
    uint32_t most = 0;

    (void)state;
    assert_int_equal(virt.batch, N_BUFFERS / 8);
    virt.batch = 3;
    for (uint32_t i = 0; i < 3 * N_BUFFERS; i++) {
        uint64_t offset = receive(rig_mac((uint8_t)(i % CLIENTS_N)), 60);

        (void)take(i % CLIENTS_N);
        net_buff_desc_t buffer = { .io_or_offset = offset };
        assert_int_equal(net_enqueue_free(&client[i % CLIENTS_N], buffer), 0);
        most = counted(WITH_CLIENTS) > most ? (uint32_t)counted(WITH_CLIENTS)
                                            : most;
    }
    assert_int_equal(most, 2); /* of three, those that are back are taken */
    assert_true(driver_has() >= N_BUFFERS - 3);
    assert_int_equal(counted(BAD_RETURN), 0);
    assert_int_equal(counted(CLIENT_FULL), 0);
}

static void test_unknown_and_bad_length(void **state)
{
    (void)state;
    (void)receive(rig_mac(99), 100);
    (void)receive(rig_mac(0), NET_FRAME_MIN - 1);
    (void)receive(rig_mac(0), NET_BUFFER_SIZE + 1);
    (void)receive(rig_mac(0), 0);
    assert_int_equal(driver_has(), N_BUFFERS);
    assert_true(net_queue_empty_active(&client[0]));
    assert_int_equal(counted(NO_CLIENT), 1);
    assert_int_equal(counted(BAD_LENGTH), 3);
}

/* A frame for everybody is free when the last one gave it back. */
static void test_broadcast(void **state)
{
    mac_addr_t everybody;
    mac_addr_t group = { { 0x01, 0, 0x5e, 0, 0, 1 } };

    (void)state;
    memset(&everybody, 0xff, sizeof(everybody));
    uint64_t first = receive(everybody, 60);
    uint64_t second = receive(group, 60);
    assert_int_equal(driver_has(), N_BUFFERS - 2);
    for (uint32_t n = 0; n < CLIENTS_N; n++) {
        assert_int_equal(take(n).io_or_offset, first);
        assert_int_equal(take(n).io_or_offset, second);
        assert_int_equal(driver_has(), N_BUFFERS - 2);
        give(n, first);
    }
    assert_int_equal(driver_has(), N_BUFFERS - 1);
    assert_int_equal(counted(WITH_CLIENTS), 1);
}

/* What a client does not have, it cannot return. */
/* Frames for several clients in one batch: each client gets its own, and those
 * for everybody, in the order in which they came. */
static void test_mixed_batch(void **state)
{
    static const int to[N_BUFFERS] = { 0, 0, 1, -1, 0, 9, 1, 1 };
    mac_addr_t all = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
    uint64_t offset[N_BUFFERS];

    (void)state;
    for (uint32_t i = 0; i < N_BUFFERS; i++) {
        mac_addr_t mac = to[i] < 0 ? all : rig_mac((uint8_t)to[i]);
        offset[i] = receive_quietly(mac, (uint16_t)(100 + i));
    }
    notified(DRIVER_ID);
    for (uint32_t n = 0; n < CLIENTS_N; n++) {
        for (uint32_t i = 0; i < N_BUFFERS; i++) {
            if (to[i] >= 0 && to[i] != (int)n) {
                continue;
            }
            net_buff_desc_t got = take(n);
            assert_int_equal(got.io_or_offset, offset[i]);
            assert_int_equal(got.len, 100 + i);
            give(n, offset[i]);
        }
        assert_true(net_queue_empty_active(&client[n]));
        assert_int_equal(virt.held_by[n], 0);
    }
    assert_int_equal(virt.held, 0);
    assert_int_equal(counted(NO_CLIENT), 1);
    assert_int_equal(counted(GROUP_PACKETS), 1);
    assert_int_equal(counted(BAD_RETURN), 0);
    assert_int_equal(driver_has(), N_BUFFERS);
}

static void test_hostile_returns(void **state)
{
    (void)state;
    uint64_t offset = receive(rig_mac(0), 60);

    give(1, offset);            /* another's */
    give(1, 0);                 /* nobody's */
    give(1, offset + 1);        /* unaligned */
    give(1, sizeof(data));      /* outside */
    give(1, UINT64_MAX - 2047); /* wraps */
    assert_int_equal(driver_has(), N_BUFFERS - 1);
    (void)take(0);
    give(0, offset);
    assert_int_equal(driver_has(), N_BUFFERS);
    give(0, offset); /* twice */
    assert_int_equal(driver_has(), N_BUFFERS);
    notified(DRIVER_ID);
    /* clients without buffers are not even looked at */
    assert_true(counted(BAD_RETURN) <= 6);
    for (uint32_t i = 0; i < 4 * N_BUFFERS; i++) {
        uint64_t at = receive(rig_mac(2), 60);
        (void)take(2);
        give(2, at);
    }
    assert_int_equal(driver_has(), N_BUFFERS);
}

/* A client whose queue pretends to be full loses its frames, nobody else's. */
static void test_hostile_full_queue(void **state)
{
    (void)state;
    client_link[0].active->head = 100;
    (void)receive(rig_mac(0), 60);
    assert_int_equal(fake_sddf.notify[0], 0); /* it got nothing */
    assert_int_equal(driver_has(), N_BUFFERS);
    assert_int_equal(counted(CLIENT_FULL), 1);
    (void)receive(rig_mac(1), 60);
    assert_int_equal(net_queue_length(client_link[1].active), 1);
    notified(DRIVER_ID); /* summed up when there is nothing else to do */
    assert_true(counted(BAD_PEER) > 0);
}

/* The driver passes what it does not have. */
static void test_hostile_driver(void **state)
{
    static const uint64_t bad[] = { 0, IO - 2048, IO + 1, IO + sizeof(data),
        UINT64_MAX };

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_buff_desc_t buffer = { .io_or_offset = bad[i], .len = 60 };

        assert_int_equal(net_enqueue_active(&driver, buffer), 0);
        notified(DRIVER_ID);
    }
    assert_int_equal(counted(BAD_DRIVER), ARRAY_LEN(bad));
    uint64_t offset = receive(rig_mac(0), 60);
    net_buff_desc_t again = { .io_or_offset = IO + offset, .len = 60 };
    assert_int_equal(net_enqueue_active(&driver, again), 0);
    notified(DRIVER_ID);
    assert_int_equal(counted(BAD_DRIVER), ARRAY_LEN(bad) + 1);
    assert_int_equal(net_queue_length(client_link[0].active), 1);
}

/* A driver that claims its queue is full gets the buffers later. */
static void test_backlog(void **state)
{
    (void)state;
    uint64_t offset = receive(rig_mac(0), 60);
    uint16_t head = driver_link.free->head;

    (void)take(0);
    driver_link.free->head = (uint16_t)(head + 1000);
    give(0, offset);
    assert_int_equal(counted(BACKLOG), 1);
    driver_link.free->head = head;
    notified(DRIVER_ID);
    assert_int_equal(counted(BACKLOG), 0);
    assert_int_equal(driver_has(), N_BUFFERS);
}

/* Returned buffers wait for the next event while there are plenty, and are
 * asked for when half of them are out. */
static void test_signals(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < N_BUFFERS / 2 - 1; i++) {
        (void)receive(rig_mac(0), 60);
        assert_false(net_require_signal_free(&client[0]));
    }
    (void)receive(rig_mac(0), 60);
    assert_true(net_require_signal_free(&client[0]));
}

/* The driver may deliver partial checksums only when the last client accepts
 * them, whatever the others say afterwards. */
static void test_hints_accepted(void **state)
{
    (void)state;
    net_hints_accept(&client[0], true);
    net_hints_accept(&client[1], true);
    notified(0);
    net_hints_offer(&driver, true);
    notified(1);
    assert_false(net_hints_accepted(&driver));
    uint32_t signals = fake_sddf.notify[DRIVER_ID];
    net_hints_accept(&client[2], true);
    notified(2);
    assert_true(net_hints_accepted(&driver));
    assert_int_equal(fake_sddf.notify[DRIVER_ID], signals + 1);
    net_hints_accept(&client[2], false);
    notified(2);
    assert_int_equal(fake_sddf.notify[DRIVER_ID], signals + 1);
}

/* Hints pass to one client and to all; the padding of a driver that does not
 * know of them does not. */
static void test_hints_pass(void **state)
{
    net_buff_desc_t buffer;

    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        net_hints_offer(&driver, round == 1);
        assert_int_equal(net_dequeue_free(&driver, &buffer), 0);
        rig_frame(data + (buffer.io_or_offset - IO), rig_mac(1));
        buffer.len = 100;
        buffer.checksum = NET_CHECKSUM_PARTIAL;
        buffer.checksum_start = 34;
        buffer.checksum_offset = 6;
        assert_int_equal(net_enqueue_active(&driver, buffer), 0);
        notified(DRIVER_ID);
        net_buff_desc_t got = take(1);
        assert_int_equal(got.checksum,
            round == 1 ? NET_CHECKSUM_PARTIAL : NET_CHECKSUM_NONE);
        assert_int_equal(got.checksum_start, round == 1 ? 34 : 0);
        assert_int_equal(got.checksum_offset, round == 1 ? 6 : 0);
        give(1, got.io_or_offset);
    }
}

/* Each rule is needed: one wrong value at a time. */
static void test_config(void **state)
{
    net_virt_rx_config_t good = config;

    (void)state;
    config.magic[4] ^= 1;
    assert_true(fake_sddf_refuses(init, section, "magic"));
    config = good;
    config.num_clients = SDDF_NET_MAX_CLIENTS + 1;
    assert_true(fake_sddf_refuses(init, section, "num_clients"));
    config = good;
    config.driver.num_buffers = N_BUFFERS - 1;
    assert_true(fake_sddf_refuses(init, section, "driver.num_buffers"));
    config = good;
    config.driver.num_buffers = 2 * NET_BUFFERS_MAX;
    config.data.region.size = UINT64_MAX;
    assert_true(fake_sddf_refuses(init, section, "driver.num_buffers"));
    config = good;
    config.data.region.size--;
    assert_true(fake_sddf_refuses(init, section, "data.size"));
    config = good;
    config.clients[1].conn.num_buffers = 3;
    assert_true(fake_sddf_refuses(init, section, "clients.num_buffers"));
    config = good;
    config.clients[1].num_macs = SDDF_NET_MAX_CLIENTS + 1;
    assert_true(fake_sddf_refuses(init, section, "clients.num_macs"));
    config = good;
    config.clients[1].mac_addrs[0] = rig_mac(0);
    assert_true(fake_sddf_refuses(init, section, "clients.mac_addrs"));
    config = good;
}

/* A driver whose queue has less room than it should gets what fits, and the rest
 * when it has room again: none is lost. */
static void test_backlog_in_pieces(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        (void)receive_quietly(rig_mac(99), 60); /* for nobody */
    }
    uint16_t head = driver_link.free->head;
    driver_link.free->head = (uint16_t)(driver_link.free->tail - N_BUFFERS + 2);
    notified(DRIVER_ID);
    assert_int_equal(counted(BACKLOG), 2);
    driver_link.free->head = head;
    assert_int_equal(driver_has(), N_BUFFERS - 2);
    notified(DRIVER_ID);
    assert_int_equal(counted(BACKLOG), 0);
    assert_int_equal(driver_has(), N_BUFFERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_all_buffers_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_dispatch_and_return, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lazy_return, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_unknown_and_bad_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broadcast, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mixed_batch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hostile_returns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hostile_full_queue, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_driver, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_backlog, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hints_accepted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hints_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_config, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_backlog_in_pieces, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
