/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks a class table by table, in the order of class.h.  Later checks may
 * rely on what earlier ones found to be right: the first mistake ends it. */
#include "sdk/tool/class_check.h"

#include <inttypes.h>
#include <string.h>

#include "abi/limits.h"
#include "base/attr.h"
#include "base/bits.h"
#include "base/range.h"
#include "sdk/tool/class_check_parts.h"

#define CLASS_SECTION_MAX (1u << 20)

/* --- Attributes --- */

static bool is_reserved(const struct class_attribute *attribute)
{
    static const char *const subsystem[] = { "class", "device", "driver",
        "name" };

    for (size_t i = 0; !attribute->client && i < ARRAY_LEN(subsystem); i++) {
        if (strcmp(attribute->name, subsystem[i]) == 0) {
            return true;
        }
    }
    return attribute->client && strcmp(attribute->name, "pd") == 0;
}

static bool is_default_allowed(const struct class_attribute *attribute)
{
    switch (attribute->kind) {
    case CLASS_BOOL:
        return attribute->otherwise <= 1;
    case CLASS_POWER_OF_TWO:
        if (!bits_is_power_of_two(attribute->otherwise)) {
            return false;
        }
        return attribute->otherwise >= attribute->min &&
               attribute->otherwise <= attribute->max;
    case CLASS_NUMBER:
        return attribute->otherwise >= attribute->min &&
               attribute->otherwise <= attribute->max;
    case CLASS_TEXT:
        return attribute->otherwise_text != NULL &&
               strlen(attribute->otherwise_text) < attribute->max;
    case CLASS_MAC:
        break;
    }
    return false; /* an address must be given */
}

static void check_attribute(struct class_checker *check, uint32_t index)
{
    const struct class_attribute *const *list = check->class->attributes;
    const struct class_attribute *attribute = list[index];
    const struct class_attribute *needs = attribute->needs;

    class_check_at(check, "attribute %u", (unsigned)index);
    if (!class_check_need(check,
            attribute->name != NULL && attribute->name[0] != '\0',
            "it has no name")) {
        return;
    }
    class_check_at(check, "attribute '%s'", attribute->name);
    class_check_need(
        check, !is_reserved(attribute), "the name is the tool's own");
    for (uint32_t i = 0; i < index; i++) {
        class_check_need(check,
            list[i]->client != attribute->client ||
                strcmp(list[i]->name, attribute->name) != 0,
            "the name is used twice");
    }
    class_check_need(
        check, attribute->min <= attribute->max, "min is more than max");
    class_check_need(check,
        attribute->required || is_default_allowed(attribute),
        "its default is not allowed");
    class_check_need(check, !attribute->unique || attribute->client,
        "only a client's attribute can be unique");
    class_check_need(check,
        needs == NULL || (class_attribute_index(check->class, needs) < index &&
                             needs->kind == CLASS_BOOL && !needs->client),
        "what it needs is no yes-or-no attribute of the subsystem before it");
}

/* --- Protection domains --- */

static void check_role_form(
    struct class_checker *check, const struct class_role *role)
{
    bool client = role->kind == CLASS_CLIENT;
    bool per_client = role->kind == CLASS_PER_CLIENT;
    const struct class_attribute *when = role->when;

    if (client) {
        class_check_need(check, role->element == NULL && role->suffix == NULL,
            "the clients' PDs are the user's");
        return;
    }
    class_check_need(check, role->element != NULL && role->element[0] != '\0',
        "it has no element");
    class_check_need(check, class_check_pattern(role->suffix, per_client),
        per_client ? "its suffix must have one %%s" : "its suffix has a %%");
    class_check_need(check,
        (role->program == NULL) == (role->kind == CLASS_DRIVER),
        "all but a driver have a program");
    class_check_need(check, role->priority <= ABI_PRIO_MAX,
        "its priority is more than %d", ABI_PRIO_MAX);
    class_check_need(check, !role->borrowed || role->kind == CLASS_SINGLE,
        "only a single PD can be borrowed");
    class_check_need(check,
        when == NULL ||
            (role->kind == CLASS_SINGLE &&
                class_attribute_index(check->class, when) != CLASS_NOT_LISTED &&
                when->kind == CLASS_BOOL && !when->client),
        "its condition is no yes-or-no attribute of the subsystem");
}

