/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transmit: a frame is copied into a buffer of the Tx region.  Without a free
 * buffer it is copied aside and sent when there is one.  What was sent becomes
 * visible to the neighbour when the event ends, or when more buffers are looked
 * for.
 */
#include "lions/net/glue.h"

#include <sddf/network/hints.h>
#include <sddf/util/state.h>

#include "base/bytes.h"
#include "lions/net/frame.h"
#include "lions/net/frame_copy.h"
#include "lions/net/timers.h"
#include "lwip/etharp.h"

/* --- Buffers ------------------------------------------------------------------- */

/* Shows the neighbour which buffers were taken, and what was sent in them.  In
 * this order: the neighbour may run in between, and with the frames it could
 * return their buffers, for which the free queue must have room by then. */
static inline void show(struct glue *g)
{
    struct glue_tx *tx = &g->tx;
    uint32_t sent = queue_batch_used(&tx->to.n);

    if (queue_batch_used(&tx->from.n) > 0) {
        net_batch_show(&tx->from);
    }
    if (sent > 0) {
        net_batch_show(&tx->to);
        g->counters.tx_frames += sent;
        tx->added = true;
    }
}

/* Looks for more buffers to send from; false if there is none. */
NOINLINE static bool renew(struct glue *g)
{
    struct glue_tx *tx = &g->tx;

    show(g);
    tx->from = net_batch_take_free(&tx->queue);
    tx->to = net_batch_put_active(&tx->queue);
    queue_batch_restrict(&tx->from.n, queue_batch_left(&tx->to.n));
    tx->hints = net_hints_accepted(&tx->queue);
    return queue_batch_left(&tx->from.n) > 0;
}

/* Takes a Tx buffer; false if there is none.  At most a queue full of wrong
 * ones is skipped. */
static inline bool take(struct glue *g, net_buff_desc_t *buffer)
{
    struct glue_tx *tx = &g->tx;

    for (uint32_t i = 0; i < tx->queue.capacity; i++) {
        if (queue_batch_left(&tx->from.n) == 0 && !renew(g)) {
            return false;
        }
        *buffer = net_batch_read(&tx->from);
        if (glue_is_buffer(tx->size, buffer->io_or_offset)) {
            return true;
        }
        g->counters.tx_bad++;
    }
    return false;
}

/* --- Frames -------------------------------------------------------------------- */

/* Copies a frame and leaves its checksum to the device. */
static NOINLINE void copy_partial(
    uint8_t *to, const struct pbuf *p, net_buff_desc_t *buffer)
{
    struct frame_partial partial;

    buffer->len = (uint16_t)frame_copy_partial(to, p, &partial);
    if (partial.start != 0) {
        buffer->checksum = NET_CHECKSUM_PARTIAL;
        buffer->checksum_start = partial.start;
        buffer->checksum_offset = partial.offset;
    }
}

/* Copies a frame into a Tx buffer and queues it, to be seen after the next
 * show(); false if there is no buffer. */
static inline bool send(struct glue *g, const struct pbuf *p)
{
    struct glue_tx *tx = &g->tx;
    net_buff_desc_t buffer;

    if (!take(g, &buffer)) {
        return false;
    }
    uint8_t *to = tx->data + buffer.io_or_offset;
    buffer = (net_buff_desc_t){ .io_or_offset = buffer.io_or_offset };
    if (tx->hints) {
        copy_partial(to, p, &buffer);
    } else {
        buffer.len = (uint16_t)frame_copy(to, p);
    }
    net_batch_write(&tx->to, buffer);
    g->counters.tx_bytes += buffer.len;
    return true;
}

/* --- Frames that wait ------------------------------------------------------------ */

/* Keeps a copy of a frame until there is a buffer for it.  A copy, because the
 * data it refers to may be reused once lwIP thinks the frame was sent. */
static net_sddf_err_t retain(struct glue *g, struct pbuf *p)
{
    struct glue_tx *tx = &g->tx;
    struct pbuf *copy = NULL;

    if (tx->retained_count < SDDF_LWIP_RETAINED_MAX) {
        copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
    }
    if (copy == NULL) {
        g->counters.tx_dropped++;
        return SDDF_LWIP_ERR_NO_BUF;
    }
    g->retained[(tx->retained_first + tx->retained_count) %
                SDDF_LWIP_RETAINED_MAX] = copy;
    tx->retained_count++;
    g->counters.tx_retained++;
    return SDDF_LWIP_ERR_OK;
}

