/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sddf.h - in place of os/sddf.h: the test program is the rest of the system.
 *
 * Shape     the operations, counted per channel in one structure that the test
 *           reads and clears; message words are an array; a protected procedure call goes
 *           to fake_sddf.ppcall when the test has set it.  A program that stops
 *           itself ends fake_sddf_stops(), or else the test.
 * Source    sddf/include/os/sddf.h, and the part of microkit.h that device
 *           components use.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include <sddf/resources/common.h>

#include "base/attr.h"

typedef unsigned int sddf_channel;
typedef unsigned int microkit_channel;
typedef unsigned int microkit_child;

typedef struct seL4_MessageInfo {
    uint64_t words[1];
} seL4_MessageInfo_t;
typedef seL4_MessageInfo_t microkit_msginfo;
typedef uint64_t seL4_Word;

#define FAKE_CHANNELS 64
#define FAKE_MRS      120

struct fake_sddf {
    uint32_t notify[FAKE_CHANNELS];          /* both forms */
    uint32_t deferred_notify[FAKE_CHANNELS]; /* of them deferred */
    uint32_t irq_ack[FAKE_CHANNELS];         /* both forms */
    bool deferring;        /* a deferred notification waits already, */
    unsigned int deferred; /* for this channel */
    uint64_t mr[FAKE_MRS];
    char name[SDDF_NAME_LENGTH];
    char console[4096]; /* what microkit_dbg_putc() printed */
    uint32_t console_len;
    seL4_MessageInfo_t (*ppcall)(sddf_channel ch, seL4_MessageInfo_t info);
    jmp_buf *stop; /* where sddf_stop() goes */
};

extern struct fake_sddf fake_sddf;

/** Forgets everything. */
void fake_sddf_reset(void);

/** Runs `entry`, and tells whether it ended by sddf_stop(). */
bool fake_sddf_stops(void (*entry)(void));

/** The same, with the line of config_check.h and nothing else printed. */
bool fake_sddf_refuses(
    void (*entry)(void), const char *section, const char *rule);

char *sddf_get_pd_name(void);
void sddf_irq_ack(sddf_channel ch);
void sddf_deferred_irq_ack(sddf_channel ch);
void sddf_notify(sddf_channel ch);
void sddf_deferred_notify(sddf_channel ch);
unsigned int sddf_deferred_notify_curr(void);
microkit_msginfo sddf_ppcall(sddf_channel ch, microkit_msginfo info);
uint64_t sddf_get_mr(unsigned int n);
void sddf_set_mr(unsigned int n, uint64_t value);
void microkit_dbg_putc(int c);
NORETURN void sddf_stop(void);

/* The entry points of the component under test. */
void init(void);
void notified(microkit_channel ch);
microkit_msginfo protected(microkit_channel ch, microkit_msginfo info);

static inline seL4_MessageInfo_t seL4_MessageInfo_new(
    uint64_t label, uint64_t unwrapped, uint64_t extra, uint64_t length)
{
    (void)unwrapped;
    (void)extra;
    return (seL4_MessageInfo_t){ { label << 12 | length } };
}

static inline uint64_t seL4_MessageInfo_get_label(seL4_MessageInfo_t info)
{
    return info.words[0] >> 12;
}

static inline uint64_t seL4_MessageInfo_get_length(seL4_MessageInfo_t info)
{
    return info.words[0] & 0x7f;
}

static inline microkit_msginfo microkit_msginfo_new(
    seL4_Word label, uint16_t count)
{
    return seL4_MessageInfo_new(label, 0, 0, count);
}

static inline seL4_Word microkit_msginfo_get_label(microkit_msginfo info)
{
    return seL4_MessageInfo_get_label(info);
}

static inline seL4_Word microkit_msginfo_get_count(microkit_msginfo info)
{
    return seL4_MessageInfo_get_length(info);
}
