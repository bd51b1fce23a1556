/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys.h - Linux system calls of the measured guest, without a C library.
 *
 * Shape     one inline function per call; _start() is the program's entry.
 * Units     bytes; ticks of the virtual counter: one guest instruction each
 *           under `-icount shift=0` with cntfrq=1000000000.
 * Trust     the kernel below; what peers send is only sent back.
 * Errors    as the kernel's: negative error numbers.
 * Source    Linux, include/uapi/asm-generic/unistd.h (numbers), linux/in.h,
 *           linux/socket.h (layouts); 64-bit Arm calling convention: x8, svc 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SYS_EVENTFD2  19
#define SYS_READ      63
#define SYS_WRITE     64
#define SYS_EXIT      93
#define SYS_GETTIME   113
#define SYS_NANOSLEEP 115 /* clock_nanosleep */
#define SYS_PRCTL     167
#define SYS_SOCKET    198
#define SYS_BIND      200
#define SYS_SENDTO    206
#define SYS_RECVFROM  207
#define SYS_CLONE     220
#define SYS_RECVMMSG  243
#define SYS_SENDMMSG  269

#define AF_INET        2
#define SOCK_DGRAM     2
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

/** One system call; unused arguments are zero. */
static inline int64_t sys_call(uint64_t number, uint64_t a, uint64_t b,
    uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    register uint64_t x8 __asm__("x8") = number;
    register uint64_t x0 __asm__("x0") = a;
    register uint64_t x1 __asm__("x1") = b;
    register uint64_t x2 __asm__("x2") = c;
    register uint64_t x3 __asm__("x3") = d;
    register uint64_t x4 __asm__("x4") = e;
    register uint64_t x5 __asm__("x5") = f;

    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return (int64_t)x0;
}

/** Ends the program. */
__attribute__((noreturn)) static inline void sys_exit(uint32_t status)
{
    for (;;) {
        (void)sys_call(SYS_EXIT, status, 0, 0, 0, 0, 0);
    }
}

/** A UDP socket on a port; ends the program when there is none. */
static inline uint64_t sys_udp_socket(uint16_t port)
{
    struct sockaddr_in here = { .family = AF_INET,
        .port = { (uint8_t)(port >> 8), (uint8_t)port } };
    int64_t fd = sys_call(SYS_SOCKET, AF_INET, SOCK_DGRAM, 0, 0, 0, 0);

    if (fd < 0 || sys_call(SYS_BIND, (uint64_t)fd, (uint64_t)&here,
                      sizeof(here), 0, 0, 0) < 0) {
        sys_exit(1);
    }
    return (uint64_t)fd;
}
