/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linux_arch.h - how a program of the measured Linux guest calls its kernel on
 * arm64: numbers and registers.  Each architecture has a file of this name.
 *
 * Errors    as the kernel's: negative error numbers.
 * Source    Linux, include/uapi/asm-generic/unistd.h; 64-bit Arm calling
 *           convention of Linux: number in x8, svc 0.
 */
#pragma once

#include <stdint.h>

#define SYS_EVENTFD2      19
#define SYS_EPOLL_CREATE1 20
#define SYS_EPOLL_CTL     21
#define SYS_EPOLL_PWAIT   22
#define SYS_OPENAT        56
#define SYS_CLOSE         57
#define SYS_LSEEK         62
#define SYS_READ          63
#define SYS_WRITE         64
#define SYS_SENDFILE      71
#define SYS_EXIT          93
#define SYS_GETTIME       113
#define SYS_NANOSLEEP     115 /* clock_nanosleep */
#define SYS_PRCTL         167
#define SYS_SOCKET        198
#define SYS_BIND          200
#define SYS_LISTEN        201
#define SYS_ACCEPT        202
#define SYS_SENDTO        206
#define SYS_RECVFROM      207
#define SYS_SETSOCKOPT    208
#define SYS_CLONE         220
#define SYS_RECVMMSG      243
#define SYS_SENDMMSG      269

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
