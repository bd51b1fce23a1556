/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The glue between lwIP and the queues: see lib_sddf_lwip.h.
 */
#include <sddf/network/lib_sddf_lwip.h>

#include <sddf/network/hints.h>
#include <sddf/timer/client.h>
#include <sddf/util/printf.h>
#include <sddf/util/state.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/mem.h"
#include "base/range.h"
#include "lions/net/frame.h"
#include "lions/net/frame_copy.h"
#include "lions/net/netif_address.h"
#include "lions/net/timers.h"

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

/* Receive pbufs, unless the configuration brings a pool. */
#define POOL_BUILT_IN 512
/* A timeout this much later than wanted is left alone. */
#define TIMER_SLACK_NS UINT64_C(500000)

/* A pool entry; free ones form a list.  Its size is a power of two, so that a
 * pointer's index is a shift. */
struct pool_entry {
    _Alignas(64) pbuf_custom_offset_t pbuf; /* first: lwIP gives this back */
    struct pool_entry *next;                /* while free */
    bool used;
};

static struct pool_entry pool_built_in[POOL_BUILT_IN];

/* Small things first: they are reached with short offsets. */
struct glue {
    net_queue_handle_t rx;
    net_queue_handle_t tx;
    uint8_t *rx_data;
    uint64_t rx_size;
    uint8_t *tx_data;
    uint64_t tx_size;
    sddf_channel rx_ch;
    sddf_channel tx_ch;
    sddf_channel timer_ch;
    mac_addr_t mac;
    bool rx_blocked;  /* frames wait for a free pbuf */
    bool rx_returned; /* buffers were freed since the last signal */
    bool tx_added;    /* frames were sent since the last signal */
    bool timer_set;
    bool tx_hints;     /* somebody behind us fills in checksums */
    uint64_t timer_at; /* ns, while timer_set */

    /* Buffers found in the Tx free queue for which the active one has room, how
     * many of them were taken, and how many of those sent. */
    uint32_t tx_limit;
    uint32_t tx_taken;
    uint32_t tx_sent;

    struct pool_entry *pool;
    struct pool_entry *pool_free; /* the first free entry */
    uint32_t pool_size;
    uint32_t pool_used; /* frames that lwIP or the program holds */
    uint32_t pool_high; /* more than this: the segments behind holes go */

    uint32_t retained_first;
    uint32_t retained_count;
    struct sddf_lwip_counters counters;
    struct netif netif;
    sddf_lwip_err_output_fn err_output;
    sddf_lwip_netif_status_callback_fn netif_callback;
    sddf_lwip_handle_empty_tx_free_fn handle_empty_tx_free;
    sddf_lwip_tx_intercept_condition_fn tx_intercept_condition;
    sddf_lwip_tx_handle_intercept_fn tx_handle_intercept;
    struct pbuf *retained[SDDF_LWIP_RETAINED_MAX];
};

static struct glue net;

const struct sddf_lwip_counters *sddf_lwip_counters(void)
{
    return &net.counters;
}

/* --- Receive pbufs ---------------------------------------------------------- */

static void pool_init(const lib_sddf_lwip_config_t *config)
{
    net.pool = pool_built_in;
    net.pool_size = POOL_BUILT_IN;
    if (config != NULL &&
        __builtin_memcmp(config->magic, SDDF_LIB_SDDF_LWIP_MAGIC,
            SDDF_LIB_SDDF_LWIP_MAGIC_LEN) == 0 &&
        config->pbuf_pool.size / sizeof(struct pool_entry) >= POOL_BUILT_IN) {
        uint64_t fit = config->pbuf_pool.size / sizeof(struct pool_entry);

        net.pool = config->pbuf_pool.vaddr;
        net.pool_size = fit < 65536 ? (uint32_t)fit : 65536;
    }
    net.pool_free = NULL;
    net.pool_used = 0;
    for (uint32_t i = net.pool_size; i-- > 0;) {
        net.pool[i].used = false;
        net.pool[i].next = net.pool_free;
        net.pool_free = &net.pool[i];
    }
}

