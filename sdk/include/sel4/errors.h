/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errors.h - error numbers of libsel4, and how kernel errors map to them.
 *
 * Shape     an enum and one pure function.  abi/err.h is not included: its
 *           names are those of other lists too (lwIP has an ERR_OK).
 * Errors    this is the list.
 * Source    libsel4's public interface; abi/err.h for the kernel's own list.
 */
#pragma once

#include <stdint.h>

typedef enum {
    seL4_NoError = 0,
    seL4_InvalidArgument = 1,
    seL4_InvalidCapability = 2,
    seL4_IllegalOperation = 3,
    seL4_RangeError = 4,
    seL4_AlignmentError = 5,
    seL4_FailedLookup = 6,
    seL4_TruncatedMessage = 7,
    seL4_DeleteFirst = 8,
    seL4_RevokeFirst = 9,
    seL4_NotEnoughMemory = 10,
    seL4_NumErrors,
} seL4_Error;

/** The libsel4 error that says the same as kernel error `err` (abi/err.h). */
seL4_Error pride_sel4_error(uint32_t err);
