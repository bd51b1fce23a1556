/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netif_address.h - reads an interface's address from text.
 *
 * Shape     "A.B.C.D", "A.B.C.D/PREFIX", either with ",GATEWAY" after it.
 * Units     addresses as numbers, first byte highest.
 * Trust     the text may be anything.
 * Errors    false, and `out` is untouched.
 * Source    RFC 4632 for the prefix.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

struct netif_address {
    uint32_t ip;
    uint32_t netmask; /* /24 if there is no prefix */
    uint32_t gateway; /* 0 if there is none */
};

/** Reads the whole text. */
MUST_USE bool netif_address_parse(const char *text, struct netif_address *out);