bool sddf_lwip_pbuf_pool_empty(void)
{
    return net.pool_free == NULL;
}

/* Takes an entry; there is one. */
static inline pbuf_custom_offset_t *pool_take(struct glue *g)
{
    struct pool_entry *entry = g->pool_free;

    g->pool_free = entry->next;
    g->pool_used++;
    entry->used = true;
    return &entry->pbuf;
}

pbuf_custom_offset_t *sddf_lwip_pbuf_pool_alloc(void)
{
    return net.pool_free == NULL ? NULL : pool_take(&net);
}

/* Puts an entry back; false if this is none of ours, or free already. */
static inline bool pool_put(struct glue *g, pbuf_custom_offset_t *pbuf)
{
    uintptr_t offset = (uintptr_t)pbuf - (uintptr_t)g->pool;
    uintptr_t index = offset / sizeof(struct pool_entry);

    if (offset % sizeof(struct pool_entry) != 0 || index >= g->pool_size ||
        !g->pool[index].used) {
        return false;
    }
    struct pool_entry *entry = &g->pool[index];
    entry->used = false;
    entry->next = g->pool_free;
    g->pool_free = entry;
    g->pool_used--;
    return true;
}

net_sddf_err_t sddf_lwip_pbuf_pool_free(pbuf_custom_offset_t *pbuf)
{
    return pool_put(&net, pbuf) ? SDDF_LWIP_ERR_OK : SDDF_LWIP_ERR_INVALID_PBUF;
}

/* Gives a receive buffer back to the queue it came from. */
static inline void rx_buffer_return(struct glue *g, uint64_t offset)
{
    net_buff_desc_t buffer = { .io_or_offset = offset };

    if (net_enqueue_free(&g->rx, buffer) != 0) {
        g->counters.rx_lost++; /* the neighbour broke its queue */
        return;
    }
    g->rx_returned = true;
}

/* Called by lwIP when the last reference to a received frame is gone. */
static void rx_pbuf_free(struct pbuf *p)
{
    struct glue *g = state_address(&net);
    pbuf_custom_offset_t *pbuf = (pbuf_custom_offset_t *)(void *)p;
    uint64_t offset = pbuf->offset;

    if (pool_put(g, pbuf)) {
        rx_buffer_return(g, offset);
    }
}

/* --- Receive ----------------------------------------------------------------- */

/* Is this a fragment of an IPv4 datagram (RFC 791, 3.1: more fragments, or an
 * offset)? */
static bool is_fragment(const uint8_t *frame, uint32_t len)
{
    return len >= FRAME_IP4_PAYLOAD && frame_has_type(frame, FRAME_TYPE_IP4) &&
           frame_is_part(frame);
}

/* Is there one of the buffers of a region of `size` bytes? */
static bool is_buffer(uint64_t size, uint64_t offset)
{
    return offset % NET_BUFFER_SIZE == 0 &&
           range_contains(size, offset, NET_BUFFER_SIZE);
}

/* A frame with a hint: lwIP does not verify the checksum of UDP and TCP in it if
 * the device has, or if it never was on a wire (partial).  Of a datagram in
 * pieces no hint says anything. */
static NOINLINE err_t rx_input_hinted(struct glue *g, struct pbuf *p)
{
    if (!net_hints_offered(&g->rx) || is_fragment(p->payload, p->len)) {
        return g->netif.input(p, &g->netif);
    }
    NETIF_SET_CHECKSUM_CTRL(
        &g->netif, NETIF_CHECKSUM_ENABLE_ALL &
                       ~(NETIF_CHECKSUM_CHECK_UDP | NETIF_CHECKSUM_CHECK_TCP));
    err_t err = g->netif.input(p, &g->netif);
    NETIF_SET_CHECKSUM_CTRL(&g->netif, NETIF_CHECKSUM_ENABLE_ALL);
    return err;
}

