/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Five timeouts of one second, then what our driver can do beyond that:
 * several timeouts at once, a limit with an error, cancelling, and timeouts
 * of absurd length.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/timer/client.h>
#include <sddf/timer/config.h>
#include <sddf/util/config_check.h>
#include <sddf/util/printf.h>

__attribute__((__section__(".timer_client_config")))
timer_client_config_t config;

#define SECONDS   5u
#define TOLERANCE (NS_IN_S / 20)
#define STEP      (50 * NS_IN_MS)
#define STEPS     3u

static struct {
    sddf_channel timer;
    uint32_t ticks;  /* one-second timeouts that came */
    uint64_t last;   /* when the latest of them did */
    bool regular;    /* they all came in time */
    uint32_t steps;  /* of the three set together */
    uint64_t origin; /* when those were set */
} state;

static void report(bool good, const char *what)
{
    sddf_printf("CLIENT|%s: %s\n", good ? "INFO" : "ERROR", what);
}

/* Both ways of asking the time tell the same time. */
static void compare_clocks(void)
{
    uint64_t before = sddf_timer_time_now(state.timer);
    uint64_t called = sddf_timer_time_call(state.timer);
    uint64_t after = sddf_timer_time_now(state.timer);

    report(before <= called && called <= after, "both clocks agree");
}

/* The limit, and getting out of it. */
static void fill_up(void)
{
    bool good = true;

    for (uint32_t i = 0; i < SDDF_TIMER_TIMEOUTS_PER_CLIENT; i++) {
        good = good && sddf_timer_set_timeout(state.timer, UINT64_MAX - i) ==
                           SDDF_TIMER_OK;
    }
    report(good && sddf_timer_set_timeout(state.timer, NS_IN_S) ==
                       SDDF_TIMER_ERR_FULL,
        "one timeout too many is refused");
    report(sddf_timer_cancel_all(state.timer) == SDDF_TIMER_TIMEOUTS_PER_CLIENT,
        "all timeouts are cancelled");
}

/* Three at once, asked for in another order than they are due. */
static void set_three(void)
{
    state.origin = sddf_timer_time_now(state.timer);
    sddf_timer_set_timeout(state.timer, 3 * STEP);
    sddf_timer_set_timeout(state.timer, 1 * STEP);
    sddf_timer_set_timeout(state.timer, 2 * STEP);
}

static void handle_step(void)
{
    uint64_t late = sddf_timer_time_now(state.timer) - state.origin;

    state.steps++;
    if (late < state.steps * STEP) {
        report(false, "a timeout came early");
    }
    if (state.steps == STEPS) {
        report(true, "three timeouts came one by one");
    }
}

static void handle_second(void)
{
    uint64_t now = sddf_timer_time_now(state.timer);
    uint64_t passed = now - state.last;

    if (state.ticks > 0 &&
        (passed < NS_IN_S - TOLERANCE || passed > NS_IN_S + TOLERANCE)) {
        state.regular = false;
    }
    state.last = now;
    state.ticks++;
    if (state.ticks < SECONDS) {
        sddf_timer_set_timeout(state.timer, NS_IN_S);
    }
    sddf_printf("CLIENT|INFO: Got a timeout!\n");
    sddf_printf("CLIENT|INFO: The time (in nanoseconds) was: %lu\n", now);
    if (state.ticks == SECONDS) {
        report(state.regular, "the seconds are seconds");
        compare_clocks();
        fill_up();
        set_three();
    }
}

void init(void)
{
    sddf_printf("CLIENT|INFO: starting\n");
    config_require(
        timer_config_check_magic(&config), "timer_client_config", "magic");
    state.timer = config.driver_id;
    state.regular = true;

    uint64_t now = sddf_timer_time_now(state.timer);

    sddf_timer_set_timeout(state.timer, NS_IN_S);
    sddf_printf("CLIENT|INFO: The time was is: %lu\n", now);
    sddf_printf("CLIENT|INFO: Set a time out for 1 second\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
    if (state.ticks < SECONDS) {
        handle_second();
    } else {
        handle_step();
    }
}
