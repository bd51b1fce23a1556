/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c - append text to a buffer of fixed size.
 */
#include "lions/web/text.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

struct web_text web_text_over(char *bytes, size_t size)
{
    return (struct web_text){ .bytes = bytes, .size = size };
}

void web_text_bytes(struct web_text *t, const char *bytes, size_t len)
{
    if (t->overflow || len > t->size - t->len) {
        t->overflow = true;
        return;
    }
    memcpy(t->bytes + t->len, bytes, len);
    t->len += len;
}

void web_text_put(struct web_text *t, const char *string)
{
    web_text_bytes(t, string, strlen(string));
}

void web_text_u64(struct web_text *t, uint64_t value, unsigned digits)
{
    char buf[20];
    size_t at = sizeof(buf);

    do {
        buf[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (at > 0 && (value != 0 || sizeof(buf) - at < digits));
    web_text_bytes(t, buf + at, sizeof(buf) - at);
}

void web_text_hex64(struct web_text *t, uint64_t value)
{
    char buf[16];

    for (size_t i = sizeof(buf); i > 0; i--) {
        buf[i - 1] = hex_digits[value & 15];
        value >>= 4;
    }
    web_text_bytes(t, buf, sizeof(buf));
}

/* The characters of RFC 3986 that stand for themselves in a path. */
static bool is_path_char(char c)
{
    bool is_alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9');

    return is_alnum || (c != '\0' && strchr("-._~/!$&'()*+,;=:@", c) != NULL);
}

void web_text_url_path(struct web_text *t, const char *path, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t c = (uint8_t)path[i];

        if (is_path_char(path[i])) {
            web_text_bytes(t, &path[i], 1);
        } else {
            char code[3] = { '%', hex_digits[c >> 4], hex_digits[c & 15] };
            web_text_bytes(t, code, sizeof(code));
        }
    }
}

void web_text_json(struct web_text *t, const char *string)
{
    web_text_bytes(t, "\"", 1);
    for (const char *p = string; *p != '\0'; p++) {
        uint8_t c = (uint8_t)*p;

        if (c == '"' || c == '\\') {
            char escape[2] = { '\\', *p };
            web_text_bytes(t, escape, sizeof(escape));
        } else if (c < 0x20) {
            char escape[6] = { '\\', 'u', '0', '0', hex_digits[c >> 4],
                hex_digits[c & 15] };
            web_text_bytes(t, escape, sizeof(escape));
        } else {
            web_text_bytes(t, c > 0x7e ? "?" : p, 1);
        }
    }
    web_text_bytes(t, "\"", 1);
}
