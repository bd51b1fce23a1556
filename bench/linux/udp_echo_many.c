/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * udp_echo_many.c - sends datagrams on port 1236 back, as many with one system
 * call as there are: the best that Linux offers for many in flight.
 */
#include "bench/linux/sys.h"

#define PORT 1236u
#define MANY 64u

static uint8_t data[MANY][2048];
static struct sockaddr_in peer[MANY];
static struct iovec part[MANY];
static struct mmsghdr message[MANY];

static void send_all(uint64_t fd, uint32_t count)
{
    uint32_t sent = 0;

    while (sent < count) {
        int64_t done = sys_call(
            SYS_SENDMMSG, fd, (uint64_t)&message[sent], count - sent, 0, 0, 0);
        /* what cannot be sent is lost, as datagrams may be */
        sent += done > 0 ? (uint32_t)done : 1;
    }
}

void _start(void);

void _start(void)
{
    uint64_t fd = sys_bound_socket(SOCK_DGRAM, PORT);

    for (uint32_t i = 0; i < MANY; i++) {
        part[i] = (struct iovec){ data[i], sizeof(data[i]) };
        message[i].hdr = (struct msghdr){ .name = &peer[i],
            .namelen = sizeof(peer[i]),
            .iov = &part[i],
            .iovlen = 1 };
    }
    for (;;) {
        int64_t got = sys_call(
            SYS_RECVMMSG, fd, (uint64_t)message, MANY, MSG_WAITFORONE, 0, 0);
        uint32_t count = got > 0 ? (uint32_t)got : 0;

        for (uint32_t i = 0; i < count; i++) {
            part[i].len = message[i].len;
        }
        send_all(fd, count);
        for (uint32_t i = 0; i < count; i++) {
            part[i].len = sizeof(data[i]);
            message[i].hdr.namelen = sizeof(peer[i]);
        }
    }
}
