/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * response.c - decide and write the answer to one request.
 */
#include "lions/web/response.h"

#include <string.h>

#include "base/attr.h"
#include "lions/web/date.h"
#include "lions/web/path.h"

enum {
    STATUS_OK = 200,
    STATUS_MOVED = 301,
    STATUS_NOT_MODIFIED = 304,
    STATUS_NOT_FOUND = 404,
    STATUS_METHOD_NOT_ALLOWED = 405,
    STATUS_INTERNAL = 500,
    STATUS_UNAVAILABLE = 503,
    TAG_LEN = 18, /* a quoted 64-bit number in hexadecimal */
};

struct reason {
    unsigned status;
    const char *phrase;
};

static const struct reason reasons[] = {
    { 200, "OK" },
    { 301, "Moved Permanently" },
    { 304, "Not Modified" },
    { 400, "Bad Request" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 417, "Expectation Failed" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
};

/* The page that a person sees of an error, around the status and phrase. */
static const char page_begin[] =
    "<!doctype html><meta charset=utf-8><meta name=viewport "
    "content=\"width=device-width\"><title>Pride</title><style>body{font:1.1em "
    "system-ui;margin:20vh auto;max-width:24em;padding:0 "
    "1em;color-scheme:light "
    "dark}</style><h1>";
static const char page_end[] = "</h1><p><a href=\"/\">Start page</a></p>\n";

static const struct reason *reason_of(unsigned status)
{
    const struct reason *internal = NULL;

    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (reasons[i].status == status) {
            return &reasons[i];
        }
        if (reasons[i].status == STATUS_INTERNAL) {
            internal = &reasons[i];
        }
    }
    return internal;
}

/* Begins a response head: status line and what every response carries. */
static struct web_text head_begin(struct web_response *out, unsigned status)
{
    struct web_text t = web_text_over(out->head, WEB_HEAD_SIZE);
    const struct reason *reason = reason_of(status);

    out->status = reason->status;
    web_text_put(&t, "HTTP/1.1 ");
    web_text_u64(&t, reason->status, 3);
    web_text_put(&t, " ");
    web_text_put(&t, reason->phrase);
    web_text_put(&t, "\r\nServer: Pride\r\n"
                     "X-Content-Type-Options: nosniff\r\n");
    return t;
}

/* Ends the head.  Content-Length says what a GET has, also for HEAD. */
static void head_end(
    struct web_text *t, struct web_response *out, size_t content_length)
{
    if (out->status != STATUS_NOT_MODIFIED) {
        web_text_put(t, "Content-Length: ");
        web_text_u64(t, content_length, 1);
        web_text_put(t, "\r\n");
    }
    web_text_put(t, out->is_close ? "Connection: close\r\n\r\n"
                                  : "Connection: keep-alive\r\n\r\n");
    out->head_len = t->len;
}

static void head_field(
    struct web_text *t, const char *name, const char *value, size_t len)
{
    web_text_put(t, name);
    web_text_put(t, ": ");
    web_text_bytes(t, value, len);
    web_text_put(t, "\r\n");
}

/* The fields that only some of our pages have. */
static void page_fields(
    struct web_text *t, unsigned status, const struct web_path *location)
{
    web_text_put(t, "Content-Type: text/html; charset=utf-8\r\n"
                    "Cache-Control: no-store\r\n");
    if (status == STATUS_METHOD_NOT_ALLOWED) {
        web_text_put(t, "Allow: GET, HEAD\r\n");
    } else if (status == STATUS_UNAVAILABLE) {
        web_text_put(t, "Retry-After: 1\r\n");
    } else if (location != NULL) {
        web_text_put(t, "Location: ");
        web_text_url_path(t, location->bytes, location->len);
        web_text_put(t, "/\r\n");
    }
}

/* A response with a page of ours, which is sent as the end of the head. */
static void respond_page(
    struct web_response *out, unsigned status, const struct web_path *location)
{
    struct web_text t = head_begin(out, status);
    const char *phrase = reason_of(status)->phrase;

    page_fields(&t, status, location);
    head_end(&t, out,
        sizeof(page_begin) - 1 + 4 + strlen(phrase) + sizeof(page_end) - 1);
    if (!out->is_head) {
        web_text_put(&t, page_begin);
        web_text_u64(&t, out->status, 3);
        web_text_put(&t, " ");
        web_text_put(&t, phrase);
        web_text_put(&t, page_end);
        out->head_len = t.len;
    }
    if (t.overflow) { /* a long location with much to escape */
        respond_page(out, STATUS_NOT_FOUND, NULL);
    }
}

/* RFC 9110 13.1.2: does the list of entity tags name this one? */
static bool match_has_tag(const struct web_request *q, const char *tag)
{
    if (q->match_len == 1 && q->match[0] == '*') {
        return true;
    }
    for (size_t i = 0; i + TAG_LEN <= q->match_len; i++) {
        if (memcmp(q->match + i, tag, TAG_LEN) == 0) {
            return true;
        }
    }
    return false;
}

