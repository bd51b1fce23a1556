/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The start of lwIP and of its interface.
 */
#include "lions/net/glue.h"

#include <sddf/util/printf.h>

#include "base/check.h"
#include "base/mem.h"
#include "lions/net/netif_address.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "netif/ethernet.h"

struct glue lions_glue;

const struct sddf_lwip_counters *sddf_lwip_counters(void)
{
    return &lions_glue.counters;
}

/* Tells the program about an address from DHCP. */
static void status_changed(struct netif *netif)
{
    const struct glue_hooks *hooks = &lions_glue.hooks;
    char text[IP4ADDR_STRLEN_MAX];

    if (!dhcp_supplied_address(netif)) {
        return;
    }
    (void)ip4addr_ntoa_r(netif_ip4_addr(netif), text, sizeof(text));
    if (hooks->netif_callback != NULL) {
        hooks->netif_callback(text);
        return;
    }
    const uint8_t *mac = netif->hwaddr;
    (void)hooks->err_output("LWIP|NOTICE: DHCP request for mac "
                            "%02x:%02x:%02x:%02x:%02x:%02x "
                            "returned ip address: %s\n",
        mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], text);
}

/* lwIP asks us to fill in the interface. */
static err_t netif_fill(struct netif *netif)
{
    memcpy(netif->hwaddr, lions_glue.mac.addr, MAC802_BYTES);
    netif->hwaddr_len = MAC802_BYTES;
    netif->mtu = SDDF_LWIP_ETHER_MTU;
    netif->name[0] = 'e';
    netif->name[1] = '0';
    netif->output = etharp_output;
    netif->linkoutput = glue_tx_output;
    netif->flags =
        NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_LINK_UP;
    netif_set_hostname(netif, sddf_get_pd_name());
    return ERR_OK;
}

/* Adds the interface, with the address in `text` or one from DHCP. */
static void interface_start(struct glue *g, const char *text)
{
    struct netif_address address = { .ip = 0, .netmask = 0, .gateway = 0 };
    ip4_addr_t ip;
    ip4_addr_t netmask;
    ip4_addr_t gateway;

    if (text != NULL && !netif_address_parse(text, &address)) {
        (void)g->hooks.err_output("LWIP|ERROR: bad address '%s'\n", text);
        text = NULL;
    }
    ip4_addr_set_u32(&ip, lwip_htonl(address.ip));
    ip4_addr_set_u32(&netmask, lwip_htonl(address.netmask));
    ip4_addr_set_u32(&gateway, lwip_htonl(address.gateway));
    CHECK(netif_add(&g->netif, &ip, &netmask, &gateway, NULL, netif_fill,
              ethernet_input) != NULL);
    netif_set_default(&g->netif);
    netif_set_status_callback(&g->netif, status_changed);
    netif_set_up(&g->netif);
    if (text == NULL && dhcp_start(&g->netif) != ERR_OK) {
        (void)g->hooks.err_output("LWIP|ERROR: cannot start DHCP\n");
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
    struct glue *g = &lions_glue;

    g->timeout.ch = timer_config->driver_id;
    g->mac = net_config->mac_addr;
    g->hooks = (struct glue_hooks){
        .err_output = err_output != NULL ? err_output : sddf_printf_,
        .netif_callback = netif_callback,
        .handle_empty_tx_free = handle_empty_tx_free,
        .tx_intercept_condition = tx_intercept_condition,
        .tx_handle_intercept = tx_handle_intercept,
    };
    glue_pool_init(g, lib_sddf_lwip_config);
    glue_rx_init(g, net_config, rx_queue);
    glue_tx_init(g, net_config, tx_queue);
    lwip_init();
    interface_start(g, ip_addr);
    glue_rx_start(g);
}
