/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In lwIP several clocks tick for ever: ARP and reassembly every second, DHCP
 * twice a second.  Here a clock sets the timer only while something waits for it:
 *
 *   TCP         while there are connections
 *   DHCP, fine  while a request is on the way; of its ticks only the last does
 *               anything, so that is what we wake for, and the others are made
 *               up for
 *   DHCP, slow  always; it ticks once a minute
 *   fragments   for a while after one was seen
 *   ARP         for a while after a request was sent; in between entries only
 *               grow older, which is made up for when something else wakes us
 *               (they may seem up to a minute younger than they are)
 *
 * An idle interface wakes once a minute.
 */
#include "lions/net/timers.h"

#include "base/check.h"

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ip4_frag.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"

#define ONE_SHOTS    16
#define ARP_TICKS    6 /* lwIP gives a request up after five */
#define REASS_TICKS  (IP_REASS_MAXAGE + 1)
#define ARP_CATCH_UP (ARP_MAXAGE + 1) /* then every entry is too old */

enum clock { TCP, DHCP_FINE, DHCP_SLOW, REASS, ARP, CLOCKS };

static const struct {
    uint32_t interval;
    void (*tick)(void);
    uint32_t catch_up; /* most ticks that clock_check() makes up for */
} clocks[CLOCKS] = {
    [TCP] = { TCP_TMR_INTERVAL, tcp_tmr, 1 },
    [DHCP_FINE] = { DHCP_FINE_TIMER_MSECS, dhcp_fine_tmr, 0 },
    [DHCP_SLOW] = { DHCP_COARSE_TIMER_MSECS, dhcp_coarse_tmr, 60 },
    [REASS] = { IP_TMR_INTERVAL, ip_reass_tmr, REASS_TICKS },
    [ARP] = { ARP_TMR_INTERVAL, etharp_tmr, ARP_CATCH_UP },
};

/* A timeout that a program asked for; free while handler is NULL. */
struct one_shot {
    uint32_t due;
    sys_timeout_handler handler;
    void *arg;
};

static struct {
    uint32_t due[CLOCKS]; /* the next tick */
    uint32_t running;     /* clocks that `due` is right for, a bit each */
    uint32_t known;       /* what was needed when we were last asked */
    uint32_t request;     /* dhcp_request() when we last looked */
    uint32_t arp_ticks;   /* that are still needed */
    uint32_t reass_ticks; /* likewise */
    bool changed;         /* a one-shot came or went */
    struct one_shot one_shot[ONE_SHOTS];
} timers;

void timers_note_fragment(void)
{
    timers.reass_ticks = REASS_TICKS;
}

void timers_note_arp(void)
{
    /* Missed ticks are forgotten now: made up for later, they would be taken
     * for the time that this request has waited. */
    if (timers.arp_ticks == 0) {
        timers.due[ARP] = sys_now() + clocks[ARP].interval;
    }
    timers.arp_ticks = ARP_TICKS;
}

/* The DHCP request that waits for its answer, or 0: the ticks that it still
 * waits, and what differs from one request to the next. */
static uint32_t dhcp_request(void)
{
    const struct netif *netif;

    NETIF_FOREACH(netif)
    {
        const struct dhcp *dhcp = netif_dhcp_data(netif);

        if (dhcp != NULL && dhcp->request_timeout > 0) {
            return dhcp->request_timeout | (uint32_t)dhcp->tries << 16 |
                   (uint32_t)dhcp->state << 24;
        }
    }
    return 0;
}

static uint32_t request_ticks(uint32_t request)
{
    return request & 0xffff;
}

/* The clocks that something waits for, a bit each; `request` is DHCP's. */
static uint32_t clocks_needed(uint32_t request)
{
    uint32_t needed = 1u << DHCP_SLOW;

    if (tcp_active_pcbs != NULL || tcp_tw_pcbs != NULL) {
        needed |= 1u << TCP;
    }
    if (request != 0) {
        needed |= 1u << DHCP_FINE;
    }
    if (timers.reass_ticks > 0) {
        needed |= 1u << REASS;
    }
    if (timers.arp_ticks > 0) {
        needed |= 1u << ARP;
    }
    return needed;
}

bool timers_changed(void)
{
    uint32_t request = dhcp_request();

    return timers.changed || request != timers.request ||
           clocks_needed(request) != timers.known;
}

/* Is `time` still to come? */
static bool is_later(uint32_t time, uint32_t now)
{
    return (int32_t)(time - now) > 0;
}

