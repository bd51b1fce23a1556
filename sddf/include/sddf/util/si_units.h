/* SPDX-License-Identifier: BSD-2-Clause */
/* si_units.h - prefixes and time units.  Names of sDDF 0.7. */
#pragma once

#define KILO (1000ULL)
#define MEGA (1000ULL * 1000ULL)
#define GIGA (1000ULL * 1000ULL * 1000ULL)

#define FS_IN_S  1000000000000000ULL
#define PS_IN_S  1000000000000ULL
#define NS_IN_S  1000000000ULL
#define NS_IN_MS 1000000ULL
#define NS_IN_US 1000ULL
#define US_IN_MS 1000ULL
#define US_IN_S  1000000ULL
#define MS_IN_S  1000ULL
