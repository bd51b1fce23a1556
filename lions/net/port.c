/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lwIP asks of its host (arch/cc.h): time is in timeout.c, the rest
 * is here.
 *
 * Random numbers are as good as their source, and there is no hardware source
 * here: the seed is the counter at start and at each use.  That is enough
 * against accidents (two clients that choose the same port or transaction),
 * not against an attacker who can guess when we started; docs/limits.md.
 */
#include <stdarg.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/util/arch_timestamp_counter.h>
#include <sddf/util/printf.h>

#include "base/check.h"
#include "lions/net/checksum.h"
#include "lwip/ip4_addr.h"

static uint64_t random_state;

/* A bijection that mixes all bits (Steele et al., SplitMix64, 2014). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint32_t lwip_port_random(void)
{
    /* two clients that start at the same tick differ by their name */
    if (random_state == 0) {
        const char *name = sddf_get_pd_name();

        for (uint32_t i = 0; i < SDDF_NAME_LENGTH && name[i] != '\0'; i++) {
            random_state = mix(random_state + (uint8_t)name[i]);
        }
    }
    random_state += UINT64_C(0x9e3779b97f4a7c15) ^ sddf_read_counter();
    return (uint32_t)(mix(random_state) >> 32);
}

uint32_t lwip_port_tcp_isn(const ip4_addr_t *local_ip, uint16_t local_port,
    const ip4_addr_t *remote_ip, uint16_t remote_port)
{
    static uint64_t secret;

    if (secret == 0) {
        secret = (uint64_t)lwip_port_random() << 32 | lwip_port_random();
    }
    /* RFC 6528: ISN = M + F(connection, secret), M ticks every 4 us */
    uint64_t hash = mix(secret ^ ((uint64_t)ip4_addr_get_u32(local_ip) << 32 |
                                     ip4_addr_get_u32(remote_ip)));
    hash = mix(hash ^ secret ^ ((uint64_t)local_port << 16 | remote_port));
    uint64_t freq = sddf_read_freq();
    uint64_t clock = freq >= 250000 ? sddf_read_counter() / (freq / 250000) : 0;
    return (uint32_t)(hash + clock);
}

uint16_t lwip_port_checksum(const void *data, uint16_t len)
{
    return checksum(data, len);
}

void lwip_port_diag(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)sddf_vprintf(format, args);
    va_end(args);
}

void lwip_port_assert(const char *message, const char *file, int line)
{
    check_failed(message, file, line);
}
