/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parser of netif_address.h.
 */
#include "lions/net/netif_address.h"

#include <stddef.h>

/* Reads a decimal number up to `max`; NULL if there is none. */
static const char *read_number(const char *text, uint32_t max, uint32_t *out)
{
    uint32_t value = 0;
    uint32_t digits = 0;

    for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++) {
        value = value * 10 + (uint32_t)(*text - '0');
    }
    if (digits == 0 || value > max) {
        return NULL;
    }
    *out = value;
    return text;
}

/* Reads "A.B.C.D"; NULL if that is not there. */
static const char *read_ip(const char *text, uint32_t *out)
{
    uint32_t ip = 0;

    for (int i = 0; i < 4; i++) {
        uint32_t byte;

        if (i > 0 && *text++ != '.') {
            return NULL;
        }
        text = read_number(text, 255, &byte);
        if (text == NULL) {
            return NULL;
        }
        ip = ip << 8 | byte;
    }
    *out = ip;
    return text;
}

bool netif_address_parse(const char *text, struct netif_address *out)
{
    struct netif_address address = { .ip = 0, .netmask = 0, .gateway = 0 };
    uint32_t prefix = 24;

    text = read_ip(text, &address.ip);
    if (text != NULL && *text == '/') {
        text = read_number(text + 1, 32, &prefix);
    }
    if (text != NULL && *text == ',') {
        text = read_ip(text + 1, &address.gateway);
    }
    if (text == NULL || *text != '\0') {
        return false;
    }
    address.netmask = prefix == 0 ? 0 : UINT32_MAX << (32 - prefix);
    *out = address;
    return true;
}
