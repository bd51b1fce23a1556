/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virt_tx.c - many clients' output through one driver.
 *
 * Clients whose output does not fit stand in a line, first come first served;
 * the one at its head is served as soon as the driver made room, and nobody is
 * served before it.  A client's text goes out in one piece when the driver's
 * queue can hold it, and in pieces of that size otherwise, each between the
 * client's colour and the end of colour.
 *
 * A client whose indices are nonsense reads as empty: it loses its output and
 * costs its neighbours nothing.  One that writes without end is served a queue
 * full at a time and then goes to the end of the line.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>
#include <sddf/util/config_check.h>
#include <sddf/util/printf.h>
#include <sddf/util/stats.h>
#include <sddf/util/util.h>

__attribute__((__section__(".serial_virt_tx_config")))
serial_virt_tx_config_t config;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

enum { STATS_BYTES, STATS_WAITS, STATS_BAD_PEER, STATS_COUNT };

static const char *const stats_names[STATS_COUNT] = { "bytes", "waits",
    "bad_peer" };

/* ANSI foreground colours; more clients than colours share them. */
static const char colours[][6] = { "\x1b[31m", "\x1b[32m", "\x1b[33m",
    "\x1b[34m", "\x1b[35m", "\x1b[36m" };
static const char colour_end[] = "\x1b[0m";

#define COLOUR_LEN     5u
#define COLOUR_END_LEN 4u

/* How often init looks whether the greeting is out (debug builds only). */
#define GREETING_LOOKS_MAX 10000000u

static struct {
    serial_queue_handle_t driver;
    serial_queue_handle_t client[SDDF_SERIAL_MAX_CLIENTS];
    uint8_t line[SDDF_SERIAL_MAX_CLIENTS]; /* a ring of waiting clients */
    bool is_waiting[SDDF_SERIAL_MAX_CLIENTS];
    uint32_t line_head;
    uint32_t line_count;
    struct stats stats;
    uint8_t client_count;
    bool complained; /* about an unexpected notification */
} state;

static void line_add(uint32_t client)
{
    if (!state.is_waiting[client]) {
        uint32_t at =
            (state.line_head + state.line_count) % SDDF_SERIAL_MAX_CLIENTS;

        state.line[at] = (uint8_t)client;
        state.is_waiting[client] = true;
        state.line_count++;
    }
}

static void line_leave(void)
{
    state.is_waiting[state.line[state.line_head]] = false;
    state.line_head = (state.line_head + 1) % SDDF_SERIAL_MAX_CLIENTS;
    state.line_count--;
}

/* Is there room for `need`?  If not, the driver is asked for a signal. */
static bool has_room(uint32_t need)
{
    if (serial_queue_free(&state.driver) >= need) {
        return true;
    }
    serial_request_consumer_signal(&state.driver);
    if (serial_queue_free(&state.driver) < need) {
        return false;
    }
    serial_cancel_consumer_signal(&state.driver);
    return true;
}

static void transfer(uint32_t client, uint32_t len)
{
    if (config.enable_colour) {
        const char *colour = colours[client % ARRAY_SIZE(colours)];

        (void)serial_enqueue_batch(&state.driver, COLOUR_LEN, colour);
        (void)serial_transfer(&state.driver, &state.client[client], len);
        (void)serial_enqueue_batch(&state.driver, COLOUR_END_LEN, colour_end);
    } else {
        (void)serial_transfer(&state.driver, &state.client[client], len);
    }
    stats_add(&state.stats, STATS_BYTES, len);
}

static void wake_client(uint32_t client)
{
    if (serial_require_consumer_signal(&state.client[client])) {
        serial_cancel_consumer_signal(&state.client[client]);
        sddf_notify(config.clients[client].conn.id);
    }
}

