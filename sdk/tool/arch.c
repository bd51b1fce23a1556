/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of architectures; each row is in arch/NAME/arch.c. */
#include "sdk/tool/arch.h"

#include <stddef.h>
#include <string.h>

#include "base/attr.h"
#include "sdk/tool/arch/aarch64/arch.h"

static const struct arch *const rows[] = { &arch_aarch64 };

const struct arch *arch_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i]->name, name) == 0) {
            return rows[i];
        }
    }
    return NULL;
}

const struct arch_model *arch_model(
    const struct arch *arch, uint32_t exception_level)
{
    for (uint32_t i = 0; i < arch->model_count; i++) {
        if (arch->model[i].exception_level == exception_level) {
            return &arch->model[i];
        }
    }
    return NULL;
}
