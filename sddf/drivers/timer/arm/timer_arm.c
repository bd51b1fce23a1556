/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer_arm.c - driver of the Arm generic timer: the time, and timeouts.
 *
 * A passive PD: requests are protected procedure calls, on the caller's budget.
 * The comparator always holds the earliest deadline; whoever comes first, the
 * interrupt or a request, delivers what is due, in the order of the deadlines.
 * Notifications are binary: two timeouts of a client that are due together
 * are one notification.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/resources/device.h>
#include <sddf/timer/protocol.h>
#include <sddf/timer/timeouts.h>
#include <sddf/timer/timer_common.h>
#include <sddf/util/arch_timestamp_counter.h>
#include <sddf/util/config_check.h>
#include <sddf/util/printf.h>
#include <sddf/util/stats.h>

#include "sddf/drivers/timer/arm/generic_timer.h"

__attribute__((__section__(".device_resources")))
device_resources_t device_resources;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

enum {
    STATS_REQUESTS,
    STATS_INTERRUPTS,
    STATS_EXPIRED,
    STATS_REFUSED,
    STATS_COUNT
};

static const char *const stats_names[STATS_COUNT] = { "requests", "interrupts",
    "timeouts_expired", "requests_refused" };

static struct {
    struct timeouts timeouts;
    struct stats stats;
    uint64_t freq;
    sddf_channel irq;
    bool ready;      /* the counter has a frequency */
    bool complained; /* about an unexpected notification */
} state;

/* Delivers what is due and arms the comparator for what is next. */
static void deliver(void)
{
    uint64_t now = sddf_read_counter();
    uint32_t client;

    while (timeouts_take_due(&state.timeouts, now, &client)) {
        stats_add(&state.stats, STATS_EXPIRED, 1);
        sddf_notify(client);
    }

    uint64_t next = timeouts_next(&state.timeouts);

    if (next == UINT64_MAX) {
        generic_timer_off();
    } else {
        generic_timer_arm(next);
    }
}

static microkit_msginfo reply(uint64_t label, uint16_t words)
{
    return seL4_MessageInfo_new(label, 0, 0, words);
}

static microkit_msginfo refuse(uint64_t label)
{
    stats_add(&state.stats, STATS_REFUSED, 1);
    return reply(label, 0);
}

static microkit_msginfo handle_get_time(void)
{
    sddf_set_mr(0, ticks_to_ns(sddf_read_counter(), state.freq));
    return reply(SDDF_TIMER_OK, 1);
}

static microkit_msginfo handle_set_timeout(sddf_channel ch)
{
    uint64_t deadline =
        timer_deadline(sddf_read_counter(), sddf_get_mr(0), state.freq);

    if (!timeouts_add(&state.timeouts, ch, deadline)) {
        return refuse(SDDF_TIMER_ERR_FULL);
    }
    deliver();
    return reply(SDDF_TIMER_OK, 0);
}

static microkit_msginfo handle_cancel_all(sddf_channel ch)
{
    uint32_t count = timeouts_cancel(&state.timeouts, ch);

    deliver();
    sddf_set_mr(0, count);
    return reply(SDDF_TIMER_OK, 1);
}

static void handle_irq(void)
{
    stats_add(&state.stats, STATS_INTERRUPTS, 1);
    deliver();
    sddf_deferred_irq_ack(state.irq);
}

static void config_check(void)
{
    const char *const section = "device_resources";

    config_require(
        device_resources_check_magic(&device_resources), section, "magic");
    config_require(device_resources.num_irqs >= 1, section, "num_irqs");
}

void init(void)
{
    config_check();
    state.ready = false;
    stats_init(&state.stats, &stats_config, sddf_get_pd_name(), stats_names,
        STATS_COUNT);
    state.irq = device_resources.irqs[0].id;
    state.freq = sddf_read_freq();
    if (state.freq == 0) {
        sddf_dprintf("TIMER DRIVER|ERROR: firmware left CNTFRQ at 0\n");
        return;
    }
    generic_timer_off();
    state.ready = true;
}

void notified(microkit_channel ch)
{
    if (state.ready && ch == state.irq) {
        handle_irq();
    } else if (!state.complained) {
        state.complained = true; /* a client could fill the log */
        sddf_dprintf("TIMER DRIVER|ERROR: unexpected notification %u\n", ch);
    }
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    uint64_t label = seL4_MessageInfo_get_label(msginfo);
    uint64_t words = seL4_MessageInfo_get_length(msginfo);

    stats_add(&state.stats, STATS_REQUESTS, 1);
    if (!state.ready) {
        return refuse(SDDF_TIMER_ERR_DEVICE);
    }
    if (ch < SDDF_TIMER_MAX_CLIENTS && label == SDDF_TIMER_GET_TIME) {
        return handle_get_time();
    }
    if (ch < SDDF_TIMER_MAX_CLIENTS && label == SDDF_TIMER_SET_TIMEOUT &&
        words == 1) {
        return handle_set_timeout(ch);
    }
    if (ch < SDDF_TIMER_MAX_CLIENTS && label == SDDF_TIMER_CANCEL_ALL) {
        return handle_cancel_all(ch);
    }
    return refuse(SDDF_TIMER_ERR_REQUEST);
}
