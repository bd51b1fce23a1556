/* SPDX-License-Identifier: BSD-2-Clause */
/* The note that tells the tool: this program uses no floating-point registers.
 * A program says so by linking this object.  The name does not begin with
 * ".note", which linker scripts discard. */
#include "abi/note.h"

    .section .pride.note, "", %note
    .balign 4
    .word ABI_NOTE_OWNER_SIZE
    .word 0
    .word ABI_NOTE_NO_FPU
    .asciz ABI_NOTE_OWNER
    .balign 4
