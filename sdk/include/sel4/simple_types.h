/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * simple_types.h - the scalar types of libsel4 that system code uses.
 *
 * Shape     typedefs only.
 * Units     seL4_Word is the machine word, 64 bits here.
 * Source    libsel4's public interface; names are the interface.
 */
#pragma once

#include <stdint.h>

typedef uint8_t seL4_Uint8;
typedef uint16_t seL4_Uint16;
typedef uint32_t seL4_Uint32;
typedef uint64_t seL4_Uint64;
typedef int8_t seL4_Int8;
typedef int16_t seL4_Int16;
typedef int32_t seL4_Int32;
typedef int64_t seL4_Int64;

/* As upstream: 64-bit unsigned long on every 64-bit target, so that "%lu" is
 * the right format for a word. */
typedef unsigned long seL4_Word;
typedef seL4_Word seL4_CPtr;

typedef seL4_Int8 seL4_Bool;
#define seL4_True  ((seL4_Bool)1)
#define seL4_False ((seL4_Bool)0)

typedef seL4_Word seL4_NodeId;
typedef seL4_Word seL4_PAddr;
typedef seL4_Word seL4_Domain;
typedef seL4_CPtr seL4_TCB;
typedef seL4_CPtr seL4_IRQHandler;
