/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h - memory and string functions for components without a C library.
 *
 * Shape     the C standard's; libbase.a has them.
 * Source    C11 7.24.
 */
#pragma once

#include "base/mem.h"
#include "base/str.h"
