/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The target side of ipbench: a line-based conversation in which a load
 * generator says when to start and stop, and asks how busy we were.
 *
 *      <- 100 IPBENCH V1.0
 *      -> HELLO                     <- 200 OK (Ready to go)
 *      -> LOAD cpu_target_lukem     <- 200 OK
 *      -> SETUP args::""            <- 200 OK
 *      -> START
 *      -> STOP                      <- 220 VALID DATA (Data to follow)
 *                                      Content-length: N
 *                                      ,idle,total
 *      -> QUIT
 *
 * RESTART is ours: the parent restarts the network driver, to show that the
 * service goes on.
 */
#include <stddef.h>

#include <os/sddf.h>
#include <sddf/util/printf.h>

#include "base/mem.h"
#include "lwip/tcp.h"
#include "systems/echo/echo.h"

#define LINE_MAX 128

enum command { HELLO, LOAD, SETUP, START, STOP, QUIT, RESTART, COMMANDS };

static const struct {
    const char *text;
    uint32_t len;
} commands[COMMANDS] = {
    { "HELLO", 5 },
    { "LOAD", 4 },
    { "SETUP", 5 },
    { "START", 5 },
    { "STOP", 4 },
    { "QUIT", 4 },
    { "RESTART", 7 },
};

/* One conversation at a time. */
static struct {
    struct tcp_pcb *pcb;
    char line[LINE_MAX];
    uint32_t length;
} talk;

static void say(struct tcp_pcb *pcb, const char *text, size_t len)
{
    /* What does not fit is not said: the peer asked faster than it reads. */
    if (len <= tcp_sndbuf(pcb)) {
        (void)tcp_write(pcb, text, (u16_t)len, TCP_WRITE_FLAG_COPY);
    }
}

static void say_text(struct tcp_pcb *pcb, const char *text)
{
    size_t len = 0;

    while (text[len] != '\0') {
        len++;
    }
    say(pcb, text, len);
}

static void say_reading(struct tcp_pcb *pcb)
{
    struct meter_reading reading = meter_stop();
    char data[64];
    char answer[160];

    int len = sddf_snprintf(data, sizeof(data), ",%llu,%llu",
        (unsigned long long)reading.idle, (unsigned long long)reading.total);
    /* the terminating zero belongs to the data */
    len = sddf_snprintf(answer, sizeof(answer),
        "220 VALID DATA (Data to follow)\nContent-length: %d\n%s", len + 1,
        data);
    say(pcb, answer, (size_t)len + 1);
}

/* Does what a line asks for.  False ends the conversation. */
static bool obey(struct tcp_pcb *pcb, const char *line, uint32_t length)
{
    uint32_t command = 0;

    while (command < COMMANDS && (length < commands[command].len ||
                                     memcmp(line, commands[command].text,
                                         commands[command].len) != 0)) {
        command++;
    }
    switch (command) {
    case HELLO:
        say_text(pcb, "200 OK (Ready to go)\n");
        break;
    case LOAD:
    case SETUP:
        say_text(pcb, "200 OK\n");
        break;
    case START:
        sddf_printf("%s measurement starting...\n", sddf_get_pd_name());
        meter_start();
        break;
    case STOP:
        sddf_printf("%s measurement finished\n", sddf_get_pd_name());
        say_reading(pcb);
        break;
    case RESTART:
        say_text(pcb, meter_restart_driver() ? "200 OK\n" : "400 ERROR\n");
        break;
    case QUIT:
        return false;
    default:
        say_text(pcb, "400 ERROR\n");
        break;
    }
    return true;
}

static void hang_up(struct tcp_pcb *pcb)
{
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    talk.pcb = NULL;
    if (tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
    }
}

/* Collects one byte; a line that is too long is an error of the peer's. */
static bool take(struct tcp_pcb *pcb, char c)
{
    if (c == '\n') {
        bool go_on = obey(pcb, talk.line, talk.length);

        talk.length = 0;
        return go_on;
    }
    if (talk.length == LINE_MAX) {
        say_text(pcb, "400 ERROR\n");
        return false;
    }
    talk.line[talk.length++] = c;
    return true;
}

static err_t received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    bool go_on = p != NULL;

    (void)arg;
    (void)err;
    for (const struct pbuf *part = p; part != NULL && go_on;
         part = part->next) {
        const char *text = part->payload;

        for (uint32_t i = 0; i < part->len && go_on; i++) {
            go_on = take(pcb, text[i]);
        }
    }
    if (p != NULL) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
    }
    if (!go_on) {
        hang_up(pcb);
    }
    return ERR_OK;
}

static void failed(void *arg, err_t err)
{
    (void)arg;
    (void)err;
    talk.pcb = NULL;
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
    (void)arg;
    if (err != ERR_OK || pcb == NULL || talk.pcb != NULL) {
        return ERR_MEM; /* lwIP resets the connection */
    }
    talk.pcb = pcb;
    talk.length = 0;
    tcp_recv(pcb, received);
    tcp_err(pcb, failed);
    say_text(pcb, "100 IPBENCH V1.0\n");
    return ERR_OK;
}

bool utilisation_start(void)
{
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_V4);

    if (pcb == NULL || tcp_bind(pcb, IP_ANY_TYPE, UTILISATION_PORT) != ERR_OK) {
        sddf_printf("utilisation: cannot bind port %d\n", UTILISATION_PORT);
        return false;
    }
    pcb = tcp_listen_with_backlog(pcb, 1);
    if (pcb == NULL) {
        return false;
    }
    tcp_accept(pcb, accepted);
    return true;
}
