/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status_test.c - systems/webserver/status: what is written, and pages of
 * components that were taken over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/syscall.h"
#include "systems/webserver/status.h"

static struct web_counts counts;
static struct stats_page page;
static char buf[24576];

/* One PD, one page with two counters, one fact. */
static struct status status_make(void)
{
    struct status s = {
        .uptime_ns = 5000000001,
        .ticks = 100,
        .tick_hz = 1000000,
        .pd_count = 1,
        .page_count = 1,
        .fact_count = 1,
        .connections = 2,
        .connection_limit = 96,
        .counts = &counts,
        .pds[0] = { .name = "web",
            .state = ABI_STATE_WAITING,
            .ticks = 7000,
            .starts = 1,
            .switches = 9 },
        .pages[0] = &page,
        .facts[0] = { .name = "Board", .value = "a \"b\"" },
    };

    counts = (struct web_counts){ .accepted = 3, .requests = 4 };
    memset(&page, 0, sizeof(page));
    strcpy(page.component, "driver");
    strcpy(page.entry[0].name, "packets");
    page.entry[0].value = UINT64_MAX;
    strcpy(page.entry[1].name, "bytes");
    page.count = 2;
    page.magic = STATS_MAGIC;
    return s;
}

static const char *json_of(const struct status *s)
{
    struct web_text out = web_text_over(buf, sizeof(buf) - 1);

    status_write_json(s, &out);
    assert_false(out.overflow);
    buf[out.len] = '\0';
    return buf;
}

static void json_is_exact(void **state)
{
    (void)state;
    struct status s = status_make();

    assert_string_equal(json_of(&s),
        "{\"uptime_ns\":5000000001,\"ticks\":100,\"tick_hz\":1000000,"
        "\"http\":{\"connections\":2,\"connection_limit\":96,\"accepted\":3,"
        "\"refused\":0,\"half_open\":0,\"requests\":4,\"ok\":0,\"unchanged\":0,"
        "\"bad\":0,"
        "\"timeouts\":0,\"aborted\":0,\"body_bytes\":0},"
        "\"pds\":[{\"name\":\"web\",\"state\":\"waiting\",\"ticks\":7000,"
        "\"starts\":1,\"switches\":9,\"faults\":0}],"
        "\"components\":[{\"name\":\"driver\",\"counters\":{\"packets\":"
        "18446744073709551615,\"bytes\":0}}],"
        "\"facts\":{\"Board\":\"a \\\"b\\\"\"}}\n");
}

static void text_has_everything(void **state)
{
    (void)state;
    struct status s = status_make();
    struct web_text out = web_text_over(buf, sizeof(buf) - 1);

    status_write_text(&s, &out);
    assert_false(out.overflow);
    buf[out.len] = '\0';
    assert_non_null(strstr(buf, "Uptime in seconds: 5\n"));
    assert_non_null(strstr(buf, "  web: waiting\n"));
    assert_non_null(strstr(buf, "    processor time in ms: 7\n"));
    assert_non_null(strstr(buf, "    requests: 4\n"));
    assert_non_null(strstr(buf, "  driver\n    packets: 184467"));
}

static void hostile_pages(void **state)
{
    (void)state;
    struct status s = status_make();

    /* not filled in, or nonsense: left out */
    page.magic = 0;
    assert_non_null(strstr(json_of(&s), "\"components\":[],"));
    page.magic = STATS_MAGIC;
    page.count = UINT32_MAX;
    assert_non_null(strstr(json_of(&s), "\"components\":[],"));

    /* names without an end, quotes, control characters, no ASCII */
    page.count = STATS_ENTRIES_MAX;
    memset(page.component, 'x', sizeof(page.component));
    memset(page.entry, 0xc3, sizeof(page.entry));
    page.entry[0].name[0] = '"';
    page.entry[0].name[1] = '\n';
    const char *json = json_of(&s);
    assert_non_null(
        strstr(json, "\"name\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""));
    assert_non_null(strstr(json, "{\"\\\"??????????????????????\":"));
    assert_null(strchr(json, '\xc3'));

    s.pds[0].state = 77;
    assert_non_null(strstr(json_of(&s), "\"state\":\"unknown\""));
    struct web_text out = web_text_over(buf, sizeof(buf));
    s.tick_hz = 0; /* no division by it */
    status_write_text(&s, &out);
    assert_false(out.overflow);
}

static void full_house_fits(void **state)
{
    (void)state;
    struct status s = status_make();

    s.pd_count = STATUS_PDS_MAX;
    for (unsigned i = 0; i < STATUS_PDS_MAX; i++) {
        s.pds[i] = s.pds[0];
        memset(s.pds[i].name, 'n', SUPERVISOR_NAME_SIZE - 1);
        s.pds[i].ticks = UINT64_MAX;
    }
    s.page_count = 10;
    page.count = STATUS_COUNTERS_MAX;
    for (unsigned i = 0; i < STATUS_COUNTERS_MAX; i++) {
        memset(page.entry[i].name, 'c', STATS_NAME_SIZE - 1);
        page.entry[i].value = UINT64_MAX;
    }
    for (unsigned i = 0; i < s.page_count; i++) {
        s.pages[i] = &page;
    }
    assert_true(strlen(json_of(&s)) < WEB_RENDER_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_exact),
        cmocka_unit_test(text_has_everything),
        cmocka_unit_test(hostile_pages),
        cmocka_unit_test(full_house_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
