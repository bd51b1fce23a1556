/* SPDX-License-Identifier: BSD-2-Clause */
/* The recording half of os/sddf.h.  A channel out of range stops the test. */
#include <os/sddf.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_sddf fake_sddf;

void fake_sddf_reset(void)
{
    memset(&fake_sddf, 0, sizeof(fake_sddf));
    memcpy(fake_sddf.name, "component", sizeof("component"));
}

char *sddf_get_pd_name(void)
{
    return fake_sddf.name;
}

void sddf_irq_ack(sddf_channel ch)
{
    assert(ch < FAKE_CHANNELS);
    fake_sddf.irq_ack[ch]++;
}

void sddf_deferred_irq_ack(sddf_channel ch)
{
    sddf_irq_ack(ch);
}

void sddf_notify(sddf_channel ch)
{
    assert(ch < FAKE_CHANNELS);
    fake_sddf.notify[ch]++;
}

void sddf_deferred_notify(sddf_channel ch)
{
    sddf_notify(ch);
    fake_sddf.deferred_notify[ch]++;
}

unsigned int sddf_deferred_notify_curr(void)
{
    return fake_sddf.deferring ? fake_sddf.deferred : UINT32_MAX;
}

microkit_msginfo sddf_ppcall(sddf_channel ch, microkit_msginfo info)
{
    assert(fake_sddf.ppcall != NULL);
    return fake_sddf.ppcall(ch, info);
}

uint64_t sddf_get_mr(unsigned int n)
{
    assert(n < FAKE_MRS);
    return fake_sddf.mr[n];
}

void sddf_set_mr(unsigned int n, uint64_t value)
{
    assert(n < FAKE_MRS);
    fake_sddf.mr[n] = value;
}

void microkit_dbg_putc(int c)
{
    if (fake_sddf.console_len < sizeof(fake_sddf.console) - 1) {
        fake_sddf.console[fake_sddf.console_len++] = (char)c;
    }
}

NORETURN void sddf_stop(void)
{
    if (fake_sddf.stop == NULL) {
        abort();
    }
    longjmp(*fake_sddf.stop, 1);
}

bool fake_sddf_stops(void (*entry)(void))
{
    jmp_buf here;

    if (setjmp(here) != 0) {
        fake_sddf.stop = NULL;
        return true;
    }
    fake_sddf.stop = &here;
    entry();
    fake_sddf.stop = NULL;
    return false;
}

bool fake_sddf_refuses(
    void (*entry)(void), const char *section, const char *rule)
{
    char line[sizeof(fake_sddf.console)];

    (void)snprintf(line, sizeof(line), "%s: bad_config section=%s rule=%s\n",
        fake_sddf.name, section, rule);
    memset(fake_sddf.console, 0, sizeof(fake_sddf.console));
    fake_sddf.console_len = 0;
    return fake_sddf_stops(entry) && strcmp(fake_sddf.console, line) == 0;
}
