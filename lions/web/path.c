/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * path.c - from a request target to the path of a file.
 *
 * Decoding comes first and happens once; then the decoded bytes are taken
 * segment by segment, so that "%2e%2e" is the same as "..".
 */
#include "lions/web/path.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    STATUS_OK = 0,
    STATUS_BAD_REQUEST = 400,
    STATUS_TOO_LONG = 414,
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/* Decodes one character at `*at`; false for what a path may not contain. */
static bool decode_char(const char *target, size_t len, size_t *at, char *out)
{
    char c = target[*at];

    if (c == '%') {
        if (len - *at < 3) {
            return false;
        }
        int high = hex_value(target[*at + 1]);
        int low = hex_value(target[*at + 2]);
        if (high < 0 || low < 0) {
            return false;
        }
        c = (char)(uint8_t)(high * 16 + low);
        if (c == '/') {
            return false;
        }
        *at += 2;
    }
    *at += 1;
    *out = c;
    return (uint8_t)c >= 0x20 && c != 0x7f && c != '\\';
}

/*
 * Ends the segment that begins at `start` of `out`: drops it when it says
 * nothing, and its parent too when it is "..".  False: above the root.
 */
static bool end_segment(struct web_path *out, size_t *start)
{
    size_t len = out->len - *start;
    const char *segment = out->bytes + *start;

    if (len == 2 && memcmp(segment, "..", 2) == 0) {
        if (*start == 1) {
            return false;
        }
        out->len = *start - 1; /* behind the parent's last character */
        while (out->bytes[out->len - 1] != '/') {
            out->len--;
        }
    } else if (len == 0 || (len == 1 && segment[0] == '.')) {
        out->len = *start;
    } else {
        return true;
    }
    *start = out->len;
    return true;
}

/* Normalises `target`, which is a path and nothing else. */
static unsigned normalise(const char *target, size_t len, struct web_path *out)
{
    size_t start = 1; /* of the segment being written */
    size_t at = 1;

    out->bytes[0] = '/';
    out->len = 1;
    while (at < len) {
        bool is_slash = target[at] == '/';
        char c;

        if (!decode_char(target, len, &at, &c)) {
            return STATUS_BAD_REQUEST;
        }
        if (out->len == WEB_PATH_MAX) {
            return STATUS_TOO_LONG;
        }
        if (!is_slash) {
            out->bytes[out->len++] = c;
            continue;
        }
        if (!end_segment(out, &start)) {
            return STATUS_BAD_REQUEST;
        }
        if (out->len > start) {
            out->bytes[out->len++] = '/';
            start = out->len;
        }
    }
    return end_segment(out, &start) ? STATUS_OK : STATUS_BAD_REQUEST;
}

/* Skips "http://authority"; NULL when there is no path behind it. */
static const char *skip_authority(const char *target, size_t *len)
{
    static const char scheme[] = "http://";
    size_t scheme_len = sizeof(scheme) - 1;

    if (*len <= scheme_len) {
        return NULL;
    }
    for (size_t i = 0; i < scheme_len; i++) {
        char c = target[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != scheme[i]) {
            return NULL;
        }
    }
    const char *authority = target + scheme_len;
    const char *slash = memchr(authority, '/', *len - scheme_len);
    if (slash == NULL) {
        *len = 1;
        return "/";
    }
    *len -= (size_t)(slash - target);
    return slash == authority ? NULL : slash;
}

unsigned web_path_from_target(
    const char *target, size_t len, struct web_path *out)
{
    const char *query = memchr(target, '?', len);

    if (query != NULL) {
        len = (size_t)(query - target);
    }
    if (memchr(target, '#', len) != NULL) {
        return STATUS_BAD_REQUEST;
    }
    if (len > 0 && target[0] != '/') {
        target = skip_authority(target, &len);
        if (target == NULL) {
            return STATUS_BAD_REQUEST;
        }
    }
    if (len == 0) {
        return STATUS_BAD_REQUEST;
    }
    return normalise(target, len, out);
}
