/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * path.h - from a request target to the path of a file.
 *
 * Shape     a path begins with '/', has no empty, "." or ".." segment; it ends
 *           with '/' when it names a directory.
 * Units     bytes.
 * Trust     the target is any bytes of a peer.
 * Errors    an HTTP status: 0, 400 or 414.  After an error `out` is undefined.
 * Source    RFC 9112 section 3.2 (forms), RFC 3986 sections 2.1 and 5.2.4.
 *
 * Refused with 400: a target that does not begin with '/' (after the authority
 * of the absolute form), a bad percent-encoding, an encoded slash, control
 * characters, a backslash, and ".." above the root.
 */
#pragma once

#include <stddef.h>

#include "base/attr.h"

#define WEB_PATH_MAX 1024u

struct web_path {
    size_t len;
    char bytes[WEB_PATH_MAX];
};

/** Decodes and normalises `target`; the query is dropped. */
MUST_USE unsigned web_path_from_target(
    const char *target, size_t len, struct web_path *out);