/* Sends retained frames, oldest first, as far as there are buffers. */
static void send_retained(struct glue *g)
{
    struct glue_tx *tx = &g->tx;

    while (tx->retained_count > 0 && send(g, g->retained[tx->retained_first])) {
        pbuf_free(g->retained[tx->retained_first]);
        tx->retained_first = (tx->retained_first + 1) % SDDF_LWIP_RETAINED_MAX;
        tx->retained_count--;
    }
}

/* Sends what waited; asks for a signal while something still does. */
NOINLINE static void settle(struct glue *g)
{
    send_retained(g);
    if (g->tx.retained_count == 0) {
        return;
    }
    net_request_signal_free(&g->tx.queue);
    send_retained(g); /* into buffers that came before the request */
}

/* The program wants to send this frame itself. */
COLD static net_sddf_err_t intercept(struct glue *g, struct pbuf *p)
{
    return g->hooks.tx_handle_intercept != NULL
               ? g->hooks.tx_handle_intercept(p)
               : SDDF_LWIP_ERR_UNHANDLED;
}

/* There is no Tx buffer: the program decides, or the frame waits in line. */
COLD static net_sddf_err_t without_buffer(struct glue *g, struct pbuf *p)
{
    if (g->tx.queue.capacity == 0) {
        return SDDF_LWIP_ERR_NO_BUF;
    }
    return g->hooks.handle_empty_tx_free != NULL
               ? g->hooks.handle_empty_tx_free(p)
               : retain(g, p);
}

/* --- What is called from outside --------------------------------------------------- */

/* sddf_lwip_transmit_pbuf() for a pbuf that is there. */
static inline net_sddf_err_t transmit(struct glue *g, struct pbuf *p)
{
    if (p->tot_len > NET_BUFFER_SIZE) {
        g->counters.tx_dropped++;
        return SDDF_LWIP_ERR_LARGE_PBUF;
    }
    if (g->hooks.tx_intercept_condition != NULL &&
        g->hooks.tx_intercept_condition(p)) {
        return intercept(g, p);
    }
    if (g->tx.retained_count == 0 && send(g, p)) {
        return SDDF_LWIP_ERR_OK;
    }
    return without_buffer(g, p);
}

net_sddf_err_t sddf_lwip_transmit_pbuf(struct pbuf *p)
{
    return p == NULL ? SDDF_LWIP_ERR_INVALID_PBUF : transmit(&lions_glue, p);
}

/* Does this frame ask for a neighbour's address (RFC 826)?  An announcement,
 * which asks for our own, wants no answer. */
static bool asks_neighbour(const struct pbuf *p)
{
    const uint8_t *frame = p->payload;

    return p->len >= FRAME_ARP_END && frame_has_type(frame, FRAME_TYPE_ARP) &&
           load_be16(frame + FRAME_ARP_OPERATION) == ARP_REQUEST &&
           __builtin_memcmp(
               frame + FRAME_ARP_SENDER, frame + FRAME_ARP_TARGET, 4) != 0;
}

err_t glue_tx_output(struct netif *netif, struct pbuf *p)
{
    (void)netif;
    if (asks_neighbour(p)) {
        timers_note_arp();
    }
    net_sddf_err_t err = transmit(state_address(&lions_glue), p);
    if (__builtin_expect(err == SDDF_LWIP_ERR_OK, true)) {
        return ERR_OK;
    }
    switch (err) {
    case SDDF_LWIP_ERR_OK:
    case SDDF_LWIP_ERR_LARGE_PBUF:
    case SDDF_LWIP_ERR_INVALID_PBUF:
        return ERR_BUF;
    case SDDF_LWIP_ERR_NO_BUF:
    case SDDF_LWIP_ERR_UNHANDLED:
        return ERR_MEM;
    }
    return ERR_ARG;
}

void glue_tx_finish(struct glue *g)
{
    if (g->tx.retained_count > 0) {
        settle(g);
    }
    show(g);
}

void glue_tx_init(
    struct glue *g, const net_client_config_t *config, net_queue_handle_t queue)
{
    g->tx.queue = queue;
    g->tx.ch = config->tx.id;
    g->tx.data = config->tx_data.vaddr;
    g->tx.size = config->tx_data.size;
    g->tx.from =
        (struct net_batch){ .n = queue_batch_begin(&g->tx.queue.free_out, 0) };
    g->tx.to =
        (struct net_batch){ .n = queue_batch_begin(&g->tx.queue.active_in, 0) };
    if (queue.capacity != 0) {
        net_cancel_signal_free(&g->tx.queue); /* until a frame has to wait */
        net_hints_offer(&g->tx.queue, true);
    }
}
