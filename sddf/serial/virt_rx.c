/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virt_rx.c - one line of input, given to one client at a time.
 *
 *                 other character: to the client
 *                  .--.
 *                  v  |   switch character
 *             ,-> NORMAL ------------------> SWITCHED --- digit ---> NUMBER
 *             |     ^                          |  |                   |  ^|
 *             |     '--- the switch character -'  |             digit '--'|
 *             |           again: to the client    |                       |
 *             '----------- anything else ---------'                       |
 *             '---- end character: select that client; too many digits ---'
 *
 * A client whose queue is full loses input, counted; it never holds up the
 * others.  The driver waits when its queue is full, but never for long: this
 * component empties that queue each time it runs.
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

__attribute__((__section__(".serial_virt_rx_config")))
serial_virt_rx_config_t config;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

enum {
    STATS_BYTES,
    STATS_DROPPED,
    STATS_SWITCHES,
    STATS_BAD_PEER,
    STATS_COUNT
};

static const char *const stats_names[STATS_COUNT] = { "bytes", "bytes_dropped",
    "switches", "bad_peer" };

enum mode {
    MODE_NORMAL,
    MODE_SWITCHED,
    MODE_NUMBER,
};

#define DIGITS_MAX 4u

static struct {
    serial_queue_handle_t driver;
    serial_queue_handle_t client[SDDF_SERIAL_MAX_CLIENTS];
    struct stats stats;
    enum mode mode;
    uint32_t number; /* typed so far */
    uint32_t digits;
    uint32_t current;       /* the client that gets the input, ... */
    struct serial_batch to; /* ... and a batch of its queue */
    uint8_t client_count;
    bool complained; /* about an unexpected notification */
} state;

/* Shows the current client what was delivered, and looks for room again. */
static void flush(void)
{
    if (queue_batch_used(&state.to.n) > 0) {
        serial_batch_publish(&state.to);
        sddf_notify(config.clients[state.current].id);
    }
    state.to = serial_batch_put(&state.client[state.current]);
}

static void deliver(char c)
{
    if (queue_batch_left(&state.to.n) == 0) {
        flush();
    }
    if (queue_batch_left(&state.to.n) == 0) {
        stats_add(&state.stats, STATS_DROPPED, 1);
        return;
    }
    serial_batch_write(&state.to, c);
    stats_add(&state.stats, STATS_BYTES, 1);
}

static void select_client(uint32_t number)
{
    if (number >= state.client_count) {
        sddf_dprintf("VIRT_RX|LOG: User requested to switch to an invalid "
                     "client %u\n",
            number);
        return;
    }
    flush();
    state.current = number;
    state.to = serial_batch_put(&state.client[number]);
    stats_add(&state.stats, STATS_SWITCHES, 1);
    sddf_dprintf("VIRT_RX|LOG: switching to client %u\n", number);
}

static void take_normal(char c)
{
    if (c == config.switch_char) {
        state.mode = MODE_SWITCHED;
    } else {
        deliver(c);
    }
}

static void take_switched(char c)
{
    state.mode = MODE_NORMAL;
    if (sddf_isdigit(c)) {
        state.number = (uint32_t)(c - '0');
        state.digits = 1;
        state.mode = MODE_NUMBER;
    } else if (c == config.switch_char) {
        deliver(c);
    } else {
        sddf_dprintf("VIRT_RX|LOG: User entered an invalid digit %c\n", c);
    }
}

static void take_number(char c)
{
    if (sddf_isdigit(c) && state.digits < DIGITS_MAX) {
        state.number = state.number * 10 + (uint32_t)(c - '0');
        state.digits++;
        return;
    }
    state.mode = MODE_NORMAL;
    if (c == config.terminate_num_char) {
        select_client(state.number);
    } else {
        sddf_dprintf("VIRT_RX|LOG: User entered too many (%u < %u) or invalid "
                     "digit (%c)\n",
            state.digits + 1, DIGITS_MAX, c);
    }
}

static void take(char c)
{
    switch (state.mode) {
    case MODE_NORMAL:
        take_normal(c);
        break;
    case MODE_SWITCHED:
        take_switched(c);
        break;
    case MODE_NUMBER:
        take_number(c);
        break;
    }
}

static void count_bad_peers(void)
{
    uint64_t sum = state.driver.consumer.bad_peer;

    for (uint32_t i = 0; i < state.client_count; i++) {
        sum += state.client[i].producer.bad_peer;
    }
    stats_set(&state.stats, STATS_BAD_PEER, sum);
}

/* Takes what is there now, at most a queue full. */
static void rx_return(void)
{
    struct serial_batch from = serial_batch_take(&state.driver);
    uint32_t ready = queue_batch_left(&from.n);

    while (queue_batch_left(&from.n) > 0) {
        take(serial_batch_read(&from));
    }
    serial_batch_publish(&from);
    flush();
    if (ready > 0 && serial_require_consumer_signal(&state.driver)) {
        serial_cancel_consumer_signal(&state.driver);
        sddf_notify(config.driver.id);
    }
    count_bad_peers();
}

static void config_check(void)
{
    const char *const section = "serial_virt_rx_config";

    config_require(serial_config_check_magic(&config), section, "magic");
    config_require(
        config.num_clients > 0 && config.num_clients <= SDDF_SERIAL_MAX_CLIENTS,
        section, "num_clients");
    config_require(queue_capacity_ok(config.driver.data.size, QUEUE_WRAP_32),
        section, "driver.data.size");
    for (uint32_t i = 0; i < config.num_clients; i++) {
        config_require(
            queue_capacity_ok(config.clients[i].data.size, QUEUE_WRAP_32),
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
        serial_queue_init(&state.client[i], config.clients[i].queue.vaddr,
            (uint32_t)config.clients[i].data.size,
            config.clients[i].data.vaddr);
    }
    state.to = serial_batch_put(&state.client[0]);
    rx_return(); /* after a restart the queue may hold input */
}

void notified(microkit_channel ch)
{
    if (ch == config.driver.id) {
        rx_return();
    } else if (!state.complained) {
        state.complained = true; /* a client could fill the log */
        sddf_dprintf(
            "VIRT_RX|LOG: received notification on unexpected channel: %u\n",
            ch);
    }
}
