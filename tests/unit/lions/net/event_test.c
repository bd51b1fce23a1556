/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of an event: whom it signals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sddf/network/lib_sddf_lwip.h>

#include "tests/unit/lions/net/lwip_rig.h"

/* One echo; who was signalled?  A bit per channel. */
static uint32_t signals(bool frame_comes)
{
    uint8_t frame[RIG_FRAME];
    uint32_t rx = fake_sddf.notify[RIG_RX_ID];
    uint32_t tx = fake_sddf.notify[RIG_TX_ID];

    if (frame_comes) {
        assert_true(rig_deliver(frame, rig_put_udp(frame, 100, 1)));
    }
    rig_run();
    rig_drain();
    rx = fake_sddf.notify[RIG_RX_ID] - rx;
    tx = fake_sddf.notify[RIG_TX_ID] - tx;
    assert_true(rx <= 1 && tx <= 1);
    return rx << RIG_RX_ID | tx << RIG_TX_ID;
}

/* A neighbour is signalled if there is something for it and it asked, once. */
static void test_asked(void **state)
{
    (void)state;
    net_request_signal_free(&rig.copier);
    net_request_signal_active(&rig.virt);
    assert_int_equal(signals(false), 0);
    assert_int_equal(signals(true), 1u << RIG_RX_ID | 1u << RIG_TX_ID);
    assert_int_equal(signals(true), 0);
    net_request_signal_free(&rig.copier);
    net_request_signal_active(&rig.virt);
    assert_int_equal(signals(false), 0); /* that was all told before */
    net_cancel_signal_free(&rig.copier);
    assert_int_equal(signals(true), 1u << RIG_TX_ID);
    net_request_signal_free(&rig.copier);
    assert_int_equal(signals(true), 1u << RIG_RX_ID);
}

/* One signal can be deferred; another one goes at once, the same one not. */
static void test_deferred(void **state)
{
    (void)state;
    for (uint32_t other = 0; other < 3; other++) {
        uint32_t before = fake_sddf.deferred_notify[RIG_TX_ID];

        net_request_signal_active(&rig.virt);
        fake_sddf.deferring = other > 0;
        fake_sddf.deferred = other == 1 ? RIG_RX_ID : RIG_TX_ID;
        assert_int_equal(signals(true), other == 2 ? 0 : 1u << RIG_TX_ID);
        assert_int_equal(
            fake_sddf.deferred_notify[RIG_TX_ID] - before, other == 0 ? 1 : 0);
    }
    fake_sddf.deferring = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_asked),
        cmocka_unit_test(test_deferred),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
