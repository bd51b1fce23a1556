/* SPDX-License-Identifier: BSD-2-Clause */
/* The copier between a fake virtualiser and a client that may lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sddf/network/copy.c"
#include "tests/unit/net_rig.h"

#define N_BUFFERS 8u
#define VIRT_ID   1u
#define CLIENT_ID 2u

static uint8_t from[N_BUFFERS * NET_BUFFER_SIZE];
static uint8_t to[N_BUFFERS * NET_BUFFER_SIZE];
static struct net_link virt_link;
static struct net_link client_link;
static net_queue_handle_t virt;
static net_queue_handle_t client;
static struct stats_page page;

static int set_up(void **state)
{
    (void)state;
    fake_sddf_reset();
    memset(&config, 0, sizeof(config));
    memset(&copier, 0, sizeof(copier));
    memset(&page, 0, sizeof(page));
    memset(to, 0, sizeof(to));
    stats_config = (struct stats_config){ STATS_MAGIC, (uintptr_t)&page };
    memcpy(config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    virt_link = rig_link(N_BUFFERS);
    client_link = rig_link(N_BUFFERS);
    virt = rig_handle(&virt_link);
    config.rx = rig_conn(&virt_link, VIRT_ID);
    config.client = rig_conn(&client_link, CLIENT_ID);
    config.rx_data[0] = (region_resource_t){ from, sizeof(from) };
    config.client_data = (region_resource_t){ to, sizeof(to) };
    init();
    client = rig_handle(&client_link);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_unlink(&virt_link);
    rig_unlink(&client_link);
    return 0;
}

static uint64_t counted(enum counter counter)
{
    return page.entry[counter].value;
}

static void receive_raw(net_buff_desc_t buffer)
{
    assert_int_equal(net_enqueue_active(&virt, buffer), 0);
    notified(VIRT_ID);
}

static void receive(uint32_t n, uint16_t len)
{
    memset(from + n * NET_BUFFER_SIZE, (int)(n + 1), NET_BUFFER_SIZE);
    receive_raw((net_buff_desc_t){
        .io_or_offset = (uint64_t)n * NET_BUFFER_SIZE, .len = len });
}

/* Buffers that came back to the virtualiser. */
static uint32_t returned(void)
{
    net_buff_desc_t buffer;
    uint32_t count = 0;

    while (net_dequeue_free(&virt, &buffer) == 0) {
        count++;
    }
    return count;
}

static void test_copy(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < N_BUFFERS; n++) {
        net_buff_desc_t got;
        uint16_t len = (uint16_t)(60 + 100 * n);

        receive(n, len);
        assert_int_equal(net_dequeue_active(&client, &got), 0);
        assert_int_equal(got.len, len);
        assert_int_equal(to[got.io_or_offset], n + 1);
        assert_int_equal(to[got.io_or_offset + len - 1], n + 1);
        assert_int_equal(to[got.io_or_offset + len], 0);
    }
    assert_int_equal(returned(), N_BUFFERS);
    assert_int_equal(counted(PACKETS), N_BUFFERS);
    assert_true(fake_sddf.notify[CLIENT_ID] >= 1);
}

/* A client without buffers loses its frames; the shared ones go back. */
static void test_slow_client(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t n = 0; n < N_BUFFERS; n++) {
            receive(n, 60);
        }
        assert_int_equal(returned(), N_BUFFERS);
    }
    assert_int_equal(counted(PACKETS), N_BUFFERS);
    assert_int_equal(counted(NO_BUFFER), 2 * N_BUFFERS);
}

/* Wrong empty buffers are skipped, right ones still found. */
static void test_hostile_client(void **state)
{
    static const uint64_t bad[] = { 1, sizeof(to), UINT64_MAX, 4096 + 8 };
    net_buff_desc_t got;

    (void)state;
    for (uint32_t n = 0; n < N_BUFFERS; n++) {
        receive(n, 60);
        assert_int_equal(net_dequeue_active(&client, &got), 0);
    }
    (void)returned();
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_buff_desc_t buffer = { .io_or_offset = bad[i] };

        assert_int_equal(net_enqueue_free(&client, buffer), 0);
    }
    assert_int_equal(net_enqueue_free(&client, got), 0);
    receive(0, 60);
    assert_int_equal(counted(BAD_CLIENT), ARRAY_LEN(bad));
    assert_int_equal(net_queue_length(client_link.active), 1);
    assert_int_equal(returned(), 1);
}

/* A client that claims its queue is full. */
static void test_client_full(void **state)
{
    (void)state;
    client_link.active->head = 77;
    receive(0, 60);
    assert_int_equal(returned(), 1);
    assert_int_equal(counted(BAD_CLIENT), 1);
}

/* Descriptors no virtualiser should send come back uncopied. */
static void test_bad_frames(void **state)
{
    net_buff_desc_t outside = { .io_or_offset = sizeof(from) - 32, .len = 60 };
    net_buff_desc_t wraps = { .io_or_offset = UINT64_MAX, .len = 60 };
    net_buff_desc_t large = { .io_or_offset = 0, .len = NET_BUFFER_SIZE + 1 };
    net_buff_desc_t unmapped = { .io_or_offset = 0, .len = 60, .oid = 5 };

    (void)state;
    receive_raw(outside);
    receive_raw(wraps);
    receive_raw(large);
    receive_raw(unmapped);
    assert_int_equal(counted(BAD_VIRT), 4);
    assert_int_equal(counted(PACKETS), 0);
    assert_int_equal(returned(), 4);
}

