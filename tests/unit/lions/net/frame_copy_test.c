/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame leaves its pbufs with the checksum that it needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lions/net/checksum.h"
#include "lions/net/frame_copy.h"
#include "tests/unit/lions/net/lwip_rig.h"

/* `p` copied with a partial checksum becomes `frame` when that is completed, as
 * a device does (VIRTIO 1.2, 5.1.6.2). */
static void expect_partial(
    const uint8_t *frame, uint16_t len, const struct pbuf *p)
{
    uint8_t copy[RIG_FRAME] = { 0 };
    struct frame_partial partial;

    assert_int_equal(frame_copy_partial(copy, p, &partial), len);
    assert_int_equal(partial.start, 34);
    assert_int_equal(partial.offset, 6);
    uint16_t sum = (uint16_t)~checksum(copy + 34, (uint16_t)(len - 34));
    sum = sum == 0 ? 0xffff : sum;
    memcpy(copy + 40, &sum, sizeof(sum));
    assert_memory_equal(copy, frame, len);
}

/* A datagram in parts of any length, odd ones too, has the checksum of the
 * whole. */
static void test_frame_parts(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint8_t copy[RIG_FRAME];
    uint16_t len = rig_put_udp(frame, 301, 7);

    (void)state;
    for (uint16_t part = 1; part < len - 42; part++) {
        struct pbuf *head = pbuf_alloc(PBUF_RAW, 42, PBUF_RAM);

        assert_non_null(head);
        memcpy(head->payload, frame, 42);
        memset((uint8_t *)head->payload + 40, 0, 2);
        for (uint16_t at = 42; at < len; at = (uint16_t)(at + part)) {
            uint16_t size = len - at < part ? (uint16_t)(len - at) : part;
            struct pbuf *next = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);

            assert_non_null(next);
            memcpy(next->payload, frame + at, size);
            pbuf_cat(head, next);
        }
        memset(copy, 0, sizeof(copy));
        assert_int_equal(frame_copy(copy, head), len);
        assert_memory_equal(copy, frame, len);
        expect_partial(frame, len, head);
        pbuf_free(head);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_parts),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
