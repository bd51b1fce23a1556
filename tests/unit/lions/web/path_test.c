/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * path_test.c - lions/web/path: targets become paths, or are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "lions/web/path.h"

struct path_case {
    const char *target;
    const char *path; /* NULL: 400 */
};

static void path_normalises(void **state)
{
    (void)state;
    static const struct path_case cases[] = {
        { "/", "/" },
        { "/a", "/a" },
        { "/a/", "/a/" },
        { "/a//b///c", "/a/b/c" },
        { "/./a/././b/.", "/a/b/" },
        { "/a/b/../c", "/a/c" },
        { "/a/b/..", "/a/" },
        { "/a/..", "/" },
        { "/a/b/../../c/", "/c/" },
        { "/..a/b../...", "/..a/b../..." },
        { "/%61%2Eb", "/a.b" },
        { "/a/%2e%2E/b", "/b" },
        { "/a%20b%C3%a4", "/a b\xc3\xa4" },
        { "/a?x=/../..", "/a" },
        { "/?", "/" },
        { "http://host/x", "/x" },
        { "HTTP://host:80/x?y", "/x" },
        { "http://host", "/" },
        { "/..", NULL },
        { "/../etc/passwd", NULL },
        { "/a/../../b", NULL },
        { "/%2e%2e/b", NULL },
        { "/a/./../../b", NULL },
        { "/%", NULL },
        { "/%4", NULL },
        { "/%zz", NULL },
        { "/%4g", NULL },
        { "/%00", NULL },
        { "/a%00.html", NULL },
        { "/a%0d%0aSet-Cookie:", NULL },
        { "/a%2fb", NULL },
        { "/a%2Fb", NULL },
        { "/a%5c..%5cb", NULL },
        { "/a\\b", NULL },
        { "/a%7f", NULL },
        { "/a#b", NULL },
        { "*", NULL },
        { "", NULL },
        { "?x", NULL },
        { "a", NULL },
        { "host:80", NULL },
        { "http://", NULL },
        { "http:///x", NULL },
        { "https://host/x", NULL },
        { "ftp://host/x", NULL },
    };
    static struct web_path path;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct path_case *c = &cases[i];
        unsigned status =
            web_path_from_target(c->target, strlen(c->target), &path);

        if (status != (c->path == NULL ? 400 : 0)) {
            fail_msg("%s: status %u", c->target, status);
        }
        if (c->path != NULL) {
            assert_int_equal(path.len, strlen(c->path));
            assert_memory_equal(path.bytes, c->path, path.len);
        }
    }
}

static void path_nul_byte(void **state)
{
    (void)state;
    static struct web_path path;

    assert_int_equal(web_path_from_target("/a\0b", 4, &path), 400);
}

static void path_length(void **state)
{
    (void)state;
    static struct web_path path;
    static char target[3 * WEB_PATH_MAX];

    memset(target, 'a', sizeof(target));
    target[0] = '/';
    assert_int_equal(web_path_from_target(target, WEB_PATH_MAX, &path), 0);
    assert_int_equal(path.len, WEB_PATH_MAX);
    assert_int_equal(
        web_path_from_target(target, WEB_PATH_MAX + 1, &path), 414);
    memset(target, '/', sizeof(target));
    assert_int_equal(web_path_from_target(target, sizeof(target), &path), 0);
    assert_int_equal(path.len, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_normalises),
        cmocka_unit_test(path_nul_byte),
        cmocka_unit_test(path_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
