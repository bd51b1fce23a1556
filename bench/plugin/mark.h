/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mark.h - instructions that do nothing, by which a guest tells the plugin
 * detail.c where a measured window begins and ends.
 *
 * Shape     moves of a register onto itself, which compilers do not emit.
 * Trust     a guest that marks nonsense gets nonsense figures.
 * Source    Arm ARM (DDI 0487), C6.2: MOV (register), ORR Xd, XZR, Xm.
 */
#pragma once

#define MARK_BEGIN 0xaa1403f4u /* mov x20, x20 */
#define MARK_END   0xaa1503f5u /* mov x21, x21 */

/** A window begins. */
static inline void mark_begin(void)
{
    __asm__ volatile(".inst 0xaa1403f4" ::: "memory");
}

/** The window ends. */
static inline void mark_end(void)
{
    __asm__ volatile(".inst 0xaa1503f5" ::: "memory");
}
