/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * note.h - what a program says of itself to the tool, as an ELF note.
 *
 * Shape     a note of ABI_NOTE_OWNER without descriptor; its type says it.
 *           The section is not part of the program's memory.
 * Trust     a program that lies harms itself: it faults at its first use of a
 *           floating-point register.
 * Source    System V ABI, "Note Section"; docs/manual.md, "Subsystems".
 */
#pragma once

#define ABI_NOTE_OWNER      "Pride"
#define ABI_NOTE_OWNER_SIZE 6 /* with the zero at its end */

/* The program uses no floating-point registers. */
#define ABI_NOTE_NO_FPU 1
