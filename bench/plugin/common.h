/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common.h - what our plugins share: a live file, and whose code is running.
 *
 *   -plugin X.so,out=PATH,kernel=BASE:END[,kernel=BASE:END]...
 *
 * Shape     the file is mapped by QEMU and by whoever measures, so a window
 *           can be opened and closed from outside at any moment, without a mark
 *           in the guest.  QEMU takes `file=` for itself: ours is `out`.
 * Units     virtual addresses, half-open ranges.
 * Owner     the plugin writes the file; the file's maker removes it.
 * Trust     the command line is the user's own.
 * Errors    false, after a message on stderr; then QEMU does not start.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/plugin/api.h"

/** Takes `out=` and `kernel=`; `more`, if any, takes other arguments.  Maps
 *  `size` bytes; *file is the mapping. */
bool common_arguments(int argc, char **argv, size_t size, void **file,
    bool (*more)(const char *argument));

/** Says which interface this QEMU has; before common_opcode(). */
void common_interface(const struct qemu_info_t *info);

/** Is this an address of the kernel? */
bool common_is_kernel(uint64_t address);

/** The instruction as the processor reads it: 32 bits. */
uint32_t common_opcode(const struct qemu_plugin_insn *insn);
