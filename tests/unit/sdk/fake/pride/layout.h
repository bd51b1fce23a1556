/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.h - a PD's message page, where a test on the host has it; otherwise as
 * sdk/arch/aarch64/include/pride/layout.h.
 */
#pragma once

#include <stdint.h>

#define PRIDE_MESSAGE_PAGE ((uintptr_t)fake_message_page)

/** 4 KiB: the buffer, then the control block.  The test has it. */
extern unsigned char fake_message_page[];
