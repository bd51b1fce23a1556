/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes nonsense into both queue pages and its output, notifies everybody it
 * can, over and over, and then crashes.
 */
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>
#include <sddf/util/printf.h>

#define ROUNDS 20000u

__attribute__((__section__(".serial_client_config")))
serial_client_config_t config;

static uint32_t seed = 1;

static uint32_t next_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

/* Mostly nonsense, now and then something that looks right. */
static uint32_t next_index(uint32_t near)
{
    static const uint32_t nonsense[] = { 0, 0x7fffffff, 0x80000000, 0xffff0000,
        UINT32_MAX };
    uint32_t n = next_number();

    switch (n % 4) {
    case 0:
        return n;
    case 1:
        return near + (n >> 8) % 4;
    default:
        return nonsense[(n >> 8) % ARRAY_SIZE(nonsense)];
    }
}

static void scribble(serial_queue_t *page)
{
    store_relaxed_32(&page->tail, next_index(load_relaxed_32(&page->head)));
    store_relaxed_32(&page->head, next_index(load_relaxed_32(&page->head)));
    store_relaxed_32(&page->producer_signalled, next_number() % 3);
}

void init(void)
{
    char *output = config.tx.data.vaddr;

    for (uint32_t i = 0; i < config.tx.data.size; i++) {
        output[i] = i % 32 == 31 ? '\n' : '#';
    }
    for (uint32_t i = 0; i < ROUNDS; i++) {
        scribble(config.tx.queue.vaddr);
        scribble(config.rx.queue.vaddr);
        sddf_notify(config.tx.id);
        sddf_notify(config.rx.id);
    }
    /* leave the worst behind */
    scribble(config.tx.queue.vaddr);
    sddf_dprintf("HOSTILE|INFO: done, crashing\n");
    __builtin_trap();
}

void notified(microkit_channel ch)
{
    (void)ch;
}
