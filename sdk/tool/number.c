/* SPDX-License-Identifier: BSD-2-Clause */
/* Every number in a description goes through number_parse(). */
#include "sdk/tool/number.h"

#include <string.h>

static uint32_t number_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (uint32_t)(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return (uint32_t)(c - 'A') + 10;
    }
    return UINT32_MAX;
}

const char *number_parse(const char *text, uint64_t *out)
{
    uint32_t base = 10;
    uint32_t digits = 0;
    uint64_t value = 0;

    if (text[0] == '0' && text[1] == 'x') {
        base = 16;
        text += 2;
    }
    for (; *text != '\0'; text++) {
        uint32_t digit = number_digit(*text);

        if (*text == '_') {
            continue;
        }
        if (digit >= base) {
            return "invalid digit found in string";
        }
        if (value > (UINT64_MAX - digit) / base) {
            return "number too large to fit in target type";
        }
        value = value * base + digit;
        digits++;
    }
    if (digits == 0) {
        return "cannot parse integer from empty string";
    }
    *out = value;
    return NULL;
}

static uint64_t number_of(const struct xml_node *node, const char *text)
{
    uint64_t value = 0;
    const char *why = number_parse(text, &value);

    if (why != NULL) {
        diag_error(&node->pos,
            "failed to parse integer '%s' on element '%s': %s", text,
            node->name, why);
    }
    return value;
}

uint64_t number_attr(
    const struct xml_node *node, const char *name, uint64_t otherwise)
{
    const char *text = xml_attr(node, name);

    return text == NULL ? otherwise : number_of(node, text);
}

uint64_t number_attr_required(const struct xml_node *node, const char *name)
{
    return number_of(node, xml_attr_required(node, name));
}

uint32_t number_attr_id(
    const struct xml_node *node, const char *name, uint32_t limit)
{
    const char *text = xml_attr_required(node, name);
    uint64_t value = 0;

    if (text[0] == '-' && number_parse(text + 1, &value) == NULL) {
        xml_error(node, "%s must be >= 0", name);
    }
    value = number_of(node, text);
    if (value >= limit) {
        xml_error(node, "%s must be < %u", name, (unsigned)limit);
    }
    return (uint32_t)value;
}

bool number_attr_bool(
    const struct xml_node *node, const char *name, bool otherwise)
{
    const char *text = xml_attr(node, name);

    if (text == NULL) {
        return otherwise;
    }
    if (strcmp(text, "true") == 0) {
        return true;
    }
    if (strcmp(text, "false") != 0) {
        xml_error(node, "%s must be 'true' or 'false'", name);
    }
    return false;
}
