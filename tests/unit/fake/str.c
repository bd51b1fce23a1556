/* SPDX-License-Identifier: BSD-2-Clause */
/* The one function of base/str.h that the host's C library lacks. */
#include <string.h>

#include "base/str.h"

bool str_copy(char *to, size_t size, const char *from)
{
    size_t n = strnlen(from, size - 1);

    memcpy(to, from, n);
    to[n] = '\0';
    return from[n] == '\0';
}
