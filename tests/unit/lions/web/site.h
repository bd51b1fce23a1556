/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * site.h - a small site for the tests of lions/web.
 *
 * Shape     an archive of four files, built in memory; two routes.
 * Units     bytes.
 * Owner     the test program.
 * Trust     tests only.
 * Errors    none: the files are fixed.
 * Source    lions/include/lions/web/archive.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lions/web/response.h"

#define SITE_CHANGED 784111777u /* Sun, 06 Nov 1994 08:49:37 GMT */
#define SITE_BIG     100000u    /* size of /big.bin */

/** The archive as bytes; `size` is set to their number. */
uint8_t *site_archive(size_t *size);

/** Recomputes the archive's hash after a test has changed it. */
void site_archive_seal(uint8_t *bytes, size_t size);

/** A site over the archive and the routes /status.json and /huge. */
const struct web_site *site_open(void);
