/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constants.h - libsel4 numbers of AArch64.
 *
 * Shape     enums, and the end of user memory.
 * Units     bytes; words of 64 bits.
 * Source    libsel4's public interface (AArch64).
 */
#pragma once

#include <pride/layout.h>

/* Last byte of a PD's address space. */
#define seL4_UserVSpaceTop (PRIDE_MESSAGE_PAGE + 0xfffUL)

/* Words of a memory fault. */
typedef enum {
    seL4_VMFault_IP,
    seL4_VMFault_Addr,
    seL4_VMFault_PrefetchFault,
    seL4_VMFault_FSR,
    seL4_VMFault_Length,
} seL4_VMFault_Msg;

/* Words of an unknown system call. */
typedef enum {
    seL4_UnknownSyscall_X0,
    seL4_UnknownSyscall_X1,
    seL4_UnknownSyscall_X2,
    seL4_UnknownSyscall_X3,
    seL4_UnknownSyscall_X4,
    seL4_UnknownSyscall_X5,
    seL4_UnknownSyscall_X6,
    seL4_UnknownSyscall_X7,
    seL4_UnknownSyscall_FaultIP,
    seL4_UnknownSyscall_SP,
    seL4_UnknownSyscall_LR,
    seL4_UnknownSyscall_SPSR,
    seL4_UnknownSyscall_Syscall,
    seL4_UnknownSyscall_Length,
} seL4_UnknownSyscall_Msg;

/* Words of any other exception: `Number` is the exception class register. */
typedef enum {
    seL4_UserException_FaultIP,
    seL4_UserException_SP,
    seL4_UserException_SPSR,
    seL4_UserException_Number,
    seL4_UserException_Code,
    seL4_UserException_Length,
} seL4_UserException_Msg;
