/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * udp_echo.c - sends datagrams on port 1235 back, one at a time.
 */
#include "bench/linux/sys.h"

#define PORT 1235u

static uint8_t data[2048];

void _start(void);

void _start(void)
{
    uint64_t fd = sys_bound_socket(SOCK_DGRAM, PORT);

    for (;;) {
        struct sockaddr_in peer;
        uint32_t len = sizeof(peer);
        int64_t got = sys_call(SYS_RECVFROM, fd, (uint64_t)data, sizeof(data),
            0, (uint64_t)&peer, (uint64_t)&len);

        if (got >= 0) {
            (void)sys_call(SYS_SENDTO, fd, (uint64_t)data, (uint64_t)got, 0,
                (uint64_t)&peer, len);
        }
    }
}