static void check_role(struct class_checker *check, uint32_t index)
{
    const struct class_role *const *list = check->class->roles;
    const struct class_role *role = list[index];

    class_check_at(check, "role %u", (unsigned)index);
    if (role->element != NULL) {
        class_check_at(check, "role '%s'", role->element);
    }
    check_role_form(check, role);
    for (uint32_t i = 0; i < index && check->mistake == NULL; i++) {
        class_check_need(check,
            list[i]->kind != role->kind ||
                (role->kind != CLASS_DRIVER && role->kind != CLASS_CLIENT),
            "there can be only one of its kind");
        class_check_need(check,
            role->kind == CLASS_CLIENT || list[i]->kind == CLASS_CLIENT ||
                (strcmp(list[i]->element, role->element) != 0 &&
                    strcmp(list[i]->suffix, role->suffix) != 0),
            "its element or suffix is used twice");
    }
    if (role->kind != CLASS_CLIENT && check->mistake == NULL) {
        class_check_need(check,
            strcmp(role->element, "client") != 0 &&
                strcmp(role->element, "stats") != 0,
            "the element is the tool's own");
    }
}

/* --- Configurations --- */

static void check_section(struct class_checker *check, uint32_t index)
{
    const struct class_section *const *list = check->class->sections;
    const struct class_section *section = list[index];

    class_check_at(check, "section %u", (unsigned)index);
    if (!class_check_need(check,
            section->name != NULL && section->name[0] == '.',
            "its name does not begin with '.'")) {
        return;
    }
    class_check_at(check, "section '%s'", section->name);
    class_check_need(check,
        class_role_index(check->class, section->role) != CLASS_NOT_LISTED,
        "its role is not listed");
    class_check_need(check,
        section->size != 0 && section->size <= CLASS_SECTION_MAX,
        "its size is 0 or too large");
    class_check_need(check,
        section->magic_size <= section->size &&
            (section->magic_size == 0 || section->magic != NULL),
        "its magic does not fit");
    for (uint32_t i = 0; i < index; i++) {
        class_check_need(check,
            list[i]->role != section->role ||
                strcmp(list[i]->name, section->name) != 0,
            "it is listed twice");
    }
}

static void check_list(struct class_checker *check, uint32_t index)
{
    const struct class_list *list = check->class->lists[index];
    const struct class_attribute *when = list->when;

    class_check_at(check, "list %u", (unsigned)index);
    if (!class_check_need(check,
            class_section_index(check->class, list->section) !=
                CLASS_NOT_LISTED,
            "its section is not listed")) {
        return;
    }
    class_check_at(
        check, "list %u in '%s'", (unsigned)index, list->section->name);
    class_check_need(check, !class_role_is_per_client(list->section->role),
        "a list is of something single");
    class_check_need(check, list->capacity >= check->class->clients_max,
        "it has no room for %" PRIu32 " clients", check->class->clients_max);
    class_check_need(check,
        list->stride != 0 &&
            list->capacity <= list->section->size / list->stride &&
            range_contains(list->section->size, list->offset,
                (uint64_t)list->stride * list->capacity),
        "it ends behind its section");
    class_check_need(check,
        range_contains(list->section->size, list->count_offset, 1),
        "its count is outside its section");
    class_check_need(check, list->capacity <= UINT8_MAX, "its count is a byte");
    class_check_need(check,
        when == NULL ||
            (class_attribute_index(check->class, when) != CLASS_NOT_LISTED &&
                when->kind == CLASS_BOOL && when->client),
        "its condition is no yes-or-no attribute of the client");
}

