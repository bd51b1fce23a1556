/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuzzer: tens of thousands of system calls with any number, any content
 * in any register and any content of the message page.
 *
 * It knows its own place in the system (fuzz.system), so it can say for each
 * call what the kernel may return, and which registers the kernel must leave
 * alone.  Its random numbers are its own and start from a constant.  The judge
 * stops, resumes and restarts it at any time; seed and counts outlive that.
 */
#include <stdbool.h>

#include <microkit.h>

#include "abi/err.h"
#include "tests/kernel/fuzz_call.h"
#include "tests/kernel/mission.h"

#define JUDGE      63
#define CHILD      5
#define SEED       0x2545f4914f6cdd1du
#define PUTC_EVERY 64

/* Where a call has its channel and its message info, or third argument. */
#define CHANNEL 1
#define INFO    9

/* What fuzz.system gives it; see there. */
#define CHANNELS_NOTIFY (0xfull | (1ull << JUDGE))
#define CHANNELS_CALL   ((1ull << 1) | (1ull << 2))
#define CHANNELS_IRQ    (1ull << 61)
#define CHANNELS_ANY    (CHANNELS_NOTIFY | CHANNELS_IRQ | (1ull << 10))

struct campaign *fuzzer_campaign;

/* Marsaglia's xorshift64 */
static uint64_t random(void)
{
    uint64_t x = atomic_load(&fuzzer_campaign->seed);

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    atomic_store(&fuzzer_campaign->seed, x);
    return x;
}

/* Small numbers, numbers at edges, addresses, anything. */
static uint64_t nasty(void)
{
    static const uint64_t edge[] = { 0, 1, 2, 3, 4, 5, 6, 10, 61, 62, 63, 64,
        65, 119, 120, 121, 127, 128, 253, 254, 255, 256, 0x7fffffff, 0x80000000,
        0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000,
        0xfffffffffffffffe, 0xffffffffffffffff, 0x70010000, 0xfffffff000,
        0x200000 };
    uint64_t choice = random();

    switch (choice % 4) {
    case 0:
        return random();
    case 1:
        return random() >> (choice >> 8) % 64;
    default:
        return edge[(choice >> 8) % (sizeof(edge) / sizeof(edge[0]))];
    }
}

static void scribble(void)
{
    uint64_t *page = (uint64_t *)PRIDE_MESSAGE_PAGE;

    for (uint32_t i = 0; i < 16; i++) {
        page[random() % 512] = nasty();
    }
}

static bool has(uint64_t mask, uint64_t id)
{
    return id < 64 && ((mask >> id) & 1) != 0;
}

static enum err channel_error(uint64_t mask, uint64_t id)
{
    if (!has(CHANNELS_ANY, id)) {
        return ERR_CHANNEL;
    }
    return has(mask, id) ? ERR_OK : ERR_RIGHT;
}

/* May the kernel answer call `number` with `after` in x0?  in[] went in. */
static bool call_result_ok(const uint64_t in[], uint64_t after)
{
    enum err err = channel_error(CHANNELS_CALL, in[CHANNEL]);

    if (err == ERR_OK && (in[INFO] & ABI_INFO_LENGTH_MASK) > ABI_MSG_WORDS) {
        err = ERR_LENGTH;
    }
    return after == err || (err == ERR_OK && after == ERR_STOPPED);
}

static bool control_result_ok(const uint64_t in[], uint64_t after)
{
    if (in[0] != CHILD) {
        return after == ERR_CHILD;
    }
    if (in[1] >= ABI_PD_OPS) {
        return after == ERR_CALL;
    }
    if (in[1] == ABI_PD_WRITE_REGS && in[INFO] > 36) {
        return after == ERR_RANGE;
    }
    return after == ERR_OK;
}