/* Hands one frame to lwIP.  A pbuf is there. */
static inline void rx_frame(struct glue *g, net_buff_desc_t buffer)
{
    if (!is_buffer(g->rx_size, buffer.io_or_offset)) {
        g->counters.rx_bad++;
        return;
    }
    if (buffer.len > NET_BUFFER_SIZE || buffer.len == 0) {
        g->counters.rx_bad++;
        rx_buffer_return(g, buffer.io_or_offset);
        return;
    }
    uint8_t *frame = g->rx_data + buffer.io_or_offset;
    pbuf_custom_offset_t *pbuf = pool_take(g);
    pbuf->offset = buffer.io_or_offset;
    pbuf->custom.custom_free_function = rx_pbuf_free;
    struct pbuf *p = pbuf_alloced_custom(
        PBUF_RAW, buffer.len, PBUF_REF, &pbuf->custom, frame, NET_BUFFER_SIZE);
    if (is_fragment(frame, buffer.len)) {
        timers_note_fragment();
    }
    g->counters.rx_frames++;
    g->counters.rx_bytes += buffer.len;
    err_t err = __builtin_expect(buffer.checksum != NET_CHECKSUM_NONE, false)
                    ? rx_input_hinted(g, p)
                    : ethernet_input(p, &g->netif);
    if (err != ERR_OK) {
        g->counters.rx_refused++;
        pbuf_free(p);
    }
}

/*
 * Segments behind a hole keep their receive buffers, and peers decide how many
 * holes there are.  When buffers run low those segments are dropped; their
 * senders repeat them.  Otherwise a few peers could make us deaf.
 */
COLD static void rx_shed(void)
{
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
        if (pcb->ooseq != NULL) {
            tcp_free_ooseq(pcb);
            net.counters.rx_shed++;
        }
    }
}

void sddf_lwip_process_rx(void)
{
    struct glue *g = state_address(&net);
    net_buff_desc_t buffer;

    if (g->rx.capacity == 0) {
        return;
    }
    for (;;) {
        g->rx_blocked = false;
        while (
            g->pool_free != NULL && net_dequeue_active(&g->rx, &buffer) == 0) {
            rx_frame(g, buffer);
            if (g->pool_used > g->pool_high) {
                rx_shed();
            }
        }
        if (g->pool_free == NULL) {
            g->rx_blocked = true; /* sddf_lwip_maybe_notify() goes on */
            return;
        }
        net_request_signal_active(&g->rx);
        if (net_queue_empty_active(&g->rx)) {
            return;
        }
        net_cancel_signal_active(&g->rx);
    }
}

net_sddf_err_t sddf_lwip_input_pbuf(struct pbuf *p)
{
    if (p == NULL) {
        return SDDF_LWIP_ERR_INVALID_PBUF;
    }
    if (net.netif.input(p, &net.netif) != ERR_OK) {
        net.counters.rx_refused++;
        return SDDF_LWIP_ERR_UNHANDLED;
    }
    return SDDF_LWIP_ERR_OK;
}

/* --- Transmit ---------------------------------------------------------------- */

/* Shows the neighbour which buffers were taken, and what was sent in them.  In
 * this order: the neighbour may run in between, and with the frames it could
 * return their buffers, for which the free queue must have room by then. */
static inline void tx_show(struct glue *g)
{
    net_queue_handle_t *q = &g->tx;

    if (g->tx_taken > 0) {
        net_ring_consume(q->free, &q->free_out, g->tx_taken);
        g->tx_limit -= g->tx_taken;
        g->tx_taken = 0;
    }
    if (g->tx_sent > 0) {
        net_ring_publish(q->active, &q->active_in, g->tx_sent);
        g->counters.tx_frames += g->tx_sent;
        g->tx_sent = 0;
        g->tx_added = true;
    }
}

/* Looks for more buffers to send from; false if there is none. */
NOINLINE static bool tx_renew(struct glue *g)
{
    net_queue_handle_t *q = &g->tx;

    tx_show(g);
    uint32_t ready = net_ring_ready(q->free, &q->free_out, q->capacity);
    uint32_t room = net_ring_room(q->active, &q->active_in, q->capacity);
    g->tx_limit = ready < room ? ready : room;
    g->tx_hints = net_hints_accepted(&g->tx);
    return g->tx_limit > 0;
}

