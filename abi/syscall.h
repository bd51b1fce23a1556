/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.h - system call numbers, registers and message layout.
 *
 * Shape     numbers only, so that assembly can include this file.
 * Units     message lengths are 64-bit words.
 * Trust     every argument is untrusted: the kernel checks each against the
 *           system table before it acts.
 * Errors    enum err in register 0 where a call can fail.
 * Source    kernel/kernel.md, which a test compares with this list.
 *
 * On AArch64 the number is the immediate of the SVC instruction; registers 0
 * and 1 are X0 and X1, registers 2 to 6 are X9 to X13.  A call preserves X18 to
 * X30, SP and TPIDR_EL0; a wait only X28 to X30, SP and TPIDR_EL0.  What it does
 * not preserve holds a value of its own or an older one of the same PD's, the
 * flags that or zero: never anybody else's.
 */
#pragma once

#include "abi/limits.h"

/* Calls: in -> out.  info is a message info word, mr0..mr3 message words. */
#define ABI_SYS_WAIT       0 /* -> 0 kind, 1 bits or id, 2 info, 3..6 mr */
#define ABI_SYS_REPLY_WAIT 1 /* 2 info, 3..6 mr -> as ABI_SYS_WAIT */
#define ABI_SYS_PPCALL     2 /* 1 channel, 2 info, 3..6 mr -> 0 err, 2.. */
#define ABI_SYS_NOTIFY     3 /* 1 channel -> 0 err */
#define ABI_SYS_IRQ_ACK    4 /* 1 channel -> 0 err */
#define ABI_SYS_PD_CONTROL 5 /* 0 child, 1 operation, 2.. -> 0 err, 1.. */
#define ABI_SYS_VCPU       6 /* -> 0 ERR_UNSUPPORTED */
#define ABI_SYS_SMC        7 /* 8 words in the buffer -> 0 err, 8 words */
#define ABI_SYS_DEBUG_PUTC 8 /* 0 character -> 0 err */
#define ABI_SYS_COUNT      9

/* What ABI_SYS_WAIT returns in register 0. */
#define ABI_EVENT_NOTIFICATION 0 /* register 1: bits, one per channel id */
#define ABI_EVENT_CALL         1 /* register 1: channel id of the caller */
#define ABI_EVENT_FAULT        2 /* register 1: child id */

/* Operations of ABI_SYS_PD_CONTROL on the caller's own children. */
#define ABI_PD_STOP       0 /* */
#define ABI_PD_RESUME     1 /* */
#define ABI_PD_RESTART    2 /* 2 entry address */
#define ABI_PD_READ_REGS  3 /* -> context in the caller's buffer, words 0.. */
#define ABI_PD_WRITE_REGS 4 /* 2 count, words in the buffer; 3 resume flag */
#define ABI_PD_INFO       5 /* -> 1 state, 2 ticks used, 3 starts, 4 switches */
#define ABI_PD_OPS        6

/* States that ABI_PD_INFO reports. */
#define ABI_STATE_READY   0 /* running, or could run */
#define ABI_STATE_WAITING 1 /* in wait */
#define ABI_STATE_CALLING                                                      \
    2 /* waits for the reply to a protected procedure call */
#define ABI_STATE_FAULTED 3 /* waits for its parent */
#define ABI_STATE_STOPPED 4 /* stopped by its parent */

/*
 * Message info word, as seL4_MessageInfo: label in bits 12..63, length in
 * bits 0..6.  Bits 7..11 (capabilities) are zero.
 */
#define ABI_INFO_LENGTH_MASK 0x7f
#define ABI_INFO_LABEL_SHIFT 12
#define ABI_MSG_WORDS        120
#define ABI_MSG_REGS         4

/* The label of a reply that the kernel makes because the callee was stopped,
 * restarted, or can never answer.  An application label must not use it. */
#define ABI_LABEL_ABORTED 0xfffffffffffff

/*
 * The message page: one page per PD, mapped at the top of its address space
 * and for the kernel.  The seL4_IPCBuffer is at offset 0 (tag word, then
 * ABI_MSG_WORDS words), the control block at ABI_CONTROL_OFFSET.
 */
#define ABI_BUFFER_MSG_OFFSET 8
#define ABI_CONTROL_OFFSET    0x800

/* Fault labels and message words are those of libsel4 (MCS, AArch64). */
#define ABI_FAULT_NONE            0
#define ABI_FAULT_CAP             1
#define ABI_FAULT_UNKNOWN_SYSCALL 2
#define ABI_FAULT_USER_EXCEPTION  3
#define ABI_FAULT_DEBUG           4
#define ABI_FAULT_TIMEOUT         5
#define ABI_FAULT_VM              6
