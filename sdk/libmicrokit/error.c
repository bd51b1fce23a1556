/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * error.c - kernel errors in libsel4's words.
 */
#include <sel4/errors.h>

#include "abi/err.h"

seL4_Error pride_sel4_error(uint32_t err)
{
    switch (err) {
    case ERR_OK:
        return seL4_NoError;
    case ERR_CHANNEL:
    case ERR_CHILD:
    case ERR_RIGHT:
        return seL4_InvalidCapability;
    case ERR_RANGE:
    case ERR_LENGTH:
        return seL4_RangeError;
    case ERR_MEMORY:
        return seL4_NotEnoughMemory;
    default:
        return seL4_IllegalOperation;
    }
}
