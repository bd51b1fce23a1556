/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys.h - Linux system calls of the measured guest, without a C library.
 *
 * Shape     one inline function per call; _start() is the program's entry.
 * Units     bytes; ticks of the virtual counter: one guest instruction each
 *           under `-icount shift=0` with cntfrq=1000000000.
 * Trust     the kernel below; what peers send is only sent back.
 * Errors    as the kernel's: negative error numbers.
 * Source    Linux, linux/in.h, linux/socket.h (layouts); numbers and registers
 *           are the architecture's: bench/arch/X/linux_arch.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux_arch.h>

#define AF_INET        2
#define SOCK_STREAM    1
#define SOCK_DGRAM     2
#define IPPROTO_TCP    6
#define TCP_NODELAY    1
#define MSG_MORE       0x8000
#define EPOLLIN        1
#define EPOLL_CTL_ADD  1
#define AT_FDCWD       (-100)
#define SEEK_END       2
#define SIGCHLD        17
#define MSG_WAITFORONE 0x10000

#define CLOCK_MONOTONIC   1
#define TIMER_ABSTIME     1
#define PR_SET_TIMERSLACK 29

struct sockaddr_in {
    uint16_t family;
    uint8_t port[2]; /* big-endian */
    uint8_t address[4];
    uint8_t zero[8];
};

/* Not packed, as everywhere but on x86. */
struct epoll_event {
    uint32_t events;
    uint64_t data;
};

struct iovec {
    void *base;
    size_t len;
};

struct msghdr {
    void *name;
    uint32_t namelen;
    struct iovec *iov;
    size_t iovlen;
    void *control;
    size_t controllen;
    uint32_t flags;
};

struct mmsghdr {
    struct msghdr hdr;
    uint32_t len;
};

/** Ends the program. */
__attribute__((noreturn)) static inline void sys_exit(uint32_t status)
{
    for (;;) {
        (void)sys_call(SYS_EXIT, status, 0, 0, 0, 0, 0);
    }
}

/** A socket on a port; ends the program when there is none. */
static inline uint64_t sys_bound_socket(uint64_t kind, uint16_t port)
{
    struct sockaddr_in here = { .family = AF_INET,
        .port = { (uint8_t)(port >> 8), (uint8_t)port } };
    int64_t fd = sys_call(SYS_SOCKET, AF_INET, kind, 0, 0, 0, 0);

    if (fd < 0 || sys_call(SYS_BIND, (uint64_t)fd, (uint64_t)&here,
                      sizeof(here), 0, 0, 0) < 0) {
        sys_exit(1);
    }
    return (uint64_t)fd;
}
