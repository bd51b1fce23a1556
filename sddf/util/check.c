/* SPDX-License-Identifier: BSD-2-Clause */
/* What a component does when one of its own invariants is broken: say so, and
 * fault, so that its parent or the monitor decides. */
#include "base/check.h"

#include <sddf/util/printf.h>

NORETURN void check_failed(const char *what, const char *file, int line)
{
    (void)what; /* release builds print nothing */
    (void)file;
    (void)line;
    sddf_dprintf("%s: check failed: %s at %s:%d\n", sddf_get_pd_name(), what,
        file, line);
    sddf_stop();
}
