/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.c - the status of the system as JSON and as plain text.
 */
#include "systems/webserver/status.h"

#include <string.h>

#include "abi/syscall.h"
#include "base/attr.h"

/* One number with its name. */
struct number {
    const char *name;
    uint64_t value;
};

static const char *state_name(uint64_t state)
{
    static const char *const names[] = {
        [ABI_STATE_READY] = "ready",
        [ABI_STATE_WAITING] = "waiting",
        [ABI_STATE_CALLING] = "calling",
        [ABI_STATE_FAULTED] = "faulted",
        [ABI_STATE_STOPPED] = "stopped",
    };

    return state < ARRAY_LEN(names) ? names[state] : "unknown";
}

static void json_number(
    struct web_text *out, bool is_first, const char *name, uint64_t value)
{
    web_text_put(out, is_first ? "" : ",");
    web_text_json(out, name);
    web_text_put(out, ":");
    web_text_u64(out, value, 1);
}

static void text_number(struct web_text *out, const char *name, uint64_t value)
{
    web_text_put(out, "    ");
    web_text_put(out, name);
    web_text_put(out, ": ");
    web_text_u64(out, value, 1);
    web_text_put(out, "\n");
}

/* The server's own numbers; returns how many. */
static size_t http_numbers(const struct status *s, struct number out[12])
{
    const struct web_counts *n = s->counts;
    const struct number numbers[] = {
        { "connections", s->connections },
        { "connection_limit", s->connection_limit },
        { "accepted", n->accepted },
        { "refused", n->refused },
        { "half_open", n->half_open },
        { "requests", n->requests },
        { "ok", n->ok },
        { "unchanged", n->unchanged },
        { "bad", n->bad },
        { "timeouts", n->timeouts },
        { "aborted", n->aborted },
        { "body_bytes", n->body_bytes },
    };

    memcpy(out, numbers, sizeof(numbers));
    return ARRAY_LEN(numbers);
}

/* A private, terminated copy of a name in a page that others write. */
static void copy_name(char *out, size_t size, const char *name)
{
    size_t i = 0;

    while (i + 1 < size && name[i] != '\0') {
        char c = name[i];
        out[i++] = c >= 0x20 && c < 0x7f ? c : '?';
    }
    out[i] = '\0';
}

/* How many counters of a page are shown; 0 for a page that is not filled in. */
static uint32_t page_count(const struct stats_page *page)
{
    if (!stats_page_valid(page)) {
        return 0;
    }
    uint32_t count = page->count;
    return count < STATUS_COUNTERS_MAX ? count : STATUS_COUNTERS_MAX;
}

static struct number page_number(
    const struct stats_page *page, uint32_t index, char name[STATS_NAME_SIZE])
{
    copy_name(name, STATS_NAME_SIZE, page->entry[index].name);
    return (struct number){
        .name = name,
        .value = atomic_load_explicit(
            &page->entry[index].value, memory_order_relaxed),
    };
}

static void json_pds(const struct status *s, struct web_text *out)
{
    web_text_put(out, ",\"pds\":[");
    for (uint32_t i = 0; i < s->pd_count; i++) {
        const struct status_pd *pd = &s->pds[i];

        web_text_put(out, i == 0 ? "{\"name\":" : ",{\"name\":");
        web_text_json(out, pd->name);
        web_text_put(out, ",\"state\":");
        web_text_json(out, state_name(pd->state));
        json_number(out, false, "ticks", pd->ticks);
        json_number(out, false, "starts", pd->starts);
        json_number(out, false, "switches", pd->switches);
        json_number(out, false, "faults", pd->faults);
        web_text_put(out, "}");
    }
    web_text_put(out, "]");
}

