/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * autoconf.h - the configuration, under the name by which seL4's build has it.
 *
 * Shape     see kernel/gen_config.h, which this file includes.
 * Source    sdk/config.
 */
#pragma once

#include <kernel/gen_config.h>
