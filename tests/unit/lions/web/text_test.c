/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text_test.c - lions/web/text: text in a buffer, escapes, and its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lions/web/text.h"

static void assert_text(const struct web_text *t, const char *expected)
{
    assert_false(t->overflow);
    assert_int_equal(t->len, strlen(expected));
    assert_memory_equal(t->bytes, expected, t->len);
}

static void text_appends(void **state)
{
    (void)state;
    char buf[200];
    struct web_text t = web_text_over(buf, sizeof(buf));

    web_text_put(&t, "a=");
    web_text_u64(&t, 0, 1);
    web_text_put(&t, ",");
    web_text_u64(&t, 7, 2);
    web_text_put(&t, ",");
    web_text_u64(&t, UINT64_MAX, 1);
    web_text_put(&t, ",");
    web_text_hex64(&t, 0x0123456789abcdef);
    assert_text(&t, "a=0,07,18446744073709551615,0123456789abcdef");
}

static void text_escapes(void **state)
{
    (void)state;
    char buf[200];
    struct web_text t = web_text_over(buf, sizeof(buf));

    web_text_json(&t, "a\"b\\c\n\x01\x7f\xc3z");
    assert_text(&t, "\"a\\\"b\\\\c\\u000a\\u0001??z\"");
    t = web_text_over(buf, sizeof(buf));
    web_text_url_path(&t, "/a b/\xc3?#%\r\n", 11);
    assert_text(&t, "/a%20b/%c3%3f%23%25%0d%0a");
}

static void text_overflow_is_final(void **state)
{
    (void)state;
    char buf[8] = "-------";
    struct web_text t = web_text_over(buf, 4);

    web_text_put(&t, "abc");
    web_text_put(&t, "de");
    assert_true(t.overflow);
    web_text_put(&t, "f");
    assert_int_equal(t.len, 3);
    assert_int_equal(buf[3], '-');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_appends),
        cmocka_unit_test(text_escapes),
        cmocka_unit_test(text_overflow_is_final),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
