/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.c - AArch64 for the tool.
 *
 * Source: ELF for the Arm 64-bit Architecture (EM_AARCH64); the address spaces
 * are explained in vspace.c.
 */
#include "sdk/tool/arch/aarch64/arch.h"

#include "abi/arch/aarch64/user.h"
#include "base/attr.h"

static const struct arch_model models[] = {
    {
        .exception_level = 2,
        .user_top = ABI_USER_TOP_EL2,
        .kernel_offset = 0,
        .user = &aarch64_el2_user,
        .kernel = &aarch64_el2_kernel,
    },
};

const struct arch arch_aarch64 = {
    .name = "aarch64",
    .number = ABI_ARCH_AARCH64,
    .elf_machine = 183,
    .model = models,
    .model_count = ARRAY_LEN(models),
};