static void check_store(struct class_checker *check, uint32_t index,
    const struct class_store *store)
{
    const struct class_attribute *attribute = store->value.attribute;
    const struct class_section *section = class_place_section(&store->place);
    bool listed = attribute != NULL && class_attribute_index(check->class,
                                           attribute) != CLASS_NOT_LISTED;

    class_check_at(check, "store %u", (unsigned)index);

    bool single =
        store->place.list == NULL && !class_role_is_per_client(section->role);
    const struct class_wanted wanted = {
        .per_client = !single,
        .when = store->place.list == NULL ? NULL : store->place.list->when,
    };

    class_check_place(check, &store->place, &wanted);
    switch (store->source) {
    case CLASS_CLIENT_NAME:
        class_check_need(check, !single && store->place.size >= 2,
            "a client's name belongs to one client");
        return;
    case CLASS_COHERENT:
        class_check_need(check, store->place.size == 1, "a flag is one byte");
        return;
    case CLASS_VALUE:
        break;
    }
    class_check_need(check,
        !single || attribute == NULL || !attribute->client ||
            attribute->kind <= CLASS_POWER_OF_TWO,
        "only numbers of clients have a sum");
    if (listed && attribute->kind == CLASS_MAC) {
        class_check_need(check, store->place.size == CLASS_MAC_SIZE,
            "an address has %u bytes", CLASS_MAC_SIZE);
    } else if (listed && attribute->kind == CLASS_TEXT) {
        class_check_need(check, store->place.size >= attribute->max,
            "the text may be longer than its place");
    } else {
        class_check_value(check, &store->value, single, store->place.size);
    }
}

/* --- The class --- */

static bool check_form(struct class_checker *check)
{
    const struct class *class = check->class;
    uint32_t clients = 0;

    class_check_at(check, "class");
    if (!class_check_need(check,
            class->drivers != NULL && class->roles != NULL &&
                class->sections != NULL && class->steps != NULL,
            "drivers, roles, sections or steps are missing")) {
        return false;
    }
    for (uint32_t i = 0; class->roles[i] != NULL; i++) {
        clients += class->roles[i]->kind == CLASS_CLIENT ? 1 : 0;
    }
    class_check_need(check, class->clients_max != 0, "clients_max is 0");
    return class_check_need(
        check, clients == 1, "one role must be that of the clients");
}

const char *class_check(struct arena *arena, const struct class *class)
{
    struct class_checker check = { .arena = arena, .class = class };

    if (class->name == NULL || class->name[0] == '\0') {
        return "a class without name";
    }
    if (!check_form(&check)) {
        return check.mistake;
    }
    for (uint32_t i = 0;
         check.mistake == NULL && i < class_attribute_count(class); i++) {
        check_attribute(&check, i);
    }
    for (uint32_t i = 0; check.mistake == NULL && i < class_role_count(class);
         i++) {
        check_role(&check, i);
    }
    for (uint32_t i = 0;
         check.mistake == NULL && i < class_section_count(class); i++) {
        check_section(&check, i);
    }
    for (uint32_t i = 0; check.mistake == NULL && i < class_list_count(class);
         i++) {
        check_list(&check, i);
    }
    for (uint32_t i = 0;
         check.mistake == NULL && !class_step_is_end(&class->steps[i]); i++) {
        class_check_step(&check, i);
    }
    for (uint32_t i = 0; check.mistake == NULL && class->stores != NULL &&
                         class_place_section(&class->stores[i].place) != NULL;
         i++) {
        check_store(&check, i, &class->stores[i]);
    }
    for (uint32_t i = 0; check.mistake == NULL && class->limits != NULL &&
                         class->limits[i].what != NULL;
         i++) {
        class_check_at(&check, "limit of %s", class->limits[i].what);
        class_check_value(&check, &class->limits[i].each, false, 8);
    }
    return check.mistake;
}

const char *class_check_list(
    struct arena *arena, const struct class *const *list)
{
    for (uint32_t i = 0; list[i] != NULL; i++) {
        const char *mistake = class_check(arena, list[i]);

        if (mistake != NULL) {
            return mistake;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(list[k]->name, list[i]->name) == 0) {
                return arena_printf(
                    arena, "there are two classes '%s'", list[i]->name);
            }
        }
    }
    return NULL;
}
