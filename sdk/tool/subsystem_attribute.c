/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of <subsystem> and <client>: reading them by the class's tables,
 * and computing with them. */
#include <inttypes.h>
#include <string.h>

#include "base/bits.h"
#include "base/range.h"
#include "sdk/tool/number.h"
#include "sdk/tool/subsystem.h"

/* --- One attribute --------------------------------------------------------- */

static void read_bool(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_attribute *attribute,
    struct subsystem_value *out)
{
    bool possible = subsystem_is(subsystem, part, attribute->needs);
    bool otherwise = attribute->otherwise != 0 && possible;

    if (attribute->client && attribute->needs != NULL) {
        otherwise = possible;
    }
    out->number = number_attr_bool(part->node, attribute->name, otherwise);
    if (attribute->client && out->number != 0 && !possible) {
        xml_error(
            part->node, "the subsystem has no %s", attribute->needs->name);
    }
}

static void read_number(const struct subsystem_part *part,
    const struct class_attribute *attribute, struct subsystem_value *out)
{
    bool power = attribute->kind == CLASS_POWER_OF_TWO;

    out->number =
        attribute->required
            ? number_attr_required(part->node, attribute->name)
            : number_attr(part->node, attribute->name, attribute->otherwise);
    if (out->number < attribute->min || out->number > attribute->max ||
        (power && !bits_is_power_of_two(out->number))) {
        xml_error(part->node, "%s must be %sbetween %" PRIu64 " and %" PRIu64,
            attribute->name, power ? "a power of two " : "", attribute->min,
            attribute->max);
    }
}

static void read_text(const struct subsystem_part *part,
    const struct class_attribute *attribute, struct subsystem_value *out)
{
    const char *text = attribute->required
                           ? xml_attr_required(part->node, attribute->name)
                           : xml_attr(part->node, attribute->name);

    out->text = text == NULL ? attribute->otherwise_text : text;
    if (strlen(out->text) >= attribute->max) {
        xml_error(part->node, "%s must be shorter than %" PRIu64 " characters",
            attribute->name, attribute->max);
    }
}

/* Hexadecimal pairs with colons, and nothing else. */
static bool parse_mac(const char *text, uint8_t *out)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    uint32_t value[2 * CLASS_MAC_SIZE];

    if (strlen(text) != 3 * CLASS_MAC_SIZE - 1) {
        return false;
    }
    for (uint32_t i = 0; i < 3 * CLASS_MAC_SIZE - 1; i++) {
        const char *digit = strchr(digits, text[i]);

        if (i % 3 == 2) {
            if (text[i] != ':') {
                return false;
            }
        } else if (digit == NULL) {
            return false;
        } else {
            /* lower case first, capitals in the second half */
            value[i / 3 * 2 + i % 3] = (uint32_t)(digit - digits) % 16;
        }
    }
    for (uint32_t i = 0; i < CLASS_MAC_SIZE; i++) {
        out[i] = (uint8_t)(value[2 * i] << 4 | value[2 * i + 1]);
    }
    return true;
}

static void read_mac(const struct subsystem_part *part,
    const struct class_attribute *attribute, struct subsystem_value *out)
{
    out->text = xml_attr_required(part->node, attribute->name);
    if (!parse_mac(out->text, out->mac)) {
        xml_error(part->node,
            "%s '%s' is not six hexadecimal bytes with colons", attribute->name,
            out->text);
    }
    if ((out->mac[0] & 1) != 0) {
        xml_error(part->node, "%s '%s' is a group address", attribute->name,
            out->text);
    }
}

static bool is_same(const struct class_attribute *attribute,
    const struct subsystem_value *a, const struct subsystem_value *b)
{
    switch (attribute->kind) {
    case CLASS_MAC:
        return memcmp(a->mac, b->mac, sizeof a->mac) == 0;
    case CLASS_TEXT:
        return strcmp(a->text, b->text) == 0;
    case CLASS_BOOL:
    case CLASS_NUMBER:
    case CLASS_POWER_OF_TWO:
        break;
    }
    return a->number == b->number;
}

/* Compares with the clients before this one. */
static void check_unique(const struct subsystem *subsystem,
    const struct subsystem_part *part, uint32_t index)
{
    const struct class_attribute *attribute =
        subsystem->class->attributes[index];

    for (const struct subsystem_part *other = subsystem->client; other != part;
         other++) {
        if (is_same(attribute, &other->value[index], &part->value[index])) {
            const char *text = xml_attr(part->node, attribute->name);

            xml_error(part->node, "%s '%s' is used twice", attribute->name,
                text == NULL ? "" : text);
        }
    }
}

/* --- All attributes of an element ------------------------------------------- */

