/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * site.c - a small site for the tests of lions/web.
 */
#include "tests/unit/lions/web/site.h"

#include <assert.h>
#include <string.h>

#include "base/attr.h"
#include "base/bytes.h"

struct source {
    const char *path;
    const char *type;
    size_t size;
};

static const struct source sources[] = {
    { "/big.bin", "application/octet-stream", SITE_BIG },
    { "/docs/index.html", "text/html; charset=utf-8", 40 },
    { "/index.html", "text/html; charset=utf-8", 300 },
    { "/style.css", "text/css; charset=utf-8", 0 },
};

static uint8_t archive[SITE_BIG + 4096];

static uint64_t hash_of(const uint8_t *bytes, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static uint32_t put(size_t *end, const void *bytes, size_t size)
{
    uint32_t at = (uint32_t)*end;

    assert(size <= sizeof(archive) - at);
    memcpy(archive + at, bytes, size);
    *end += size;
    return at;
}

static uint32_t put_pattern(size_t *end, size_t size, uint8_t seed)
{
    uint32_t at = (uint32_t)*end;

    for (size_t i = 0; i < size; i++) {
        archive[at + i] = (uint8_t)(i * 7 + i / 251 + seed);
    }
    *end += size;
    return at;
}

void site_archive_seal(uint8_t *bytes, size_t size)
{
    store_le64(bytes + 24, hash_of(bytes + WEB_ARCHIVE_HEADER_SIZE,
                               size - WEB_ARCHIVE_HEADER_SIZE));
}

uint8_t *site_archive(size_t *size)
{
    size_t end =
        WEB_ARCHIVE_HEADER_SIZE + ARRAY_LEN(sources) * WEB_ARCHIVE_ENTRY_SIZE;

    memset(archive, 0, sizeof(archive));
    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        const struct source *s = &sources[i];
        uint8_t *entry =
            archive + WEB_ARCHIVE_HEADER_SIZE + i * WEB_ARCHIVE_ENTRY_SIZE;
        size_t path_len = strlen(s->path);
        size_t type_len = strlen(s->type);

        store_le32(entry, put(&end, s->path, path_len));
        store_le16(entry + 4, (uint16_t)path_len);
        store_le16(entry + 6, (uint16_t)type_len);
        store_le32(entry + 8, put(&end, s->type, type_len));
        store_le64(entry + 16, SITE_CHANGED);
        uint32_t data = put_pattern(&end, s->size, (uint8_t)i);
        store_le32(entry + 24, data);
        store_le32(entry + 28, (uint32_t)s->size);
        store_le64(entry + 32, hash_of(archive + data, s->size));
    }
    memcpy(archive, WEB_ARCHIVE_MAGIC, 8);
    store_le32(archive + 8, WEB_ARCHIVE_VERSION);
    store_le32(archive + 12, ARRAY_LEN(sources));
    store_le32(archive + 16, (uint32_t)end);
    store_le32(archive + 20, WEB_ARCHIVE_HEADER_SIZE);
    site_archive_seal(archive, end);
    *size = end;
    return archive;
}

static void render_status(struct web_text *out)
{
    web_text_put(out, "{\"ok\":true}");
}

static void render_huge(struct web_text *out)
{
    for (size_t i = 0; i <= WEB_RENDER_SIZE; i++) {
        web_text_put(out, "x");
    }
}

static const struct web_route routes[] = {
    { "/status.json", "application/json", render_status },
    { "/huge", "text/plain", render_huge },
};

const struct web_site *site_open(void)
{
    static struct web_site site;
    size_t size;
    const uint8_t *bytes = site_archive(&size);
    const char *error = web_archive_open(bytes, size, &site.files);

    assert(error == NULL);
    (void)error;
    site.routes = routes;
    site.route_count = ARRAY_LEN(routes);
    return &site;
}
