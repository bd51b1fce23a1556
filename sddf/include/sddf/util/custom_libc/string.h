/* SPDX-License-Identifier: BSD-2-Clause */
/* string.h - for sources that include <string.h> and link no C library: put
 * this directory on the include path, as sDDF's build does. */
#pragma once

#include <sddf/util/string.h>
