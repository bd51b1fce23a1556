/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time_wait.c - lets a new connection take the place of one that waits.
 *
 * The side that closes first remembers the connection for two minutes.  A peer
 * that uses the same port again meanwhile would be answered by an ACK that it
 * does not understand, and never be let in.  RFC 1122, 4.2.2.13 allows to accept
 * a SYN whose sequence number is beyond all that was received before; lwIP does
 * not, so the old connection is forgotten just before lwIP sees the SYN.
 *
 * A forged SYN can do no more than end a wait.  Fields are read before any
 * checksum is verified: what is wrong with the segment, lwIP finds out later.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "lwip/ip.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"

#define IP_PROTOCOL    9u /* RFC 791, 3.1 */
#define IP_SOURCE      12u
#define IP_DESTINATION 16u
#define IP_HEADER      20u
#define TCP_SOURCE     0u /* RFC 9293, 3.1 */
#define TCP_TARGET     2u
#define TCP_SEQUENCE   4u
#define TCP_FLAGS_BYTE 13u
#define TCP_HEADER     20u

/* Does the SYN at `tcp` begin a new life of this connection? */
static bool is_successor(
    const struct tcp_pcb *pcb, const uint8_t *ip, const uint8_t *tcp)
{
    return pcb->remote_port == load_be16(tcp + TCP_SOURCE) &&
           pcb->local_port == load_be16(tcp + TCP_TARGET) &&
           lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&pcb->remote_ip))) ==
               load_be32(ip + IP_SOURCE) &&
           lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&pcb->local_ip))) ==
               load_be32(ip + IP_DESTINATION) &&
           (int32_t)(load_be32(tcp + TCP_SEQUENCE) - pcb->rcv_nxt) > 0;
}

int lwip_port_ip4_input(struct pbuf *p, struct netif *netif)
{
    const uint8_t *ip = p->payload;

    (void)netif;
    if (p->len < IP_HEADER || ip[IP_PROTOCOL] != IP_PROTO_TCP) {
        return 0;
    }
    uint32_t header = (ip[0] & 15u) * 4;
    if (header < IP_HEADER || p->len < header + TCP_HEADER) {
        return 0;
    }
    const uint8_t *tcp = ip + header;
    if ((tcp[TCP_FLAGS_BYTE] & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN) {
        return 0;
    }
    for (struct tcp_pcb *pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next) {
        if (is_successor(pcb, ip, tcp)) {
            tcp_abort(pcb); /* sends nothing in this state */
            break;
        }
    }
    return 0; /* lwIP goes on with the frame */
}
