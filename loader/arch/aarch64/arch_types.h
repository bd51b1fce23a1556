/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch_types.h - what the portable part of the loader must know of AArch64.
 *
 * Shape     numbers.
 * Source    Arm ARM (DDI 0487) D1.1.
 */
#pragma once

/* The exception level that firmware must enter the image at, and its name. */
#define LOADER_LEVEL      2u
#define LOADER_LEVEL_NAME "exception level"