static bool result_ok(uint64_t index, const uint64_t in[], uint64_t after)
{
    switch (index) {
    case ABI_SYS_WAIT:
    case ABI_SYS_REPLY_WAIT:
        return after <= ABI_EVENT_FAULT;
    case ABI_SYS_PPCALL:
        return call_result_ok(in, after);
    case ABI_SYS_NOTIFY:
        return after == channel_error(CHANNELS_NOTIFY, in[CHANNEL]);
    case ABI_SYS_IRQ_ACK:
        return after == (has(CHANNELS_IRQ, in[CHANNEL]) ? ERR_OK : ERR_CHANNEL);
    case ABI_SYS_PD_CONTROL:
        return control_result_ok(in, after);
    case ABI_SYS_VCPU:
        return after == ERR_UNSUPPORTED;
    case ABI_SYS_SMC:
        return after == ERR_RIGHT;
    case ABI_SYS_DEBUG_PUTC:
        return after == ERR_OK;
    default:
        return after == ERR_CALL;
    }
}

/* The first register that the kernel must not have changed. */
static uint32_t kept_from(uint64_t index)
{
    return index == ABI_SYS_WAIT || index == ABI_SYS_REPLY_WAIT ? 28 : 18;
}

static bool registers_ok(
    uint64_t index, const uint64_t in[], const uint64_t out[])
{
    for (uint32_t i = kept_from(index); i < FUZZ_REGISTERS; i++) {
        if (in[i] != out[i]) {
            return false;
        }
    }
    return true;
}

static void complain(uint64_t index, const uint64_t in[], uint64_t after)
{
    if (atomic_fetch_add(&fuzzer_campaign->errors, 1) == 0) {
        atomic_store(&fuzzer_campaign->number, index);
        atomic_store(&fuzzer_campaign->x[0], in[0]);
        atomic_store(&fuzzer_campaign->x[1], after);
    }
}

static void count(uint64_t index, uint64_t after)
{
    bool event = index == ABI_SYS_WAIT || index == ABI_SYS_REPLY_WAIT;

    if (event) {
        atomic_fetch_add(&fuzzer_campaign->events[after % 4], 1);
    } else {
        atomic_fetch_add(&fuzzer_campaign->seen[after % 16], 1);
    }
    atomic_fetch_add(&fuzzer_campaign->calls, 1);
}

/* Half of the calls are such that the kernel has something to do. */
static void make_likely(uint64_t index, uint64_t in[])
{
    static const uint8_t channel[] = { 0, 1, 2, 3, 10, 61 };

    if (random() % 2 == 0) {
        return;
    }
    if (index == ABI_SYS_PD_CONTROL) {
        in[0] = CHILD;
        in[1] = random() % ABI_PD_OPS;
    } else {
        in[CHANNEL] = channel[random() % sizeof(channel)];
        in[INFO] = random() % (ABI_MSG_WORDS + 1);
    }
}

static void one_call(void)
{
    uint64_t in[FUZZ_REGISTERS];
    uint64_t out[FUZZ_REGISTERS];
    uint64_t index = random() % FUZZ_NUMBERS;

    if (index == ABI_SYS_DEBUG_PUTC && random() % PUTC_EVERY != 0) {
        index = ABI_SYS_PD_CONTROL;
    }
    for (uint32_t i = 0; i < FUZZ_REGISTERS; i++) {
        in[i] = nasty();
    }
    make_likely(index, in);
    for (uint32_t i = 0; i < FUZZ_REGISTERS; i++) {
        out[i] = in[i];
    }
    scribble();
    atomic_fetch_add(&fuzzer_campaign->begun, 1);
    fuzz_call(index, out);
    if (!result_ok(index, in, out[0]) || !registers_ok(index, in, out)) {
        complain(index, in, out[0]);
    }
    count(index, out[0]);
}

void init(void)
{
    if (atomic_load(&fuzzer_campaign->seed) == 0) {
        atomic_store(&fuzzer_campaign->seed, SEED);
    }
    while (atomic_load(&fuzzer_campaign->calls) < CAMPAIGN_CALLS) {
        one_call();
    }
    for (;;) {
        (void)pride_sys_notify(JUDGE);
    }
}

void notified(microkit_channel ch)
{
    (void)ch;
}
