/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The web server's program: wires queues, lwIP, the archive of files and the
 * status page together.  lions/web does HTTP, status.c writes the status; this
 * file gathers it.
 */
#include <stdbool.h>
#include <stdint.h>

#include <lions/net/client.h>
#include <os/sddf.h>
#include <sddf/timer/client.h>
#include <sddf/util/arch_timestamp_counter.h>
#include <sddf/util/printf.h>
#include <sddf/util/stats.h>

#include "base/check.h"
#include "base/str.h"
#include "lions/web/server.h"
#include "systems/webserver/status.h"
#include "systems/webserver/supervisor.h"

enum {
    HTTP_PORT = 80,
    SUPERVISOR_CHANNEL = 0,
};

__attribute__((__section__(
    ".stats_observer_config"))) struct stats_observer_config observer_config;

/* The packed files; the tool fills these in.  Not in .bss: what is in the image
 * must not lie behind megabytes of zeros. */
__attribute__((__section__(".data"))) uintptr_t site_vaddr;
__attribute__((__section__(".data"))) uint64_t site_size;

static struct {
    struct web_site site;
    struct status status;
    char address[24];
    char files[48];
} state;

/* --- gathering the status --------------------------------------------------- */

static void name_from_words(char *name)
{
    for (unsigned i = 0; i < SUPERVISOR_NAME_SIZE - 1; i++) {
        uint64_t word = microkit_mr_get((uint8_t)(SUPERVISOR_NAME + i / 8));
        name[i] = (char)(uint8_t)(word >> (i % 8 * 8));
    }
    name[SUPERVISOR_NAME_SIZE - 1] = '\0';
}

/* Asks about one PD; false when there are no more. */
static bool ask_supervisor(uint64_t index, struct status_pd *pd)
{
    microkit_mr_set(0, index);
    microkit_msginfo answer = microkit_ppcall(
        SUPERVISOR_CHANNEL, microkit_msginfo_new(SUPERVISOR_ASK, 1));

    if (microkit_msginfo_get_label(answer) != SUPERVISOR_OK ||
        microkit_msginfo_get_count(answer) != SUPERVISOR_WORDS) {
        return false;
    }
    pd->state = microkit_mr_get(SUPERVISOR_STATE);
    pd->ticks = microkit_mr_get(SUPERVISOR_TICKS);
    pd->starts = microkit_mr_get(SUPERVISOR_STARTS);
    pd->switches = microkit_mr_get(SUPERVISOR_SWITCHES);
    pd->faults = microkit_mr_get(SUPERVISOR_FAULTS);
    name_from_words(pd->name);
    return true;
}

static const struct status *gather(void)
{
    struct status *s = &state.status;

    s->ticks = sddf_read_counter();
    s->uptime_ns = sddf_timer_time_now(net_client_timer());
    s->connections = web_server_connections();
    s->pd_count = 0;
    while (s->pd_count < STATUS_PDS_MAX &&
           ask_supervisor(s->pd_count, &s->pds[s->pd_count])) {
        s->pd_count++;
    }
    return s;
}

static void render_json(struct web_text *out)
{
    status_write_json(gather(), out);
}

static void render_text(struct web_text *out)
{
    status_write_text(gather(), out);
}

static const struct web_route routes[] = {
    { "/status.json", "application/json", render_json },
    { "/status.txt", "text/plain; charset=utf-8", render_text },
};

/* --- start ------------------------------------------------------------------- */

static void add_fact(const char *name, const char *value)
{
    struct status *s = &state.status;

    CHECK(s->fact_count < STATUS_FACTS_MAX);
    s->facts[s->fact_count++] =
        (struct status_fact){ .name = name, .value = value };
}

static void status_init(void)
{
    struct status *s = &state.status;

    s->tick_hz = sddf_read_freq();
    s->connection_limit = WEB_SERVER_CONNECTIONS;
    s->counts = web_server_counts();
    if (observer_config.magic == STATS_MAGIC) {
        for (uint64_t i = 0;
             i < observer_config.count && i < STATS_OBSERVED_MAX; i++) {
            s->pages[s->page_count++] =
                (const struct stats_page *)observer_config.vaddr[i];
        }
    }
    add_fact("Board", SYSTEM_BOARD);
    add_fact("Configuration", SYSTEM_CONFIG);
    add_fact("Kernel", "Pride, static separation kernel");
    add_fact("Address", state.address);
    add_fact("Files", state.files);
}

static void site_init(void)
{
    const char *error = web_archive_open(
        (const void *)site_vaddr, site_size, &state.site.files);

    if (error != NULL) {
        sddf_printf("web: no files: %s\n", error);
    }
    sddf_snprintf(state.files, sizeof(state.files), "%u in the image",
        state.site.files.count);
    state.site.routes = routes;
    state.site.route_count = ARRAY_LEN(routes);
}

static void on_address(const char *address)
{
    str_copy(state.address, sizeof(state.address), address);
    sddf_printf("web: serving http://%s/ on port %d\n", address, HTTP_PORT);
}

static void serve(void)
{
    if (!web_server_start(&state.site, HTTP_PORT)) {
        sddf_printf("web: no memory for the server\n");
    }
}

static const struct net_client client = {
    .start = serve,
    .on_address = on_address,
};

void init(void)
{
    net_client_console();
    site_init();
    status_init();
    net_client_init(&client);
}

void notified(microkit_channel ch)
{
    net_client_notified(ch);
}
