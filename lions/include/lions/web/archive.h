/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive.h - a directory of files packed into one read-only region.
 *
 * Shape     header, entries sorted by path, then strings and file contents.
 *           All numbers little endian; offsets count from the header.
 *
 *              0 u64  magic "PRIDWEB1"       an entry:
 *              8 u32  version                   0 u32 path offset
 *             12 u32  entry count               4 u16 path length
 *             16 u32  size of it all            6 u16 type length
 *             20 u32  offset of entries         8 u32 type offset
 *             24 u64  hash of bytes 32..size   12 u32 zero
 *                                              16 u64 time of change
 *                                              24 u32 data offset
 *                                              28 u32 data size
 *                                              32 u64 hash of the data
 *
 * Units     bytes; seconds since 1970; hashes are FNV-1a, 64 bits.
 * Owner     tools/webpack.py writes it; here it is only read.
 * Trust     none: web_archive_open() checks every entry once, after which
 *           the accessors need no checks.  The memory must not change.
 * Errors    web_archive_open() says what is wrong in words.
 * Source    this header.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define WEB_ARCHIVE_MAGIC       "PRIDWEB1"
#define WEB_ARCHIVE_VERSION     1u
#define WEB_ARCHIVE_HEADER_SIZE 32u
#define WEB_ARCHIVE_ENTRY_SIZE  40u
#define WEB_ARCHIVE_COUNT_MAX   4096u

/* A checked archive. */
struct web_archive {
    const uint8_t *bytes;
    const uint8_t *entries;
    uint32_t count;
};

/* One file; the pointers are into the archive. */
struct web_file {
    const char *type; /* content type, type_len bytes of printable ASCII */
    const uint8_t *data;
    uint64_t changed;
    uint64_t hash;
    uint32_t data_size;
    uint16_t type_len;
};

/**
 * Checks the archive in `size` bytes at `bytes` and opens it.  Returns NULL,
 * or what is wrong with it; `out` is then an archive without files.
 */
MUST_USE const char *web_archive_open(
    const void *bytes, size_t size, struct web_archive *out);

/** Finds a file by its exact path.  The search is binary. */
MUST_USE bool web_archive_find(const struct web_archive *archive,
    const char *path, size_t len, struct web_file *out);
