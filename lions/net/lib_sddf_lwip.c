/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The glue between lwIP and the queues: see lib_sddf_lwip.h.
 */
#include <sddf/network/lib_sddf_lwip.h>

#include <sddf/timer/client.h>
#include <sddf/util/printf.h>

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

/* A pool entry: free ones form a list by index + 1. */
struct pool_entry {
    pbuf_custom_offset_t pbuf; /* first: lwIP gives this address back */
    uint32_t next;             /* while free: index + 1 of the next, or 0 */
    bool used;
};

static struct pool_entry pool_built_in[POOL_BUILT_IN];

static struct {
    struct netif netif;
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
    bool rx_returned; /* buffers were freed since the last signal */
    bool rx_blocked;  /* frames wait for a free pbuf */
    bool tx_added;    /* frames were sent since the last signal */
    bool timer_set;
    uint64_t timer_at; /* ns, while timer_set */

    struct pool_entry *pool;
    uint32_t pool_size;
    uint32_t pool_free; /* index + 1 of the first free entry, or 0 */
    uint32_t pool_used; /* frames that lwIP or the program holds */
    uint32_t pool_high; /* more than this: the segments behind holes go */

    struct pbuf *retained[SDDF_LWIP_RETAINED_MAX];
    uint32_t retained_first;
    uint32_t retained_count;

    struct sddf_lwip_counters counters;
    sddf_lwip_err_output_fn err_output;
    sddf_lwip_netif_status_callback_fn netif_callback;
    sddf_lwip_handle_empty_tx_free_fn handle_empty_tx_free;
    sddf_lwip_tx_intercept_condition_fn tx_intercept_condition;
    sddf_lwip_tx_handle_intercept_fn tx_handle_intercept;
} net;

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
    net.pool_free = 0;
    net.pool_used = 0;
    for (uint32_t i = net.pool_size; i-- > 0;) {
        net.pool[i].used = false;
        net.pool[i].next = net.pool_free;
        net.pool_free = i + 1;
    }
}

bool sddf_lwip_pbuf_pool_empty(void)
{
    return net.pool_free == 0;
}

pbuf_custom_offset_t *sddf_lwip_pbuf_pool_alloc(void)
{
    if (net.pool_free == 0) {
        return NULL;
    }
    struct pool_entry *entry = &net.pool[net.pool_free - 1];
    net.pool_free = entry->next;
    net.pool_used++;
    entry->used = true;
    return &entry->pbuf;
}

net_sddf_err_t sddf_lwip_pbuf_pool_free(pbuf_custom_offset_t *pbuf)
{
    uintptr_t offset = (uintptr_t)pbuf - (uintptr_t)net.pool;
    uintptr_t index = offset / sizeof(struct pool_entry);

    if (offset % sizeof(struct pool_entry) != 0 || index >= net.pool_size ||
        !net.pool[index].used) {
        return SDDF_LWIP_ERR_INVALID_PBUF;
    }
    net.pool[index].used = false;
    net.pool_used--;
    net.pool[index].next = net.pool_free;
    net.pool_free = (uint32_t)index + 1;
    return SDDF_LWIP_ERR_OK;
}

/* Gives a receive buffer back to the queue it came from. */
static void rx_buffer_return(uint64_t offset)
{
    net_buff_desc_t buffer = { .io_or_offset = offset };

    if (net_enqueue_free(&net.rx, buffer) != 0) {
        net.counters.rx_lost++; /* the neighbour broke its queue */
        return;
    }
    net.rx_returned = true;
}

