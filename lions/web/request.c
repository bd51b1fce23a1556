/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.c - read one HTTP/1.x request from a stream of bytes.
 *
 * The method is collected before the parser sees it, so that a strange word
 * (501) can be told from garbage (400).  From there http-parser drives the
 * callbacks below, which keep what matters and enforce the limits; each may be
 * called many times with pieces of one value.
 */
#include "lions/web/request.h"

#include <string.h>

enum {
    STATUS_BAD_REQUEST = 400,
    STATUS_TOO_LARGE = 413,
    STATUS_TARGET_TOO_LONG = 414,
    STATUS_EXPECTATION_FAILED = 417,
    STATUS_HEAD_TOO_LARGE = 431,
    STATUS_NOT_IMPLEMENTED = 501,
    STATUS_VERSION = 505,
};

/* The fields by number; names in lower case. */
static const char *const field_names[WEB_FIELD_COUNT] = {
    [WEB_FIELD_OTHER] = "",
    [WEB_FIELD_HOST] = "host",
    [WEB_FIELD_SINCE] = "if-modified-since",
    [WEB_FIELD_MATCH] = "if-none-match",
    [WEB_FIELD_EXPECT] = "expect",
    [WEB_FIELD_CODING] = "transfer-encoding",
};

static int fail(struct web_reader *r, unsigned status)
{
    if (r->state != WEB_READER_FAILED) {
        r->state = WEB_READER_FAILED;
        r->status = status;
    }
    return -1; /* stops the parser; 1 and 2 would mean something else */
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* RFC 9110 5.6.2: a character of a token. */
static bool is_token_char(char c)
{
    bool is_alnum =
        (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');

    return is_alnum || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Appends to a value of at most `size` bytes; false when it does not fit. */
static bool append(
    char *value, size_t size, uint16_t *value_len, const char *at, size_t len)
{
    if (len > size - *value_len) {
        return false;
    }
    memcpy(value + *value_len, at, len);
    *value_len = (uint16_t)(*value_len + len);
    return true;
}

static int on_url(http_parser *parser, const char *at, size_t len)
{
    struct web_reader *r = parser->data;

    if (!append(r->request.target, sizeof(r->request.target),
            &r->request.target_len, at, len)) {
        return fail(r, STATUS_TARGET_TOO_LONG);
    }
    return 0;
}

static int on_field_name(http_parser *parser, const char *at, size_t len)
{
    struct web_reader *r = parser->data;

    if (r->in_value || r->field_count == 0) { /* a new field begins */
        if (r->field_count == WEB_FIELDS_MAX) {
            return fail(r, STATUS_HEAD_TOO_LARGE);
        }
        r->field_count++;
        r->in_value = false;
        r->name_len = 0;
        r->name_too_long = false;
    }
    for (size_t i = 0; i < len; i++) {
        if (r->name_len == sizeof(r->name)) {
            r->name_too_long = true;
            break;
        }
        r->name[r->name_len++] = lower(at[i]);
    }
    return 0;
}

static enum web_field field_of(const struct web_reader *r)
{
    for (unsigned i = WEB_FIELD_OTHER + 1; i < WEB_FIELD_COUNT; i++) {
        if (!r->name_too_long && strlen(field_names[i]) == r->name_len &&
            memcmp(field_names[i], r->name, r->name_len) == 0) {
            return (enum web_field)i;
        }
    }
    return WEB_FIELD_OTHER;
}

/* The first piece of a value: which field is it, and is it allowed again? */
static void begin_value(struct web_reader *r)
{
    r->in_value = true;
    r->field = field_of(r);
    if (r->field == WEB_FIELD_HOST && r->host_count < 2) {
        r->host_count++;
    } else if (r->field == WEB_FIELD_EXPECT) {
        r->has_expect = true;
    } else if (r->field == WEB_FIELD_CODING) {
        r->has_coding = true;
    }
}

static int on_field_value(http_parser *parser, const char *at, size_t len)
{
    struct web_reader *r = parser->data;
    struct web_request *q = &r->request;

    if (r->state != WEB_READER_HEAD) {
        return 0; /* a trailer */
    }
    if (!r->in_value) {
        begin_value(r);
    }
    if (r->field == WEB_FIELD_HOST) {
        if (!append(r->host, sizeof(r->host), &r->host_len, at, len)) {
            return fail(r, STATUS_BAD_REQUEST);
        }
    } else if (r->field == WEB_FIELD_SINCE) {
        if (!append(q->since, sizeof(q->since), &q->since_len, at, len)) {
            q->since_len = 0;
            r->field = WEB_FIELD_OTHER;
        }
    } else if (r->field == WEB_FIELD_MATCH) {
        if (!append(q->match, sizeof(q->match), &q->match_len, at, len)) {
            q->match_len = 0;
            r->field = WEB_FIELD_OTHER;
        }
    }
    return 0;
}

/* RFC 9110 7.2: a name or an address, and perhaps a port. */
static bool is_host(const char *host, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = lower(host[i]);
        bool is_alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_alnum &&
            (c == '\0' || strchr("-._~!$&'()*+,;=:[]%", c) == NULL)) {
            return false;
        }
    }
    return true;
}

/* What is wrong with the header as a whole: a status, or 0. */
static unsigned check_head(const struct web_reader *r)
{
    const http_parser *p = &r->parser;
    bool has_length = p->content_length != UINT64_MAX;
    bool has_body = (has_length && p->content_length != 0) || r->has_coding;

    if (p->http_major != 1) {
        return STATUS_VERSION;
    }
    if (r->host_count > 1 || (r->host_count == 0 && p->http_minor > 0) ||
        !is_host(r->host, r->host_len)) {
        return STATUS_BAD_REQUEST;
    }
    if (r->has_coding && p->http_minor == 0) {
        return STATUS_BAD_REQUEST;
    }
    if (r->has_coding && !(p->flags & F_CHUNKED)) {
        return STATUS_NOT_IMPLEMENTED;
    }
    if (has_length && p->content_length > WEB_BODY_MAX) {
        return STATUS_TOO_LARGE;
    }
    return r->has_expect && has_body ? STATUS_EXPECTATION_FAILED : 0;
}

static int on_headers_complete(http_parser *parser)
{
    struct web_reader *r = parser->data;
    struct web_request *q = &r->request;
    unsigned status = check_head(r);

    if (status != 0) {
        return fail(r, status);
    }
    /* behind a chunked body the next request is not to be trusted */
    q->is_keep_alive = http_should_keep_alive(parser) && !r->has_coding;
    q->method = WEB_METHOD_OTHER;
    if (parser->method == HTTP_GET) {
        q->method = WEB_METHOD_GET;
    } else if (parser->method == HTTP_HEAD) {
        q->method = WEB_METHOD_HEAD;
    } else if (parser->method == HTTP_CONNECT) {
        q->is_keep_alive = false;
    }
    r->state = WEB_READER_BODY;
    return 0;
}

static int on_complete(http_parser *parser)
{
    struct web_reader *r = parser->data;

    r->state = WEB_READER_COMPLETE;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings settings = {
    .on_url = on_url,
    .on_header_field = on_field_name,
    .on_header_value = on_field_value,
    .on_headers_complete = on_headers_complete,
    .on_message_complete = on_complete,
};

void web_reader_start(struct web_reader *r)
{
    http_parser_init(&r->parser, HTTP_REQUEST);
    r->parser.data = r;
    r->state = WEB_READER_METHOD;
    r->status = 0;
    r->head_size = 0;
    r->body_size = 0;
    r->method_len = 0;
    r->request.target_len = 0;
    r->request.since_len = 0;
    r->request.match_len = 0;
    r->in_value = false;
    r->name_too_long = false;
    r->field = WEB_FIELD_OTHER;
    r->name_len = 0;
    r->field_count = 0;
    r->host_count = 0;
    r->host_len = 0;
    r->has_expect = false;
    r->has_coding = false;
}

/* Which status does the parser's error deserve? */
static unsigned status_of(const http_parser *parser)
{
    switch ((int)HTTP_PARSER_ERRNO(parser)) {
    case HPE_INVALID_METHOD:
    case HPE_INVALID_TRANSFER_ENCODING:
        return STATUS_NOT_IMPLEMENTED;
    case HPE_HEADER_OVERFLOW:
        return STATUS_HEAD_TOO_LARGE;
    default:
        return STATUS_BAD_REQUEST;
    }
}

/* Gives bytes to the parser; returns how many it used. */
static size_t parse(struct web_reader *r, const char *data, size_t len)
{
    size_t used = http_parser_execute(&r->parser, &settings, data, len);
    enum http_errno error = HTTP_PARSER_ERRNO(&r->parser);

    if (error != HPE_OK && error != HPE_PAUSED) {
        (void)fail(r, status_of(&r->parser));
    } else if (r->parser.http_major > 1) {
        (void)fail(r, STATUS_VERSION);
    }
    return used;
}

/*
 * Collects the method up to its space, skipping empty lines before it, then
 * gives it to the parser.  Returns the bytes used.
 */
static size_t read_method(struct web_reader *r, const char *data, size_t len)
{
    size_t used = 0;

    while (used < len && r->state == WEB_READER_METHOD) {
        char c = data[used++];

        r->head_size++;
        if (r->method_len == 0 && (c == '\r' || c == '\n')) {
            if (r->head_size > WEB_HEAD_MAX) {
                (void)fail(r, STATUS_BAD_REQUEST);
            }
        } else if (c == ' ' && r->method_len > 0) {
            r->state = WEB_READER_HEAD;
        } else if (!is_token_char(c)) {
            (void)fail(r, STATUS_BAD_REQUEST);
        } else if (r->method_len == WEB_METHOD_MAX) {
            (void)fail(r, STATUS_NOT_IMPLEMENTED);
        } else {
            r->method[r->method_len++] = c;
        }
    }
    if (r->state == WEB_READER_HEAD) {
        (void)parse(r, r->method, r->method_len);
        if (r->state == WEB_READER_HEAD) {
            (void)parse(r, " ", 1);
        }
    }
    return used;
}

/* Parses header bytes within the limit of their number. */
static size_t read_head(struct web_reader *r, const char *data, size_t len)
{
    size_t room = WEB_HEAD_MAX - r->head_size;
    size_t used = parse(r, data, len < room ? len : room);

    r->head_size += (uint32_t)used;
    if (r->state == WEB_READER_HEAD && r->head_size == WEB_HEAD_MAX) {
        (void)fail(r, STATUS_HEAD_TOO_LARGE);
    }
    return used;
}

static size_t read_body(struct web_reader *r, const char *data, size_t len)
{
    size_t room = WEB_BODY_MAX - r->body_size;
    size_t used = parse(r, data, len < room ? len : room);

    r->body_size += (uint32_t)used;
    if (r->state == WEB_READER_BODY && r->body_size == WEB_BODY_MAX) {
        (void)fail(r, STATUS_TOO_LARGE);
    }
    return used;
}

size_t web_reader_feed(struct web_reader *r, const char *data, size_t len)
{
    size_t used = 0;

    if (r->state == WEB_READER_METHOD) {
        used = read_method(r, data, len);
    }
    if (r->state == WEB_READER_HEAD && used < len) {
        used += read_head(r, data + used, len - used);
    }
    if (r->state == WEB_READER_BODY && used < len) {
        used += read_body(r, data + used, len - used);
    }
    return used;
}