/* Receives a frame of `len` ones with a partial checksum. */
static net_buff_desc_t receive_partial(
    uint16_t len, uint16_t start, uint16_t offset)
{
    net_buff_desc_t got;

    memset(from, 1, NET_BUFFER_SIZE);
    receive_raw((net_buff_desc_t){ .len = len,
        .checksum = NET_CHECKSUM_PARTIAL,
        .checksum_start = start,
        .checksum_offset = offset });
    assert_int_equal(net_dequeue_active(&client, &got), 0);
    assert_int_equal(returned(), 1);
    return got;
}

/* A client that accepts hints gets them with the frame as it is. */
static void test_hints_pass(void **state)
{
    (void)state;
    assert_true(net_hints_accepted(&virt));
    assert_true(net_hints_offered(&client));
    net_hints_offer(&virt, true);
    net_hints_accept(&client, true);
    net_buff_desc_t got = receive_partial(100, 34, 6);
    assert_int_equal(got.checksum, NET_CHECKSUM_PARTIAL);
    assert_int_equal(got.checksum_start, 34);
    assert_int_equal(got.checksum_offset, 6);
    assert_memory_equal(to + got.io_or_offset, from, 100);
}

/* For any other client the checksum is completed, also of an odd length, also
 * at the end; nothing outside the frame changes. */
static void test_hints_complete(void **state)
{
    static const struct {
        uint16_t len, start, offset;
        uint16_t sum; /* of 0x0101 per word, complemented */
    } cases[] = {
        { 100, 34, 6, (uint16_t) ~(33 * 0x0101) },
        { 101, 34, 6, (uint16_t) ~(33 * 0x0101 + 0x0100) },
        { 100, 98, 0, (uint16_t)~0x0101 },
        { NET_BUFFER_SIZE, 0, 0, 0xfbfb }, /* 1024 words: 0x40404, folded */
    };

    (void)state;
    net_hints_offer(&virt, true);
    for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint16_t len = cases[i].len;
        net_buff_desc_t got =
            receive_partial(len, cases[i].start, cases[i].offset);
        uint8_t *frame = to + got.io_or_offset;
        uint32_t field = cases[i].start + cases[i].offset;

        assert_int_equal(got.checksum, NET_CHECKSUM_NONE);
        assert_int_equal(load_be16(frame + field), cases[i].sum);
        store_be16(frame + field, 0x0101);
        assert_memory_equal(frame, from, len);
    }
}

/* Nonsense in a hint, or padding that is none, changes no byte. */
static void test_hints_nonsense(void **state)
{
    static const uint16_t bad[][2] = { { 34, 65 }, { 100, 0 }, { 0, 99 },
        { UINT16_MAX, UINT16_MAX }, { 2, UINT16_MAX } };

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_hints_offer(&virt, true);
        net_buff_desc_t got = receive_partial(100, bad[i][0], bad[i][1]);
        assert_int_equal(got.checksum, NET_CHECKSUM_NONE);
        assert_memory_equal(to + got.io_or_offset, from, 100);
    }
    net_hints_offer(&virt, false);
    net_hints_accept(&client, true);
    net_buff_desc_t got = receive_partial(100, 34, 6);
    assert_int_equal(got.checksum, NET_CHECKSUM_NONE);
    assert_memory_equal(to + got.io_or_offset, from, 100);
}

/* Each rule is needed: one wrong value at a time. */
static void test_config(void **state)
{
    net_copy_config_t good = config;

    (void)state;
    config.magic[1] ^= 1;
    assert_true(fake_sddf_refuses(init, "net_copy_config", "magic"));
    config = good;
    config.rx.num_buffers = 7;
    assert_true(fake_sddf_refuses(init, "net_copy_config", "rx.num_buffers"));
    config = good;
    config.client.num_buffers = 7;
    assert_true(
        fake_sddf_refuses(init, "net_copy_config", "client.num_buffers"));
    config = good;
    config.client_data.size--;
    assert_true(fake_sddf_refuses(init, "net_copy_config", "client_data.size"));
    config = good;
}

/* A virtualiser whose free queue pretends to be full: its frames wait, because
 * their buffers could not be returned. */
static void test_hostile_full_queue(void **state)
{
    (void)state;
    virt_link.free->head = 100;
    receive(0, 60);
    assert_int_equal(net_queue_length(virt_link.active), 1);
    assert_int_equal(net_queue_length(client_link.active), 0);
    virt_link.free->head = 0;
    notified(VIRT_ID);
    assert_int_equal(net_queue_length(virt_link.active), 0);
    assert_int_equal(net_queue_length(client_link.active), 1);
    assert_int_equal(returned(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_copy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_client, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_client, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_client_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_frames, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hints_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hints_complete, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hints_nonsense, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_config, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hostile_full_queue, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
