/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends every datagram back.  The payload is copied once, from the receive
 * buffer into a transmit buffer.
 */
#include <sddf/util/printf.h>

#include "lwip/pbuf.h"
#include "lwip/udp.h"
#include "systems/echo/echo.h"

static void received(void *arg, struct udp_pcb *pcb, struct pbuf *p,
    const ip_addr_t *addr, u16_t port)
{
    (void)arg;
    /* What cannot be sent is lost, as datagrams may be. */
    (void)udp_sendto(pcb, p, addr, port);
    pbuf_free(p);
}

bool udp_echo_start(void)
{
    struct udp_pcb *pcb = udp_new_ip_type(IPADDR_TYPE_V4);

    if (pcb == NULL || udp_bind(pcb, IP_ANY_TYPE, UDP_ECHO_PORT) != ERR_OK) {
        sddf_printf("udp echo: cannot bind port %d\n", UDP_ECHO_PORT);
        return false;
    }
    udp_recv(pcb, received, NULL);
    return true;
}