/* Does the peer have this version of the file already? */
static bool is_unchanged(
    const struct web_request *q, const struct web_file *file, const char *tag)
{
    uint64_t since;

    if (q->match_len != 0) {
        return match_has_tag(q, tag);
    }
    return q->since_len != 0 && web_date_read(q->since, q->since_len, &since) &&
           file->changed <= since;
}

static void respond_file(const struct web_request *q,
    const struct web_file *file, struct web_response *out)
{
    char date[WEB_DATE_LEN];
    char tag[TAG_LEN];
    struct web_text tag_text = web_text_over(tag, sizeof(tag));

    web_text_put(&tag_text, "\"");
    web_text_hex64(&tag_text, file->hash);
    web_text_put(&tag_text, "\"");
    web_date_write(file->changed, date);

    bool unchanged = is_unchanged(q, file, tag);
    struct web_text t =
        head_begin(out, unchanged ? STATUS_NOT_MODIFIED : STATUS_OK);
    head_field(&t, "Last-Modified", date, sizeof(date));
    head_field(&t, "ETag", tag, sizeof(tag));
    web_text_put(&t, "Cache-Control: no-cache\r\n");
    if (!unchanged) {
        head_field(&t, "Content-Type", file->type, file->type_len);
        out->body = (const char *)file->data;
        out->body_len = file->data_size;
    }
    head_end(&t, out, file->data_size);
}

static void respond_route(
    const struct web_route *route, char *buf, struct web_response *out)
{
    struct web_text body = web_text_over(buf, WEB_RENDER_SIZE);

    route->render(&body);
    if (body.overflow) {
        respond_page(out, STATUS_INTERNAL, NULL);
        return;
    }

    struct web_text t = head_begin(out, STATUS_OK);
    head_field(&t, "Content-Type", route->type, strlen(route->type));
    web_text_put(&t, "Cache-Control: no-store\r\n");
    out->body = buf;
    out->body_len = body.len;
    out->is_rendered = true;
    head_end(&t, out, body.len);
}

static const struct web_route *route_find(
    const struct web_site *site, const struct web_path *path)
{
    for (size_t i = 0; i < site->route_count; i++) {
        const struct web_route *route = &site->routes[i];
        if (strlen(route->path) == path->len &&
            memcmp(route->path, path->bytes, path->len) == 0) {
            return route;
        }
    }
    return NULL;
}

/* Appends to a path and looks it up; the path stays as it was. */
static bool find_below(const struct web_site *site, struct web_path *path,
    const char *name, struct web_file *file)
{
    size_t name_len = strlen(name);

    if (name_len > sizeof(path->bytes) - path->len) {
        return false;
    }
    memcpy(path->bytes + path->len, name, name_len);
    return web_archive_find(
        &site->files, path->bytes, path->len + name_len, file);
}

static void respond_get(const struct web_site *site,
    const struct web_request *q, struct web_path *path, char *buf,
    struct web_response *out)
{
    const struct web_route *route = route_find(site, path);
    struct web_file file;

    if (route != NULL) {
        respond_route(route, buf, out);
    } else if (path->bytes[path->len - 1] == '/') {
        if (find_below(site, path, "index.html", &file)) {
            respond_file(q, &file, out);
        } else {
            respond_page(out, STATUS_NOT_FOUND, NULL);
        }
    } else if (web_archive_find(&site->files, path->bytes, path->len, &file)) {
        respond_file(q, &file, out);
    } else if (find_below(site, path, "/index.html", &file)) {
        respond_page(out, STATUS_MOVED, path);
    } else {
        respond_page(out, STATUS_NOT_FOUND, NULL);
    }
}

/* Everything but the head, which is written last. */
static void response_clear(
    struct web_response *out, bool is_close, bool is_head)
{
    out->status = 0;
    out->is_close = is_close;
    out->is_head = is_head;
    out->is_rendered = false;
    out->head_len = 0;
    out->body_len = 0;
    out->body = NULL;
}

void web_response_make(const struct web_site *site,
    const struct web_request *request, char *buf, struct web_response *out)
{
    struct web_path path;

    response_clear(
        out, !request->is_keep_alive, request->method == WEB_METHOD_HEAD);
    if (request->method == WEB_METHOD_OTHER) {
        respond_page(out, STATUS_METHOD_NOT_ALLOWED, NULL);
        return;
    }

    unsigned status =
        web_path_from_target(request->target, request->target_len, &path);
    if (status != 0) {
        respond_page(out, status, NULL);
    } else {
        respond_get(site, request, &path, buf, out);
    }
    if (out->is_head) {
        out->body_len = 0;
        out->is_rendered = false;
    }
}

void web_response_fail(unsigned status, struct web_response *out)
{
    response_clear(out, true, false);
    respond_page(out, status, NULL);
}
