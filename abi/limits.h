/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.h - how many there may be, and how large: for kernel, tool, library.
 *
 * Shape     numbers only, so that assembly can include this file.
 * Units     bytes for sizes.
 * Source    the seL4 Microkit's manual, "Limits", for those with its name; the
 *           rest follows from one 64-bit word per set of ids.
 */
#pragma once

#define ABI_IDS      64  /* channel and child ids per PD */
#define ABI_PDS_MAX  254 /* PDs of one core, the monitor included */
#define ABI_PRIO_MAX 254 /* the next one is the monitor's */
#define ABI_PD_NONE  0xffff

/* What descriptions are held to unless they say limits="pride". */
#define ABI_MICROKIT_IDS 62
#define ABI_MICROKIT_PDS 63 /* without the monitor */

#define ABI_NAME_SIZE       64 /* of a PD's name, with the NUL at its end */
#define ABI_PAGE_SIZE       0x1000
#define ABI_LARGE_PAGE_SIZE 0x200000
