/* SPDX-License-Identifier: BSD-2-Clause */
/* gen_config.h - the debug configuration, as far as host tests need it. */
#pragma once

#define CONFIG_SEL4_ARCH              aarch64
#define CONFIG_ARCH_ARM               1
#define CONFIG_ARCH_AARCH64           1
#define CONFIG_ARM_HYPERVISOR_SUPPORT 1
#define CONFIG_ALLOW_SMC_CALLS        1
#define CONFIG_PRINTING               1
#define CONFIG_DEBUG_BUILD            1
