/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, values and places: what several tables have. */
#include "sdk/tool/class_check_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/range.h"

bool class_check_need(
    struct class_checker *check, bool good, const char *format, ...)
{
    if (!good && check->mistake == NULL) {
        va_list args;

        va_start(args, format);
        check->mistake =
            arena_printf(check->arena, "class '%s': %s: %s", check->class->name,
                check->table, arena_vprintf(check->arena, format, args));
        va_end(args);
    }
    return good && check->mistake == NULL;
}

void class_check_at(struct class_checker *check, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    check->table = arena_vprintf(check->arena, format, args);
    va_end(args);
}

bool class_check_pattern(const char *text, bool per_client)
{
    const char *percent = text == NULL ? NULL : strchr(text, '%');

    if (text == NULL || text[0] == '\0') {
        return false;
    }
    if (!per_client) {
        return percent == NULL;
    }
    return percent != NULL && percent[1] == 's' &&
           strchr(percent + 1, '%') == NULL;
}

/* The largest value, or UINT64_MAX if that overflows. */
static uint64_t largest(const struct class_checker *check,
    const struct class_value *value, bool single)
{
    const struct class_attribute *attribute = value->attribute;
    uint64_t most;

    if (attribute == NULL) {
        return value->constant;
    }
    most = attribute->kind == CLASS_BOOL ? 1 : attribute->max;
    if (single && attribute->client &&
        !mul_ok(most, check->class->clients_max, &most)) {
        return UINT64_MAX;
    }
    if (!mul_ok(most, value->factor, &most) ||
        !add_ok(most, value->constant, &most)) {
        return UINT64_MAX;
    }
    return most;
}

void class_check_value(struct class_checker *check,
    const struct class_value *value, bool single, uint32_t size)
{
    const struct class_attribute *attribute = value->attribute;
    uint64_t most;

    if (!class_check_need(check,
            attribute == NULL || (class_attribute_index(check->class,
                                      attribute) != CLASS_NOT_LISTED &&
                                     attribute->kind <= CLASS_POWER_OF_TWO),
            "its value is of no number that the class has")) {
        return;
    }
    most = largest(check, value, single);
    if (!class_check_need(check,
            size == 1 || size == 2 || size == 4 || size == 8,
            "a number has 1, 2, 4 or 8 bytes, not %" PRIu32, size)) {
        return;
    }
    if (value->power_of_two && size < 8) {
        most = most > UINT64_C(1) << (8 * size - 1) ? UINT64_MAX : most;
    }
    class_check_need(check, size == 8 || most >> (8 * size) == 0,
        "its value may not fit in %" PRIu32 " bytes", size);
}

void class_check_place(struct class_checker *check,
    const struct class_place *place, const struct class_wanted *wanted)
{
    const struct class_section *section = class_place_section(place);
    uint32_t room;

    if (section == NULL) {
        return;
    }
    if (!class_check_need(check,
            (place->section == NULL) != (place->list == NULL) &&
                class_section_index(check->class, section) !=
                    CLASS_NOT_LISTED &&
                (place->list == NULL || class_list_index(check->class,
                                            place->list) != CLASS_NOT_LISTED),
            "a place is in one listed section or list")) {
        return;
    }
    room = place->list != NULL ? place->list->stride : section->size;
    class_check_need(check,
        wanted->role == NULL || section->role == wanted->role,
        "'%s' is not a section of this role", section->name);
    class_check_need(check, range_contains(room, place->offset, place->size),
        "a place ends behind '%s'", section->name);
    class_check_need(check, wanted->size == 0 || place->size == wanted->size,
        "a place in '%s' has %" PRIu32 " bytes, %" PRIu32 " are stored",
        section->name, place->size, wanted->size);
    if (wanted->per_client) {
        class_check_need(check,
            place->list != NULL || class_role_is_per_client(section->role),
            "all clients would share one place in '%s'", section->name);
        class_check_need(check,
            place->list == NULL || place->list->when == NULL ||
                place->list->when == wanted->when,
            "its condition is not that of the list in '%s'", section->name);
    } else {
        class_check_need(check,
            place->list == NULL && !class_role_is_per_client(section->role),
            "there is no client for '%s'", section->name);
    }
}
