/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user.h - where the address space of a program ends.
 *
 * Shape     numbers only, so that assembly can include this file.
 * Units     virtual addresses: the last one.
 * Source    EL2: stage 2 with 40 bits of input address.  EL1: as the seL4
 *           Microkit has it.  The tool and programs include this file.
 */
#pragma once

#define ABI_USER_TOP_EL2 0xffffffffff
#define ABI_USER_TOP_EL1 0x7fffffffffff