static void json_components(const struct status *s, struct web_text *out)
{
    char name[STATS_COMPONENT_SIZE];
    bool is_first = true;

    web_text_put(out, ",\"components\":[");
    for (uint32_t i = 0; i < s->page_count; i++) {
        const struct stats_page *page = s->pages[i];
        uint32_t count = page_count(page);

        if (count == 0) {
            continue;
        }
        copy_name(name, sizeof(name), page->component);
        web_text_put(out, is_first ? "{\"name\":" : ",{\"name\":");
        web_text_json(out, name);
        web_text_put(out, ",\"counters\":{");
        for (uint32_t j = 0; j < count; j++) {
            struct number n = page_number(page, j, name);
            json_number(out, j == 0, n.name, n.value);
        }
        web_text_put(out, "}}");
        is_first = false;
    }
    web_text_put(out, "]");
}

static void json_facts(const struct status *s, struct web_text *out)
{
    web_text_put(out, ",\"facts\":{");
    for (uint32_t i = 0; i < s->fact_count; i++) {
        web_text_put(out, i == 0 ? "" : ",");
        web_text_json(out, s->facts[i].name);
        web_text_put(out, ":");
        web_text_json(out, s->facts[i].value);
    }
    web_text_put(out, "}");
}

void status_write_json(const struct status *status, struct web_text *out)
{
    struct number numbers[12];
    size_t count = http_numbers(status, numbers);

    web_text_put(out, "{");
    json_number(out, true, "uptime_ns", status->uptime_ns);
    json_number(out, false, "ticks", status->ticks);
    json_number(out, false, "tick_hz", status->tick_hz);
    web_text_put(out, ",\"http\":{");
    for (size_t i = 0; i < count; i++) {
        json_number(out, i == 0, numbers[i].name, numbers[i].value);
    }
    web_text_put(out, "}");
    json_pds(status, out);
    json_components(status, out);
    json_facts(status, out);
    web_text_put(out, "}\n");
}

static void text_pds(const struct status *s, struct web_text *out)
{
    web_text_put(out, "\nProtection domains\n");
    for (uint32_t i = 0; i < s->pd_count; i++) {
        const struct status_pd *pd = &s->pds[i];

        web_text_put(out, "  ");
        web_text_put(out, pd->name);
        web_text_put(out, ": ");
        web_text_put(out, state_name(pd->state));
        web_text_put(out, "\n");
        text_number(out, "processor time in ms",
            s->tick_hz >= 1000 ? pd->ticks / (s->tick_hz / 1000) : 0);
        text_number(out, "switches", pd->switches);
        text_number(out, "starts", pd->starts);
        text_number(out, "faults", pd->faults);
    }
}

static void text_components(const struct status *s, struct web_text *out)
{
    char name[STATS_COMPONENT_SIZE];

    web_text_put(out, "\nCounters\n");
    for (uint32_t i = 0; i < s->page_count; i++) {
        const struct stats_page *page = s->pages[i];
        uint32_t count = page_count(page);

        if (count == 0) {
            continue;
        }
        copy_name(name, sizeof(name), page->component);
        web_text_put(out, "  ");
        web_text_put(out, name);
        web_text_put(out, "\n");
        for (uint32_t j = 0; j < count; j++) {
            struct number n = page_number(page, j, name);
            text_number(out, n.name, n.value);
        }
    }
}

void status_write_text(const struct status *status, struct web_text *out)
{
    struct number numbers[12];
    size_t count = http_numbers(status, numbers);

    web_text_put(out, "Pride\n\n");
    for (uint32_t i = 0; i < status->fact_count; i++) {
        web_text_put(out, status->facts[i].name);
        web_text_put(out, ": ");
        web_text_put(out, status->facts[i].value);
        web_text_put(out, "\n");
    }
    web_text_put(out, "Uptime in seconds: ");
    web_text_u64(out, status->uptime_ns / UINT64_C(1000000000), 1);
    web_text_put(out, "\n\nWeb server\n");
    for (size_t i = 0; i < count; i++) {
        text_number(out, numbers[i].name, numbers[i].value);
    }
    text_pds(status, out);
    text_components(status, out);
}
