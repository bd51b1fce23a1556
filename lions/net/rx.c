/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive: a frame stays in its buffer, inside a pbuf of the pool, until lwIP or
 * the program frees the pbuf; then the buffer goes back to the neighbour.
 */
#include "lions/net/glue.h"

#include <sddf/network/hints.h>
#include <sddf/util/state.h>

#include "lions/net/frame.h"
#include "lions/net/timers.h"
#include "lwip/priv/tcp_priv.h"
#include "netif/ethernet.h"

/* Gives a receive buffer back to the queue it came from. */
static inline void buffer_return(struct glue *g, uint64_t offset)
{
    net_buff_desc_t buffer = { .io_or_offset = offset };

    if (net_enqueue_free(&g->rx.queue, buffer) != 0) {
        g->counters.rx_lost++; /* the neighbour broke its queue */
        return;
    }
    g->rx.returned = true;
}

/* Called by lwIP when the last reference to a received frame is gone. */
static void pbuf_freed(struct pbuf *p)
{
    struct glue *g = state_address(&lions_glue);
    pbuf_custom_offset_t *pbuf = (pbuf_custom_offset_t *)(void *)p;
    uint64_t offset = pbuf->offset;

    if (glue_pool_put(g, pbuf)) {
        buffer_return(g, offset);
    }
}

/* Is this a fragment of an IPv4 datagram (RFC 791, 3.1: more fragments, or an
 * offset)? */
static bool is_fragment(const uint8_t *frame, uint32_t len)
{
    return len >= FRAME_IP4_PAYLOAD && frame_has_type(frame, FRAME_TYPE_IP4) &&
           frame_is_part(frame);
}

/* Hands lwIP a frame with a hint: the checksum of UDP and TCP in it is not
 * verified if the device has done so, or if the frame never was on a wire
 * (partial).  Of a datagram in pieces no hint says anything. */
static NOINLINE err_t input_hinted(struct glue *g, struct pbuf *p)
{
    if (!net_hints_offered(&g->rx.queue) || is_fragment(p->payload, p->len)) {
        return g->netif.input(p, &g->netif);
    }
    NETIF_SET_CHECKSUM_CTRL(
        &g->netif, NETIF_CHECKSUM_ENABLE_ALL &
                       ~(NETIF_CHECKSUM_CHECK_UDP | NETIF_CHECKSUM_CHECK_TCP));
    err_t err = g->netif.input(p, &g->netif);
    NETIF_SET_CHECKSUM_CTRL(&g->netif, NETIF_CHECKSUM_ENABLE_ALL);
    return err;
}

/* Hands one frame to lwIP.  The pool is not empty. */
static inline void frame_input(struct glue *g, net_buff_desc_t buffer)
{
    if (!glue_is_buffer(g->rx.size, buffer.io_or_offset)) {
        g->counters.rx_bad++;
        return;
    }
    if (buffer.len > NET_BUFFER_SIZE || buffer.len == 0) {
        g->counters.rx_bad++;
        buffer_return(g, buffer.io_or_offset);
        return;
    }
    uint8_t *frame = g->rx.data + buffer.io_or_offset;
    pbuf_custom_offset_t *pbuf = glue_pool_take(g);
    pbuf->offset = buffer.io_or_offset;
    pbuf->custom.custom_free_function = pbuf_freed;
    struct pbuf *p = pbuf_alloced_custom(
        PBUF_RAW, buffer.len, PBUF_REF, &pbuf->custom, frame, NET_BUFFER_SIZE);
    if (is_fragment(frame, buffer.len)) {
        timers_note_fragment();
    }
    g->counters.rx_frames++;
    g->counters.rx_bytes += buffer.len;
    err_t err = __builtin_expect(buffer.checksum != NET_CHECKSUM_NONE, false)
                    ? input_hinted(g, p)
                    : ethernet_input(p, &g->netif);
    if (err != ERR_OK) {
        g->counters.rx_refused++;
        pbuf_free(p);
    }
}

/*
 * TCP segments that came out of order keep their receive buffers until those
 * before them have come, and peers decide how many such gaps there are.  When
 * buffers run low these segments are dropped, and their senders repeat them.
 * Otherwise a few peers could keep us from receiving anything.
 */
COLD static void shed(struct glue *g)
{
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
        if (pcb->ooseq != NULL) {
            tcp_free_ooseq(pcb);
            g->counters.rx_shed++;
        }
    }
}

void sddf_lwip_process_rx(void)
{
    struct glue *g = state_address(&lions_glue);
    net_buff_desc_t buffer;

    if (g->rx.queue.capacity == 0) {
        return;
    }
    for (;;) {
        g->rx.blocked = false;
        while (g->pool.free != NULL &&
               net_dequeue_active(&g->rx.queue, &buffer) == 0) {
            frame_input(g, buffer);
            if (g->pool.used > g->rx.high) {
                shed(g);
            }
        }
        if (g->pool.free == NULL) {
            g->rx.blocked = true; /* sddf_lwip_maybe_notify() goes on */
            return;
        }
        net_request_signal_active(&g->rx.queue);
        if (net_queue_empty_active(&g->rx.queue)) {
            return;
        }
        net_cancel_signal_active(&g->rx.queue);
    }
}

net_sddf_err_t sddf_lwip_input_pbuf(struct pbuf *p)
{
    struct glue *g = &lions_glue;

    if (p == NULL) {
        return SDDF_LWIP_ERR_INVALID_PBUF;
    }
    if (g->netif.input(p, &g->netif) != ERR_OK) {
        g->counters.rx_refused++;
        return SDDF_LWIP_ERR_UNHANDLED;
    }
    return SDDF_LWIP_ERR_OK;
}

void glue_rx_init(
    struct glue *g, const net_client_config_t *config, net_queue_handle_t queue)
{
    g->rx.queue = queue;
    g->rx.ch = config->rx.id;
    g->rx.data = config->rx_data.vaddr;
    g->rx.size = config->rx_data.size;
    g->rx.high = queue.capacity < g->pool.size ? queue.capacity : g->pool.size;
    g->rx.high -= g->rx.high / 4;
}

void glue_rx_start(struct glue *g)
{
    if (g->rx.queue.capacity != 0) {
        net_hints_accept(&g->rx.queue, true);
        sddf_notify(g->rx.ch); /* a virtualiser may tell its driver */
    }
    sddf_lwip_process_rx();
}
