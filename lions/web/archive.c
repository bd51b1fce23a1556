/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive.c - check a packed directory once, then look files up in it.
 */
#include "lions/web/archive.h"

#include <string.h>

#include "base/bytes.h"
#include "base/range.h"
#include "lions/web/date.h"
#include "lions/web/path.h"

/* Offsets in the header and in an entry; see archive.h. */
enum {
    HEADER_VERSION = 8,
    HEADER_COUNT = 12,
    HEADER_SIZE = 16,
    HEADER_ENTRIES = 20,
    HEADER_HASH = 24,

    ENTRY_PATH = 0,
    ENTRY_PATH_LEN = 4,
    ENTRY_TYPE_LEN = 6,
    ENTRY_TYPE = 8,
    ENTRY_CHANGED = 16,
    ENTRY_DATA = 24,
    ENTRY_DATA_SIZE = 28,
    ENTRY_HASH = 32,

    TYPE_MAX = 100,
};

static uint64_t fnv1a(const uint8_t *bytes, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static const uint8_t *entry_at(const struct web_archive *a, uint32_t index)
{
    return a->entries + (size_t)index * WEB_ARCHIVE_ENTRY_SIZE;
}

/* Orders two paths by their bytes, a prefix before what it begins. */
static int path_compare(
    const void *a, size_t a_len, const void *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    if (order != 0 || a_len == b_len) {
        return order;
    }
    return a_len < b_len ? -1 : 1;
}

static int entry_compare(
    const struct web_archive *a, uint32_t index, const void *path, size_t len)
{
    const uint8_t *entry = entry_at(a, index);

    return path_compare(a->bytes + load_le32(entry + ENTRY_PATH),
        load_le16(entry + ENTRY_PATH_LEN), path, len);
}

static bool is_printable(const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < 0x20 || text[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

/* Checks one entry against the archive's size. */
static const char *check_entry(
    const struct web_archive *a, size_t size, uint32_t index)
{
    const uint8_t *entry = entry_at(a, index);
    uint32_t path = load_le32(entry + ENTRY_PATH);
    uint16_t path_len = load_le16(entry + ENTRY_PATH_LEN);
    uint32_t type = load_le32(entry + ENTRY_TYPE);
    uint16_t type_len = load_le16(entry + ENTRY_TYPE_LEN);
    uint32_t data = load_le32(entry + ENTRY_DATA);
    uint32_t data_size = load_le32(entry + ENTRY_DATA_SIZE);

    if (!range_contains(size, path, path_len) ||
        !range_contains(size, type, type_len) ||
        !range_contains(size, data, data_size)) {
        return "an entry points outside the archive";
    }
    if (path_len == 0 || path_len > WEB_PATH_MAX || a->bytes[path] != '/') {
        return "a path is not absolute";
    }
    if (type_len == 0 || type_len > TYPE_MAX ||
        !is_printable(a->bytes + type, type_len)) {
        return "a content type is not printable";
    }
    if (load_le64(entry + ENTRY_CHANGED) > WEB_DATE_MAX) {
        return "a time of change is out of range";
    }
    if (index > 0 &&
        entry_compare(a, index - 1, a->bytes + path, path_len) >= 0) {
        return "the paths are not sorted";
    }
    return NULL;
}

const char *web_archive_open(
    const void *bytes, size_t size, struct web_archive *out)
{
    struct web_archive a = { .bytes = bytes };

    *out = (struct web_archive){ 0 };
    if (size < WEB_ARCHIVE_HEADER_SIZE) {
        return "too small for a header";
    }
    if (memcmp(bytes, WEB_ARCHIVE_MAGIC, sizeof(WEB_ARCHIVE_MAGIC) - 1) != 0) {
        return "not an archive";
    }
    if (load_le32(a.bytes + HEADER_VERSION) != WEB_ARCHIVE_VERSION) {
        return "another version";
    }

    uint32_t total = load_le32(a.bytes + HEADER_SIZE);
    uint32_t entries = load_le32(a.bytes + HEADER_ENTRIES);
    a.count = load_le32(a.bytes + HEADER_COUNT);
    if (total < WEB_ARCHIVE_HEADER_SIZE || total > size) {
        return "larger than its memory";
    }
    if (a.count > WEB_ARCHIVE_COUNT_MAX ||
        !range_contains(total, entries, a.count * WEB_ARCHIVE_ENTRY_SIZE)) {
        return "too many entries";
    }
    if (load_le64(a.bytes + HEADER_HASH) !=
        fnv1a(a.bytes + WEB_ARCHIVE_HEADER_SIZE,
            total - WEB_ARCHIVE_HEADER_SIZE)) {
        return "its content was changed";
    }
    a.entries = a.bytes + entries;
    for (uint32_t i = 0; i < a.count; i++) {
        const char *error = check_entry(&a, total, i);
        if (error != NULL) {
            return error;
        }
    }
    *out = a;
    return NULL;
}

static void file_read(
    const struct web_archive *a, const uint8_t *entry, struct web_file *out)
{
    const uint8_t *type = a->bytes + load_le32(entry + ENTRY_TYPE);

    out->type = (const char *)type;
    out->type_len = load_le16(entry + ENTRY_TYPE_LEN);
    out->data = a->bytes + load_le32(entry + ENTRY_DATA);
    out->data_size = load_le32(entry + ENTRY_DATA_SIZE);
    out->changed = load_le64(entry + ENTRY_CHANGED);
    out->hash = load_le64(entry + ENTRY_HASH);
}

bool web_archive_find(const struct web_archive *archive, const char *path,
    size_t len, struct web_file *out)
{
    uint32_t low = 0;
    uint32_t high = archive->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = entry_compare(archive, middle, path, len);

        if (order == 0) {
            file_read(archive, entry_at(archive, middle), out);
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}
