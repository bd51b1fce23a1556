/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of util.h that are too long for a header. */
#include <limits.h>

#include <sddf/util/util.h>

int sddf_atoi(const char *str)
{
    int64_t value = 0;
    bool negative = false;

    while (sddf_isspace(*str)) {
        str++;
    }
    if (*str == '+' || *str == '-') {
        negative = *str == '-';
        str++;
    }
    for (; sddf_isdigit(*str); str++) {
        value = value * 10 + (*str - '0');
        if (value > INT_MAX) {
            return negative ? INT_MIN : INT_MAX;
        }
    }
    return (int)(negative ? -value : value);
}