/* Does the ticks of one clock that are due. */
static void clock_check(enum clock clock, uint32_t now)
{
    for (uint32_t i = 0; i < clocks[clock].catch_up; i++) {
        if (is_later(timers.due[clock], now)) {
            return;
        }
        timers.due[clock] += clocks[clock].interval;
        if (clock == ARP && timers.arp_ticks > 0) {
            timers.arp_ticks--;
        }
        if (clock == REASS && timers.reass_ticks > 0) {
            timers.reass_ticks--;
        }
        clocks[clock].tick();
    }
    if (!is_later(timers.due[clock], now)) {
        timers.due[clock] = now + clocks[clock].interval;
    }
}

/* A request that began since we last looked waits from now on: the ticks that
 * were missed before are none of its own. */
static void request_note(uint32_t now)
{
    if (dhcp_request() != timers.request) {
        timers.due[DHCP_FINE] = now + clocks[DHCP_FINE].interval;
        timers.request = dhcp_request();
    }
}

/* Does the ticks of a DHCP request that are due, up to the one that ends it. */
static void request_check(uint32_t now)
{
    bool ended = false;

    request_note(now);
    while (!ended && !is_later(timers.due[DHCP_FINE], now)) {
        ended = request_ticks(dhcp_request()) <= 1;
        timers.due[DHCP_FINE] += clocks[DHCP_FINE].interval;
        dhcp_fine_tmr();
    }
    if (!is_later(timers.due[DHCP_FINE], now)) {
        timers.due[DHCP_FINE] = now + clocks[DHCP_FINE].interval;
    }
    timers.request = dhcp_request();
}

/* When there is something to do for a clock. */
static uint32_t clock_due(enum clock clock)
{
    uint32_t due = timers.due[clock];

    if (clock == DHCP_FINE && timers.request != 0) {
        due += (request_ticks(timers.request) - 1) * clocks[clock].interval;
    }
    return due;
}

/* Starts clocks that are needed now, stops those that no longer are.  ARP's is
 * never stopped: missed ticks are made up for. */
static uint32_t clocks_update(uint32_t now)
{
    uint32_t needed = clocks_needed(dhcp_request());

    for (uint32_t clock = 0; clock < CLOCKS; clock++) {
        if ((needed & ~timers.running) >> clock & 1) {
            timers.due[clock] = now + clocks[clock].interval;
        }
    }
    timers.running = needed | 1u << ARP;
    request_note(now);
    return needed;
}

void sys_timeouts_init(void)
{
    timers.running = 0;
    timers.due[ARP] = sys_now() + clocks[ARP].interval;
    (void)clocks_update(sys_now());
}

void sys_check_timeouts(void)
{
    uint32_t now = sys_now();

    for (enum clock clock = 0; clock < CLOCKS; clock++) {
        if (clock == DHCP_FINE) {
            request_check(now);
        } else if (timers.running >> clock & 1) {
            clock_check(clock, now);
        }
    }
    for (uint32_t i = 0; i < ONE_SHOTS; i++) {
        struct one_shot shot = timers.one_shot[i];

        if (shot.handler != NULL && !is_later(shot.due, now)) {
            timers.one_shot[i].handler = NULL;
            timers.changed = true;
            shot.handler(shot.arg);
        }
    }
}

u32_t sys_timeouts_sleeptime(void)
{
    uint32_t now = sys_now();
    uint32_t needed = clocks_update(now);
    uint32_t sleep = UINT32_MAX / 2;

    for (uint32_t clock = 0; clock < CLOCKS; clock++) {
        if (needed >> clock & 1) {
            uint32_t due = clock_due(clock);
            uint32_t left = is_later(due, now) ? due - now : 0;

            sleep = left < sleep ? left : sleep;
        }
    }
    for (uint32_t i = 0; i < ONE_SHOTS; i++) {
        const struct one_shot *shot = &timers.one_shot[i];

        if (shot->handler != NULL) {
            uint32_t left = is_later(shot->due, now) ? shot->due - now : 0;

            sleep = left < sleep ? left : sleep;
        }
    }
    timers.known = needed;
    timers.changed = false;
    return sleep;
}

void sys_restart_timeouts(void)
{
    timers.running = 0; /* every clock begins a new interval */
    (void)clocks_update(sys_now());
}

void sys_timeout(u32_t msecs, sys_timeout_handler handler, void *arg)
{
    uint32_t i = 0;

    while (i < ONE_SHOTS && timers.one_shot[i].handler != NULL) {
        i++;
    }
    CHECK(i < ONE_SHOTS);
    timers.one_shot[i] = (struct one_shot){ sys_now() + msecs, handler, arg };
    timers.changed = true;
}

void sys_untimeout(sys_timeout_handler handler, void *arg)
{
    for (uint32_t i = 0; i < ONE_SHOTS; i++) {
        struct one_shot *shot = &timers.one_shot[i];

        if (shot->handler == handler && shot->arg == arg) {
            shot->handler = NULL;
            timers.changed = true;
            return;
        }
    }
}