/* The subsystem's attributes that need one that is off: "a and b need c". */
static void check_needs(
    const struct subsystem *subsystem, const struct class_attribute *needs)
{
    const struct class_attribute *const *list = subsystem->class->attributes;
    struct arena *arena = subsystem->build->arena;
    const char *names = NULL;
    uint32_t count = 0;
    bool given = false;

    for (uint32_t i = 0; list[i] != NULL; i++) {
        if (list[i]->needs == needs && !list[i]->client) {
            names = names == NULL ? list[i]->name
                                  : arena_printf(arena, "%s and %s", names,
                                        list[i]->name);
            given |= xml_attr(subsystem->node, list[i]->name) != NULL;
            count++;
        }
    }
    if (given) {
        xml_error(subsystem->node, "%s need%s %s", names, count == 1 ? "s" : "",
            needs->name);
    }
}

static void check_names(const struct subsystem *subsystem,
    const struct subsystem_part *part, const char *const *common)
{
    bool client = part->client != NULL;
    uint32_t count = class_attribute_count(subsystem->class);
    uint32_t used = 0;

    while (common[used] != NULL) {
        used++;
    }

    const char **names =
        arena_array(subsystem->build->arena, used + count + 1, sizeof *names);

    memcpy(names, common, used * sizeof *names);
    for (uint32_t i = 0; i < count; i++) {
        if (subsystem->class->attributes[i]->client == client) {
            names[used++] = subsystem->class->attributes[i]->name;
        }
    }
    xml_attr_only(part->node, names);
}

static void read_one(struct subsystem *subsystem, struct subsystem_part *part,
    const struct class_attribute *attribute, struct subsystem_value *out)
{
    if (attribute->client && attribute->kind != CLASS_BOOL &&
        !subsystem_is(subsystem, part, attribute->needs) &&
        xml_attr(part->node, attribute->name) != NULL) {
        xml_error(
            part->node, "the subsystem has no %s", attribute->needs->name);
    }
    switch (attribute->kind) {
    case CLASS_BOOL:
        read_bool(subsystem, part, attribute, out);
        break;
    case CLASS_NUMBER:
    case CLASS_POWER_OF_TWO:
        read_number(part, attribute, out);
        break;
    case CLASS_TEXT:
        read_text(part, attribute, out);
        break;
    case CLASS_MAC:
        read_mac(part, attribute, out);
        break;
    }
}

void subsystem_read_attributes(struct subsystem *subsystem,
    struct subsystem_part *part, const char *const *common)
{
    uint32_t count = class_attribute_count(subsystem->class);

    check_names(subsystem, part, common);
    for (uint32_t i = 0; i < count; i++) {
        const struct class_attribute *attribute =
            subsystem->class->attributes[i];

        if (attribute->client != (part->client != NULL)) {
            continue;
        }
        read_one(subsystem, part, attribute, &part->value[i]);
        if (attribute->unique) {
            check_unique(subsystem, part, i);
        }
    }
    for (uint32_t i = 0; i < count && part->client == NULL; i++) {
        const struct class_attribute *attribute =
            subsystem->class->attributes[i];

        if (attribute->kind == CLASS_BOOL && !attribute->client &&
            part->value[i].number == 0) {
            check_needs(subsystem, attribute);
        }
    }
}

/* --- Computing --------------------------------------------------------------- */

const struct subsystem_value *subsystem_attribute(
    const struct subsystem *subsystem, const struct subsystem_part *part,
    const struct class_attribute *attribute)
{
    uint32_t index = class_attribute_index(subsystem->class, attribute);

    return attribute->client ? &part->value[index]
                             : &subsystem->single.value[index];
}

/* A client's attribute, added up over all clients. */
static uint64_t attribute_sum(
    const struct subsystem *subsystem, const struct class_attribute *attribute)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < subsystem->client_count; i++) {
        uint64_t number =
            subsystem_attribute(subsystem, &subsystem->client[i], attribute)
                ->number;

        if (!add_ok(sum, number, &sum)) {
            return UINT64_MAX;
        }
    }
    return sum;
}

uint64_t subsystem_value(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_value *value)
{
    const struct class_attribute *attribute = value->attribute;
    uint64_t number = 0;

    if (attribute != NULL && attribute->client && part->client == NULL) {
        number = attribute_sum(subsystem, attribute);
    } else if (attribute != NULL) {
        number = subsystem_attribute(subsystem, part, attribute)->number;
    }
    if (!mul_ok(number, value->factor, &number) ||
        !add_ok(number, value->constant, &number)) {
        return UINT64_MAX;
    }
    if (value->power_of_two) {
        uint64_t power = 1;

        while (power < number && power != 0) {
            power <<= 1;
        }
        return power == 0 ? UINT64_MAX : power;
    }
    return number;
}

bool subsystem_is(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_attribute *when)
{
    return when == NULL ||
           subsystem_attribute(subsystem, part, when)->number != 0;
}
