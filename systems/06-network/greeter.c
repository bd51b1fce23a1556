/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends each peer that connects a greeting, and closes the connection.
 */
#include <lions/net/client.h>
#include <sddf/util/printf.h>

#include "lwip/tcp.h"

#define PORT 7000

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
    static const char greeting[] = "Hello from a protection domain!\n";

    (void)arg;
    if (err != ERR_OK || pcb == NULL) {
        return ERR_VAL;
    }
    /* Constant data needs no copy: lwIP sends it from here. */
    if (tcp_write(pcb, greeting, sizeof(greeting) - 1, 0) == ERR_OK &&
        tcp_close(pcb) == ERR_OK) {
        return ERR_OK;
    }
    tcp_abort(pcb);
    return ERR_ABRT;
}

static void serve(void)
{
    struct tcp_pcb *pcb = tcp_new();

    if (pcb == NULL || tcp_bind(pcb, IP_ADDR_ANY, PORT) != ERR_OK) {
        sddf_printf("greeter: cannot have port %d\n", PORT);
        return;
    }
    tcp_accept(tcp_listen(pcb), accepted);
}

static void on_address(const char *address)
{
    sddf_printf("greeter: waiting at %s port %d\n", address, PORT);
}

static const struct net_client client = {
    .start = serve,
    .on_address = on_address,
};

void init(void)
{
    net_client_init(&client);
}

void notified(sddf_channel ch)
{
    net_client_notified(ch);
}
