/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.h - where the tool puts a PD's message page and stack.
 *
 * Shape     numbers only, so that assembly can include this file.
 * Units     virtual addresses of the PD.
 * Source    docs/design/interfaces.md.
 *
 *   message page    the last page of user memory
 *   (one page)      nothing
 *   stack           as large as the system description says
 *   (one page)      nothing
 *   maps            regions of the system description, anywhere below
 *   program         at its link address
 */
#pragma once

#include <abi/arch/aarch64/user.h>
#include <kernel/gen_config.h>

#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT)
#define PRIDE_USER_TOP ABI_USER_TOP_EL2
#else
#define PRIDE_USER_TOP ABI_USER_TOP_EL1
#endif

#define PRIDE_MESSAGE_PAGE (PRIDE_USER_TOP - 0xfff)
#define PRIDE_STACK_TOP    (PRIDE_MESSAGE_PAGE - 0x1000)