/* Called by lwIP when the last reference to a received frame is gone. */
static void rx_pbuf_free(struct pbuf *p)
{
    pbuf_custom_offset_t *pbuf = (pbuf_custom_offset_t *)(void *)p;
    uint64_t offset = pbuf->offset;

    if (sddf_lwip_pbuf_pool_free(pbuf) == SDDF_LWIP_ERR_OK) {
        rx_buffer_return(offset);
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

/* Hands one frame to lwIP.  A pbuf is there. */
static void rx_frame(net_buff_desc_t buffer)
{
    if (!is_buffer(net.rx_size, buffer.io_or_offset)) {
        net.counters.rx_bad++;
        return;
    }
    if (buffer.len > NET_BUFFER_SIZE || buffer.len == 0) {
        net.counters.rx_bad++;
        rx_buffer_return(buffer.io_or_offset);
        return;
    }
    pbuf_custom_offset_t *pbuf = sddf_lwip_pbuf_pool_alloc();
    pbuf->offset = buffer.io_or_offset;
    pbuf->custom.custom_free_function = rx_pbuf_free;
    struct pbuf *p = pbuf_alloced_custom(PBUF_RAW, buffer.len, PBUF_REF,
        &pbuf->custom, net.rx_data + buffer.io_or_offset, NET_BUFFER_SIZE);
    if (is_fragment(net.rx_data + buffer.io_or_offset, buffer.len)) {
        timers_note_fragment();
    }
    net.counters.rx_frames++;
    net.counters.rx_bytes += buffer.len;
    if (net.netif.input(p, &net.netif) != ERR_OK) {
        net.counters.rx_refused++;
        pbuf_free(p);
    }
}

/*
 * Segments behind a hole keep their receive buffers, and peers decide how many
 * holes there are.  When buffers run low those segments are dropped; their
 * senders repeat them.  Otherwise a few peers could make us deaf.
 */
static void rx_shed(void)
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
    net_buff_desc_t buffer;

    if (net.rx.capacity == 0) {
        return;
    }
    for (;;) {
        net.rx_blocked = false;
        while (
            net.pool_free != 0 && net_dequeue_active(&net.rx, &buffer) == 0) {
            rx_frame(buffer);
            if (net.pool_used > net.pool_high) {
                rx_shed();
            }
        }
        if (net.pool_free == 0) {
            net.rx_blocked = true; /* sddf_lwip_maybe_notify() goes on */
            return;
        }
        net_request_signal_active(&net.rx);
        if (net_queue_empty_active(&net.rx)) {
            return;
        }
        net_cancel_signal_active(&net.rx);
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

/* Finds a good Tx buffer at the head of the free queue; false if there is
 * none.  The caller takes it. */
static bool tx_buffer(net_buff_desc_t *buffer)
{
    net_queue_handle_t *q = &net.tx;

    while (net_ring_ready(q->free, &q->free_out, q->capacity) > 0) {
        *buffer = net_ring_read(q->free, &q->free_out, 0);
        if (is_buffer(net.tx_size, buffer->io_or_offset)) {
            return true;
        }
        net_ring_consume(q->free, &q->free_out, 1);
        net.counters.tx_bad++;
    }
    return false;
}

/* Copies a frame into a Tx buffer and queues it; false if there is none. */
static bool tx_send(const struct pbuf *p)
{
    net_queue_handle_t *q = &net.tx;
    net_buff_desc_t buffer;

    if (net_ring_room(q->active, &q->active_in, q->capacity) == 0 ||
        !tx_buffer(&buffer)) {
        return false;
    }
    buffer.len = (uint16_t)frame_copy(net.tx_data + buffer.io_or_offset, p);
    buffer.oid = 0;
    net_ring_write(q->active, &q->active_in, 0, buffer);
    net_ring_publish(q->active, &q->active_in, 1);
    net_ring_consume(q->free, &q->free_out, 1);
    net.tx_added = true;
    net.counters.tx_frames++;
    net.counters.tx_bytes += buffer.len;
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
    while (
        net.retained_count > 0 && tx_send(net.retained[net.retained_first])) {
        pbuf_free(net.retained[net.retained_first]);
        net.retained_first = (net.retained_first + 1) % SDDF_LWIP_RETAINED_MAX;
        net.retained_count--;
    }
}

/* The default answer to an empty Tx free queue: wait in line. */
static net_sddf_err_t empty_tx_free_default(struct pbuf *p)
{
    return tx_retain(p);
}

static bool intercept_none(struct pbuf *p)
{
    (void)p;
    return false;
}

static net_sddf_err_t intercept_unhandled(struct pbuf *p)
{
    (void)p;
    return SDDF_LWIP_ERR_UNHANDLED;
}

net_sddf_err_t sddf_lwip_transmit_pbuf(struct pbuf *p)
{
    if (p == NULL) {
        return SDDF_LWIP_ERR_INVALID_PBUF;
    }
    if (p->tot_len > NET_BUFFER_SIZE) {
        net.counters.tx_dropped++;
        return SDDF_LWIP_ERR_LARGE_PBUF;
    }
    if (net.tx_intercept_condition(p)) {
        return net.tx_handle_intercept(p);
    }
    if (net.tx.capacity == 0) {
        return SDDF_LWIP_ERR_NO_BUF;
    }
    if (net.retained_count == 0 && tx_send(p)) {
        return SDDF_LWIP_ERR_OK;
    }
    return net.handle_empty_tx_free(p);
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
    switch (sddf_lwip_transmit_pbuf(p)) {
    case SDDF_LWIP_ERR_OK:
        return ERR_OK;
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

/* Sets the timer for what lwIP wants to do next, unless it is set already. */
static void timer_arm(void)
{
    if (net.timer_set && !timers_changed()) {
        return;
    }
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
static void tx_settle(void)
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
    if (net.rx_blocked && net.pool_free != 0) {
        sddf_lwip_process_rx();
    }
    if (net.retained_count > 0) {
        tx_settle();
    }
    if (net.rx_returned && net_require_signal_free(&net.rx)) {
        net_cancel_signal_free(&net.rx);
        signal(net.rx_ch);
    }
    net.rx_returned = false;
    if (net.tx_added && net_require_signal_active(&net.tx)) {
        net_cancel_signal_active(&net.tx);
        signal(net.tx_ch);
    }
    net.tx_added = false;
    timer_arm();
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
    net.handle_empty_tx_free = handle_empty_tx_free != NULL
                                   ? handle_empty_tx_free
                                   : empty_tx_free_default;
    net.tx_intercept_condition = tx_intercept_condition != NULL
                                     ? tx_intercept_condition
                                     : intercept_none;
    net.tx_handle_intercept =
        tx_handle_intercept != NULL ? tx_handle_intercept : intercept_unhandled;
    pool_init(lib_sddf_lwip_config);
    net.pool_high =
        net.rx.capacity < net.pool_size ? net.rx.capacity : net.pool_size;
    net.pool_high -= net.pool_high / 4;
    if (net.tx.capacity != 0) {
        net_cancel_signal_free(&net.tx); /* until a frame has to wait */
    }
    lwip_init();
    interface_start(ip_addr);
    sddf_lwip_process_rx();
}
