/* SPDX-License-Identifier: BSD-2-Clause */
/* See config_check.h. */
#include <sddf/util/config_check.h>

#include <os/sddf.h>
#include <sddf/util/printf.h>

NORETURN void config_refuse(const char *section, const char *rule)
{
    sddf_printf("%s: bad_config section=%s rule=%s\n", sddf_get_pd_name(),
        section, rule);
    sddf_stop();
}
