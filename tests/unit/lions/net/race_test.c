/* SPDX-License-Identifier: BSD-2-Clause */
/* A neighbour on another processor that comes at the worst moment: just before
 * the client asks for a signal.  No signal will follow, so the client has to look
 * once more. */
#include "tests/unit/lions/net/race.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sddf/network/lib_sddf_lwip.h>

#include "tests/unit/lions/net/lwip_rig.h"

static void (*neighbour)(void);

void race(void)
{
    void (*come)(void) = neighbour;

    neighbour = NULL;
    if (come != NULL) {
        come();
    }
}

static uint8_t number; /* of the last frame */

/* Delivers the second and the third frame; while there are frames to handle, no
 * signal is wanted. */
static void deliver(void)
{
    uint8_t frame[RIG_FRAME];

    assert_false(net_require_signal_active(&rig.copier));
    assert_true(rig_deliver(frame, rig_put_udp(frame, 100, ++number)));
    neighbour = number < 3 ? deliver : NULL;
}

/* A frame that comes before the request is handled without a signal. */
static void test_receive(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len;

    (void)state;
    /* the copier has seen the request and signals, so it cancels that */
    assert_true(net_require_signal_active(&rig.copier));
    net_cancel_signal_active(&rig.copier);
    number = 1;
    assert_true(rig_deliver(frame, rig_put_udp(frame, 100, number)));
    neighbour = deliver;
    rig_run();
    for (uint8_t i = 1; i <= 3; i++) {
        const uint8_t *answer = rig_sent(&len, false);

        assert_non_null(answer);
        assert_int_equal(answer[RIG_DATA], i);
    }
    assert_true(net_require_signal_active(&rig.copier));
    rig_assert_rx_home();
}

static net_buff_desc_t kept[RIG_BUFFERS];

static void give_back(void)
{
    assert_false(net_require_signal_free(&rig.virt));
    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        assert_int_equal(net_enqueue_free(&rig.virt, kept[i]), 0);
    }
}

static void echo_one(void)
{
    uint8_t frame[RIG_FRAME];

    assert_true(rig_deliver(frame, rig_put_udp(frame, 100, 1)));
    rig_run();
}

/* A buffer that comes back before the request is used without a signal. */
static void test_transmit(void **state)
{
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        echo_one();
        assert_int_equal(net_dequeue_active(&rig.virt, &kept[i]), 0);
    }
    neighbour = give_back;
    echo_one();
    assert_non_null(rig_sent(&len, false));
    assert_null(neighbour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_receive),
        cmocka_unit_test(test_transmit),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