/* Takes a Tx buffer; false if there is none.  At most a queue full of wrong
 * ones is skipped. */
static inline bool tx_buffer(struct glue *g, net_buff_desc_t *buffer)
{
    for (uint32_t i = 0; i < g->tx.capacity; i++) {
        if (g->tx_taken == g->tx_limit && !tx_renew(g)) {
            return false;
        }
        *buffer = net_ring_read(g->tx.free, &g->tx.free_out, g->tx_taken);
        g->tx_taken++;
        if (is_buffer(g->tx_size, buffer->io_or_offset)) {
            return true;
        }
        g->counters.tx_bad++;
    }
    return false;
}

/* Copies a frame and leaves its checksum to the device. */
static NOINLINE void tx_copy_partial(
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

/* Copies a frame into a Tx buffer and queues it, as of tx_show(); false if
 * there is none. */
static inline bool tx_send(struct glue *g, const struct pbuf *p)
{
    net_buff_desc_t buffer;

    if (!tx_buffer(g, &buffer)) {
        return false;
    }
    uint8_t *to = g->tx_data + buffer.io_or_offset;
    buffer = (net_buff_desc_t){ .io_or_offset = buffer.io_or_offset };
    if (g->tx_hints) {
        tx_copy_partial(to, p, &buffer);
    } else {
        buffer.len = (uint16_t)frame_copy(to, p);
    }
    net_ring_write(g->tx.active, &g->tx.active_in, g->tx_sent, buffer);
    g->tx_sent++;
    g->counters.tx_bytes += buffer.len;
    return true;
}

/* Keeps a copy of a frame until there is a buffer for it.  A copy, because the
 * data it refers to may be reused once lwIP thinks the frame was sent. */
static net_sddf_err_t tx_retain(struct pbuf *p)
{
    struct pbuf *copy = NULL;

    if (net.retained_count < SDDF_LWIP_RETAINED_MAX) {
        copy = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
    }
    if (copy == NULL) {
        net.counters.tx_dropped++;
        return SDDF_LWIP_ERR_NO_BUF;
    }
    net.retained[(net.retained_first + net.retained_count) %
                 SDDF_LWIP_RETAINED_MAX] = copy;
    net.retained_count++;
    net.counters.tx_retained++;
    return SDDF_LWIP_ERR_OK;
}

/* Sends retained frames, oldest first, as far as there are buffers. */
static void tx_send_retained(void)
{
    while (net.retained_count > 0 &&
           tx_send(&net, net.retained[net.retained_first])) {
        pbuf_free(net.retained[net.retained_first]);
        net.retained_first = (net.retained_first + 1) % SDDF_LWIP_RETAINED_MAX;
        net.retained_count--;
    }
}

/* The program wants to send this frame itself. */
COLD static net_sddf_err_t tx_intercept(struct pbuf *p)
{
    return net.tx_handle_intercept != NULL ? net.tx_handle_intercept(p)
                                           : SDDF_LWIP_ERR_UNHANDLED;
}

/* There is no Tx buffer: the program decides, or the frame waits in line. */
COLD static net_sddf_err_t tx_without_buffer(struct pbuf *p)
{
    if (net.tx.capacity == 0) {
        return SDDF_LWIP_ERR_NO_BUF;
    }
    return net.handle_empty_tx_free != NULL ? net.handle_empty_tx_free(p)
                                            : tx_retain(p);
}

/* sddf_lwip_transmit_pbuf() for a pbuf that is there. */
static inline net_sddf_err_t tx_frame(struct glue *g, struct pbuf *p)
{
    if (p->tot_len > NET_BUFFER_SIZE) {
        g->counters.tx_dropped++;
        return SDDF_LWIP_ERR_LARGE_PBUF;
    }
    if (g->tx_intercept_condition != NULL && g->tx_intercept_condition(p)) {
        return tx_intercept(p);
    }
    if (g->retained_count == 0 && tx_send(g, p)) {
        return SDDF_LWIP_ERR_OK;
    }
    return tx_without_buffer(p);
}

net_sddf_err_t sddf_lwip_transmit_pbuf(struct pbuf *p)
{
    return p == NULL ? SDDF_LWIP_ERR_INVALID_PBUF : tx_frame(&net, p);
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

/* lwIP's way to send an Ethernet frame. */
static err_t link_output(struct netif *netif, struct pbuf *p)
{
    (void)netif;
    if (asks_neighbour(p)) {
        timers_note_arp();
    }
    net_sddf_err_t err = tx_frame(state_address(&net), p);
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

/* --- Time --------------------------------------------------------------------- */

/** lwIP's clock: milliseconds, running over. */
u32_t sys_now(void)
{
    return (u32_t)(sddf_timer_time_now(net.timer_ch) / NS_IN_MS);
}

/* Sets the timer for what lwIP wants to do next, unless an earlier time is set
 * already. */
NOINLINE static void timer_arm(void)
{
    uint64_t sleep_ms = sys_timeouts_sleeptime();
    uint64_t sleep_ns = (sleep_ms == 0 ? 1 : sleep_ms) * NS_IN_MS;
    uint64_t at = sddf_timer_time_now(net.timer_ch) + sleep_ns;
    if (net.timer_set && net.timer_at <= at + TIMER_SLACK_NS) {
        return;
    }
    if (sddf_timer_set_timeout(net.timer_ch, sleep_ns) == 0) {
        net.timer_set = true;
        net.timer_at = at;
        net.counters.timeouts++;
    }
}

void sddf_lwip_process_timeout(void)
{
    if (net.timer_set &&
        sddf_timer_time_now(net.timer_ch) + TIMER_SLACK_NS >= net.timer_at) {
        net.timer_set = false;
    }
    sys_check_timeouts();
}

/* --- The end of an event -------------------------------------------------------- */

/* Signals a neighbour when we return, or at once if another signal already
 * waits for that (the Microkit can defer only one). */
static void signal(sddf_channel ch)
{
    unsigned int deferred = sddf_deferred_notify_curr();

    if (deferred == UINT32_MAX) {
        sddf_deferred_notify(ch);
    } else if (deferred != ch) {
        sddf_notify(ch);
    }
}

/* Sends what waited; asks for a signal while something still does. */
NOINLINE static void tx_settle(void)
{
    tx_send_retained();
    if (net.retained_count == 0) {
        return;
    }
    net_request_signal_free(&net.tx);
    tx_send_retained(); /* into buffers that came before the request */
}

void sddf_lwip_maybe_notify(void)
{
    struct glue *g = state_address(&net);

    if (g->rx_blocked && g->pool_free != NULL) {
        sddf_lwip_process_rx();
    }
    if (g->retained_count > 0) {
        tx_settle();
    }
    tx_show(g);
    if (g->rx_returned && net_require_signal_free(&g->rx)) {
        net_cancel_signal_free(&g->rx);
        signal(g->rx_ch);
    }
    g->rx_returned = false;
    if (g->tx_added && net_require_signal_active(&g->tx)) {
        net_cancel_signal_active(&g->tx);
        signal(g->tx_ch);
    }
    g->tx_added = false;
    if (!g->timer_set || timers_changed()) {
        timer_arm();
    }
}

/* --- Start ----------------------------------------------------------------------- */

/* Tells the program about an address from DHCP. */
static void status_changed(struct netif *netif)
{
    char text[IP4ADDR_STRLEN_MAX];

    if (!dhcp_supplied_address(netif)) {
        return;
    }
    (void)ip4addr_ntoa_r(netif_ip4_addr(netif), text, sizeof(text));
    if (net.netif_callback != NULL) {
        net.netif_callback(text);
        return;
    }
    const uint8_t *mac = netif->hwaddr;
    (void)net.err_output("LWIP|NOTICE: DHCP request for mac "
                         "%02x:%02x:%02x:%02x:%02x:%02x "
                         "returned ip address: %s\n",
        mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], text);
}

/* lwIP asks us to fill in the interface. */
static err_t netif_fill(struct netif *netif)
{
    memcpy(netif->hwaddr, net.mac.addr, MAC802_BYTES);
    netif->hwaddr_len = MAC802_BYTES;
    netif->mtu = SDDF_LWIP_ETHER_MTU;
    netif->name[0] = 'e';
    netif->name[1] = '0';
    netif->output = etharp_output;
    netif->linkoutput = link_output;
    netif->flags =
        NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_LINK_UP;
    netif_set_hostname(netif, sddf_get_pd_name());
    return ERR_OK;
}

/* Adds the interface, with the address in `text` or one from DHCP. */
static void interface_start(const char *text)
{
    struct netif_address address = { .ip = 0, .netmask = 0, .gateway = 0 };
    ip4_addr_t ip;
    ip4_addr_t netmask;
    ip4_addr_t gateway;

    if (text != NULL && !netif_address_parse(text, &address)) {
        (void)net.err_output("LWIP|ERROR: bad address '%s'\n", text);
        text = NULL;
    }
    ip4_addr_set_u32(&ip, lwip_htonl(address.ip));
    ip4_addr_set_u32(&netmask, lwip_htonl(address.netmask));
    ip4_addr_set_u32(&gateway, lwip_htonl(address.gateway));
    CHECK(netif_add(&net.netif, &ip, &netmask, &gateway, NULL, netif_fill,
              ethernet_input) != NULL);
    netif_set_default(&net.netif);
    netif_set_status_callback(&net.netif, status_changed);
    netif_set_up(&net.netif);
    if (text == NULL && dhcp_start(&net.netif) != ERR_OK) {
        (void)net.err_output("LWIP|ERROR: cannot start DHCP\n");
    }
}

void sddf_lwip_init(lib_sddf_lwip_config_t *lib_sddf_lwip_config,
    net_client_config_t *net_config, timer_client_config_t *timer_config,
    net_queue_handle_t rx_queue, net_queue_handle_t tx_queue, char *ip_addr,
    sddf_lwip_err_output_fn err_output,
    sddf_lwip_netif_status_callback_fn netif_callback,
    sddf_lwip_handle_empty_tx_free_fn handle_empty_tx_free,
    sddf_lwip_tx_intercept_condition_fn tx_intercept_condition,
    sddf_lwip_tx_handle_intercept_fn tx_handle_intercept)
{
    net.rx = rx_queue;
    net.tx = tx_queue;
    net.rx_ch = net_config->rx.id;
    net.tx_ch = net_config->tx.id;
    net.timer_ch = timer_config->driver_id;
    net.rx_data = net_config->rx_data.vaddr;
    net.rx_size = net_config->rx_data.size;
    net.tx_data = net_config->tx_data.vaddr;
    net.tx_size = net_config->tx_data.size;
    net.mac = net_config->mac_addr;
    net.err_output = err_output != NULL ? err_output : sddf_printf_;
    net.netif_callback = netif_callback;
    net.handle_empty_tx_free = handle_empty_tx_free;
    net.tx_intercept_condition = tx_intercept_condition;
    net.tx_handle_intercept = tx_handle_intercept;
    pool_init(lib_sddf_lwip_config);
    net.pool_high =
        net.rx.capacity < net.pool_size ? net.rx.capacity : net.pool_size;
    net.pool_high -= net.pool_high / 4;
    if (net.tx.capacity != 0) {
        net_cancel_signal_free(&net.tx); /* until a frame has to wait */
        net_hints_offer(&net.tx, true);
    }
    lwip_init();
    interface_start(ip_addr);
    if (net.rx.capacity != 0) {
        net_hints_accept(&net.rx, true);
        sddf_notify(net.rx_ch); /* a virtualiser may tell its driver */
    }
    sddf_lwip_process_rx();
}