/* Serves the head of the line.  Returns false when it has to wait. */
static bool serve_one(bool *moved)
{
    uint32_t client = state.line[state.line_head];
    uint32_t len = serial_queue_length_consumer(&state.client[client]);
    uint32_t extra = config.enable_colour ? COLOUR_LEN + COLOUR_END_LEN : 0;

    if (len == 0) {
        line_leave();
        return true;
    }
    if (state.driver.capacity <= extra) {
        return false; /* a driver queue that nothing fits into */
    }
    len = MIN(len, state.driver.capacity - extra);
    if (!has_room(len + extra)) {
        stats_add(&state.stats, STATS_WAITS, 1);
        return false;
    }
    transfer(client, len);
    *moved = true;
    line_leave();
    wake_client(client);
    if (serial_queue_length_consumer(&state.client[client]) > 0) {
        line_add(client);
    }
    return true;
}

static void count_bad_peers(void)
{
    uint64_t sum = state.driver.producer.bad_peer;

    for (uint32_t i = 0; i < state.client_count; i++) {
        sum += state.client[i].consumer.bad_peer;
    }
    stats_set(&state.stats, STATS_BAD_PEER, sum);
}

/* Serves the line until it is empty or has to wait.  It ends: the driver hears
 * of new output only afterwards, so its queue fills up. */
static void tx_return(void)
{
    bool moved = false;

    while (state.line_count > 0 && serve_one(&moved)) {
    }
    if (moved) {
        sddf_notify(config.driver.id);
    }
    count_bad_peers();
}

static void tx_provide(microkit_channel ch)
{
    for (uint32_t i = 0; i < state.client_count; i++) {
        if (config.clients[i].conn.id == ch) {
            line_add(i);
            tx_return();
            return;
        }
    }
    if (!state.complained) {
        state.complained = true;
        sddf_dprintf("VIRT_TX|LOG: notification from unknown channel %u\n", ch);
    }
}

/* The text that tells people, and test scripts, that input may begin. */
static void greet(void)
{
    uint32_t len = 0;

    while (len < SDDF_SERIAL_BEGIN_STR_MAX_LEN && config.begin_str[len] != 0) {
        len++;
    }
    (void)serial_enqueue_batch(&state.driver, len, config.begin_str);
    sddf_notify(config.driver.id);

    /* In debug builds the kernel's output goes to the same device: wait, with
     * a bound, until the driver has sent the greeting. */
    for (uint32_t i = 0; SDDF_DEBUG_BUILD != 0 && i < GREETING_LOOKS_MAX; i++) {
        if (serial_queue_length_producer(&state.driver) == 0) {
            break;
        }
    }
}

static void introduce_clients(void)
{
    for (uint32_t i = 0; i < state.client_count; i++) {
        sddf_dprintf("%s'%.*s' is client %u%s\n",
            colours[i % ARRAY_SIZE(colours)], SDDF_NAME_LENGTH,
            config.clients[i].name, i, colour_end);
    }
}

static void config_check(void)
{
    const char *const section = "serial_virt_tx_config";

    config_require(serial_config_check_magic(&config), section, "magic");
    config_require(
        config.num_clients <= SDDF_SERIAL_MAX_CLIENTS, section, "num_clients");
    config_require(queue_capacity_ok(config.driver.data.size, QUEUE_WRAP_32),
        section, "driver.data.size");
    for (uint32_t i = 0; i < config.num_clients; i++) {
        config_require(
            queue_capacity_ok(config.clients[i].conn.data.size, QUEUE_WRAP_32),
            section, "clients.data.size");
    }
}

void init(void)
{
    config_check();
    stats_init(&state.stats, &stats_config, sddf_get_pd_name(), stats_names,
        STATS_COUNT);
    serial_queue_init(&state.driver, config.driver.queue.vaddr,
        (uint32_t)config.driver.data.size, config.driver.data.vaddr);
    state.client_count = config.num_clients;
    for (uint32_t i = 0; i < state.client_count; i++) {
        const serial_connection_resource_t *conn = &config.clients[i].conn;

        serial_queue_init(&state.client[i], conn->queue.vaddr,
            (uint32_t)conn->data.size, conn->data.vaddr);
    }
    if (config.enable_rx) {
        greet();
    }
    if (config.enable_colour) {
        introduce_clients();
    }
    for (uint32_t i = 0; i < state.client_count; i++) {
        line_add(i); /* after a restart queues may hold output */
    }
    tx_return();
}

void notified(microkit_channel ch)
{
    if (ch == config.driver.id) {
        tx_return();
    } else {
        tx_provide(ch);
    }
}
