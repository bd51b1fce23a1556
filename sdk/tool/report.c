/* SPDX-License-Identifier: BSD-2-Clause */
#include "sdk/tool/report.h"
#include <inttypes.h>
void report_write(const struct build *build, FILE *file)
{
    for (uint32_t i = 0; i < build->place_count; i++) {
        const struct place *p = &build->place[i];
        fprintf(file, "0x%08" PRIx64 " 0x%08" PRIx64 " %c %s %s\n", p->pa,
            p->size, p->content ? 'c' : 'z', p->what, p->owner);
    }
}
