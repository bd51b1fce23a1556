/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decode.h - the exception syndrome of AArch64 in words.
 *
 * Shape     tables from codes to short texts.
 * Trust     any value gives some text.
 * Source    Arm Architecture Reference Manual, D17.2.37: ESR_EL2.
 */
#pragma once

#include <stdint.h>

/* Fields of ESR_EL2. */
#define ESR_EC_SHIFT 26
#define ESR_IL       0x2000000u
#define ESR_ISS_MASK 0x1ffffffu
/* Fields of ISS for a data abort. */
#define ISS_DFSC_MASK 0x3fu
#define ISS_WNR       0x40u
#define ISS_S1PTW     0x80u
#define ISS_CM        0x100u
#define ISS_EA        0x200u
/* Exception classes that are looked at further. */
#define EC_DATA_ABORT 0x24u
#define EC_BRK        0x3cu

/** Exception class, ESR bits 31..26. */
const char *decode_class(uint64_t ec);

/** Fault status, ISS bits 5..0 of an abort. */
const char *decode_status(uint64_t status);

/** Which check of the undefined-behaviour sanitizer a BRK comes from; NULL if
 *  its immediate `comment` is not one of those. */
const char *decode_ubsan(uint64_t comment);
