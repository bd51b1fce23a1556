/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * err.h - the one list of error numbers, shared by kernel, library and tool.
 *
 * Shape     small non-negative integers; 0 is success.
 * Trust     a system call returns one of these in register 0.
 * Source    kernel/kernel.md says which call returns which, and why.
 */
#pragma once

enum err {
    ERR_OK = 0,
    ERR_CALL = 1,        /* no such system call or operation */
    ERR_CHANNEL = 2,     /* the channel id is not in the caller's table */
    ERR_RIGHT = 3,       /* the channel exists, the operation is not allowed */
    ERR_CHILD = 4,       /* the child id is not in the caller's table */
    ERR_LENGTH = 5,      /* a message is longer than ABI_MSG_WORDS */
    ERR_RANGE = 6,       /* an argument is outside its range */
    ERR_STATE = 7,       /* not possible in the present state */
    ERR_STOPPED = 8,     /* the called PD was stopped or restarted */
    ERR_UNSUPPORTED = 9, /* this kernel does not have the feature */
    ERR_DEVICE = 10,     /* the device did not do what its manual says */
    ERR_FORMAT = 11,     /* malformed input (file, packet, table) */
    ERR_MEMORY = 12,     /* no room left */
    ERR_COUNT
};
