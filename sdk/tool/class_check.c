/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks a class table by table, in the order of class.h.  Later checks may
 * rely on what earlier ones found to be right: the first mistake ends it. */
#include "sdk/tool/class_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <sddf/resources/device.h>

#include "abi/limits.h"
#include "base/attr.h"
#include "base/bits.h"
#include "base/range.h"
#include "sdk/tool/class_table.h"

#define CLASS_SECTION_MAX (1u << 20)

struct check {
    struct arena *arena;
    const struct class *class;
    const char *table;   /* what is being checked, for the message */
    const char *mistake; /* the first one, or NULL */
};

/* Records a mistake unless `good`, or unless there is one already. */
PRINTF_LIKE(3, 4)
static bool need(struct check *check, bool good, const char *format, ...)
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

/* Says what is being checked from now on. */
PRINTF_LIKE(2, 3)
static void at(struct check *check, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    check->table = arena_vprintf(check->arena, format, args);
    va_end(args);
}

/* Names of generated things have one %s if made per client, else none. */
static bool is_pattern(const char *text, bool per_client)
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

/* --- Attributes and values --- */

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

static void check_attribute(struct check *check, uint32_t index)
{
    const struct class_attribute *const *list = check->class->attributes;
    const struct class_attribute *attribute = list[index];
    const struct class_attribute *needs = attribute->needs;

    at(check, "attribute %u", (unsigned)index);
    if (!need(check, attribute->name != NULL && attribute->name[0] != '\0',
            "it has no name")) {
        return;
    }
    at(check, "attribute '%s'", attribute->name);
    need(check, !is_reserved(attribute), "the name is the tool's own");
    for (uint32_t i = 0; i < index; i++) {
        need(check,
            list[i]->client != attribute->client ||
                strcmp(list[i]->name, attribute->name) != 0,
            "the name is used twice");
    }
    need(check, attribute->min <= attribute->max, "min is more than max");
    need(check, attribute->required || is_default_allowed(attribute),
        "its default is not allowed");
    need(check, !attribute->unique || attribute->client,
        "only a client's attribute can be unique");
    need(check,
        needs == NULL || (class_attribute_index(check->class, needs) < index &&
                             needs->kind == CLASS_BOOL && !needs->client),
        "what it needs is no yes-or-no attribute of the subsystem before it");
}

/* The largest value, or UINT64_MAX if that overflows. */
static uint64_t largest(
    const struct check *check, const struct class_value *value, bool single)
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

/* A number of at most `size` bytes. */
static void check_value(struct check *check, const struct class_value *value,
    bool single, uint32_t size)
{
    const struct class_attribute *attribute = value->attribute;
    uint64_t most;

    if (!need(check,
            attribute == NULL || (class_attribute_index(check->class,
                                      attribute) != CLASS_NOT_LISTED &&
                                     attribute->kind <= CLASS_POWER_OF_TWO),
            "its value is of no number that the class has")) {
        return;
    }
    most = largest(check, value, single);
    if (!need(check, size == 1 || size == 2 || size == 4 || size == 8,
            "a number has 1, 2, 4 or 8 bytes, not %" PRIu32, size)) {
        return;
    }
    if (value->power_of_two && size < 8) {
        most = most > UINT64_C(1) << (8 * size - 1) ? UINT64_MAX : most;
    }
    need(check, size == 8 || most >> (8 * size) == 0,
        "its value may not fit in %" PRIu32 " bytes", size);
}

/* --- Protection domains --- */

static void check_role_form(struct check *check, const struct class_role *role)
{
    bool client = role->kind == CLASS_CLIENT;
    bool per_client = role->kind == CLASS_PER_CLIENT;
    const struct class_attribute *when = role->when;

    if (client) {
        need(check, role->element == NULL && role->suffix == NULL,
            "the clients' PDs are the user's");
        return;
    }
    need(check, role->element != NULL && role->element[0] != '\0',
        "it has no element");
    need(check, is_pattern(role->suffix, per_client),
        per_client ? "its suffix must have one %%s" : "its suffix has a %%");
    need(check, (role->program == NULL) == (role->kind == CLASS_DRIVER),
        "all but a driver have a program");
    need(check, role->priority <= ABI_PRIO_MAX, "its priority is more than %d",
        ABI_PRIO_MAX);
    need(check, !role->borrowed || role->kind == CLASS_SINGLE,
        "only a single PD can be borrowed");
    need(check,
        when == NULL ||
            (role->kind == CLASS_SINGLE &&
                class_attribute_index(check->class, when) != CLASS_NOT_LISTED &&
                when->kind == CLASS_BOOL && !when->client),
        "its condition is no yes-or-no attribute of the subsystem");
}

static void check_role(struct check *check, uint32_t index)
{
    const struct class_role *const *list = check->class->roles;
    const struct class_role *role = list[index];

    at(check, "role %u", (unsigned)index);
    if (role->element != NULL) {
        at(check, "role '%s'", role->element);
    }
    check_role_form(check, role);
    for (uint32_t i = 0; i < index && check->mistake == NULL; i++) {
        need(check,
            list[i]->kind != role->kind ||
                (role->kind != CLASS_DRIVER && role->kind != CLASS_CLIENT),
            "there can be only one of its kind");
        need(check,
            role->kind == CLASS_CLIENT || list[i]->kind == CLASS_CLIENT ||
                (strcmp(list[i]->element, role->element) != 0 &&
                    strcmp(list[i]->suffix, role->suffix) != 0),
            "its element or suffix is used twice");
    }
    if (role->kind != CLASS_CLIENT && check->mistake == NULL) {
        need(check,
            strcmp(role->element, "client") != 0 &&
                strcmp(role->element, "stats") != 0,
            "the element is the tool's own");
    }
}

/* --- Configurations --- */

static void check_section(struct check *check, uint32_t index)
{
    const struct class_section *const *list = check->class->sections;
    const struct class_section *section = list[index];

    at(check, "section %u", (unsigned)index);
    if (!need(check, section->name != NULL && section->name[0] == '.',
            "its name does not begin with '.'")) {
        return;
    }
    at(check, "section '%s'", section->name);
    need(check,
        class_role_index(check->class, section->role) != CLASS_NOT_LISTED,
        "its role is not listed");
    need(check, section->size != 0 && section->size <= CLASS_SECTION_MAX,
        "its size is 0 or too large");
    need(check,
        section->magic_size <= section->size &&
            (section->magic_size == 0 || section->magic != NULL),
        "its magic does not fit");
    for (uint32_t i = 0; i < index; i++) {
        need(check,
            list[i]->role != section->role ||
                strcmp(list[i]->name, section->name) != 0,
            "it is listed twice");
    }
}

static void check_list(struct check *check, uint32_t index)
{
    const struct class_list *list = check->class->lists[index];
    const struct class_attribute *when = list->when;

    at(check, "list %u", (unsigned)index);
    if (!need(check,
            class_section_index(check->class, list->section) !=
                CLASS_NOT_LISTED,
            "its section is not listed")) {
        return;
    }
    at(check, "list %u in '%s'", (unsigned)index, list->section->name);
    need(check, !class_role_is_per_client(list->section->role),
        "a list is of something single");
    need(check, list->capacity >= check->class->clients_max,
        "it has no room for %" PRIu32 " clients", check->class->clients_max);
    need(check,
        list->stride != 0 &&
            list->capacity <= list->section->size / list->stride &&
            range_contains(list->section->size, list->offset,
                (uint64_t)list->stride * list->capacity),
        "it ends behind its section");
    need(check, range_contains(list->section->size, list->count_offset, 1),
        "its count is outside its section");
    need(check, list->capacity <= UINT8_MAX, "its count is a byte");
    need(check,
        when == NULL ||
            (class_attribute_index(check->class, when) != CLASS_NOT_LISTED &&
                when->kind == CLASS_BOOL && when->client),
        "its condition is no yes-or-no attribute of the client");
}

/* `role`: whose configuration it must be in, or NULL; `size`: what is stored,
 * or 0 for anything; `per_client`: of the table that has the place. */
struct check_place {
    const struct class_role *role;
    uint32_t size;
    bool per_client;
    const struct class_attribute *when;
};

static void check_place(struct check *check, const struct class_place *place,
    const struct check_place *wanted)
{
    const struct class_section *section = class_place_section(place);
    uint32_t room;

    if (section == NULL) {
        return;
    }
    if (!need(check,
            (place->section == NULL) != (place->list == NULL) &&
                class_section_index(check->class, section) !=
                    CLASS_NOT_LISTED &&
                (place->list == NULL || class_list_index(check->class,
                                            place->list) != CLASS_NOT_LISTED),
            "a place is in one listed section or list")) {
        return;
    }
    room = place->list != NULL ? place->list->stride : section->size;
    need(check, wanted->role == NULL || section->role == wanted->role,
        "'%s' is not a section of this role", section->name);
    need(check, range_contains(room, place->offset, place->size),
        "a place ends behind '%s'", section->name);
    need(check, wanted->size == 0 || place->size == wanted->size,
        "a place in '%s' has %" PRIu32 " bytes, %" PRIu32 " are stored",
        section->name, place->size, wanted->size);
    if (wanted->per_client) {
        need(check,
            place->list != NULL || class_role_is_per_client(section->role),
            "all clients would share one place in '%s'", section->name);
        need(check,
            place->list == NULL || place->list->when == NULL ||
                place->list->when == wanted->when,
            "its condition is not that of the list in '%s'", section->name);
    } else {
        need(check,
            place->list == NULL && !class_role_is_per_client(section->role),
            "there is no client for '%s'", section->name);
    }
}

static void check_store(
    struct check *check, uint32_t index, const struct class_store *store)
{
    const struct class_attribute *attribute = store->value.attribute;
    const struct class_section *section = class_place_section(&store->place);
    bool listed = attribute != NULL && class_attribute_index(check->class,
                                           attribute) != CLASS_NOT_LISTED;

    at(check, "store %u", (unsigned)index);

    bool single =
        store->place.list == NULL && !class_role_is_per_client(section->role);
    const struct check_place wanted = {
        .per_client = !single,
        .when = store->place.list == NULL ? NULL : store->place.list->when,
    };

    check_place(check, &store->place, &wanted);
    switch (store->source) {
    case CLASS_CLIENT_NAME:
        need(check, !single && store->place.size >= 2,
            "a client's name belongs to one client");
        return;
    case CLASS_COHERENT:
        need(check, store->place.size == 1, "a flag is one byte");
        return;
    case CLASS_VALUE:
        break;
    }
    need(check,
        !single || attribute == NULL || !attribute->client ||
            attribute->kind <= CLASS_POWER_OF_TWO,
        "only numbers of clients have a sum");
    if (listed && attribute->kind == CLASS_MAC) {
        need(check, store->place.size == CLASS_MAC_SIZE,
            "an address has %u bytes", CLASS_MAC_SIZE);
    } else if (listed && attribute->kind == CLASS_TEXT) {
        need(check, store->place.size >= attribute->max,
            "the text may be longer than its place");
    } else {
        check_value(check, &store->value, single, store->place.size);
    }
}

/* --- Memory and channels --- */

/* The earlier step that makes the region, or NULL. */
static const struct class_step *made_by(const struct check *check,
    const struct class_step *end, const struct class_region *region)
{
    for (const struct class_step *step = check->class->steps; step != end;
         step++) {
        if (step->region == region) {
            return step;
        }
    }
    return NULL;
}

/* Is the device told where the region is? */
static bool is_told(
    const struct check *check, const struct class_region *region)
{
    for (const struct class_step *step = check->class->steps;
         !class_step_is_end(step); step++) {
        if (step->map != NULL && step->map->region == region &&
            step->map->device_address) {
            return true;
        }
    }
    return false;
}

static void check_region(struct check *check, const struct class_step *step)
{
    const struct class_region *region = step->region;
    const struct class_section *only = region->only_for;

    need(check, is_pattern(region->name, region->per_client),
        "its name must have one %%s if it is per client, else none");
    need(check, made_by(check, step, region) == NULL, "it is made twice");
    check_value(check, &region->size, !region->per_client, 8);
    need(check, region->dma <= (CLASS_DEVICE_READS | CLASS_DEVICE_WRITES),
        "its direction of direct access is unknown");
    need(check, region->dma == CLASS_NO_DMA || is_told(check, region),
        "nobody is told the address that the device uses");
    need(check,
        only == NULL ||
            (class_section_index(check->class, only) != CLASS_NOT_LISTED &&
                only->optional &&
                class_role_is_per_client(only->role) == region->per_client),
        "what it is only for is no optional section");
}

static void check_map(struct check *check, const struct class_step *step)
{
    const struct class_map *map = step->map;

    if (!need(check, map->region != NULL && made_by(check, step, map->region),
            "its region is not made by an earlier step") ||
        !need(check,
            class_role_index(check->class, map->role) != CLASS_NOT_LISTED,
            "its role is not listed")) {
        return;
    }

    const struct check_place wanted = {
        .role = map->elsewhere ? NULL : map->role,
        .size = map->device_address ? sizeof(device_region_resource_t)
                                    : sizeof(region_resource_t),
        .per_client = class_step_is_per_client(step),
        .when = step->when,
    };

    check_place(check, &map->place, &wanted);
    need(check, !map->device_address || map->region->dma != CLASS_NO_DMA,
        "a device's address of memory that the device may not reach");
    need(check,
        map->perms == CLASS_UNMAPPED || map->perms == CLASS_R ||
            map->perms == CLASS_RW,
        "its permissions are unknown");
    need(check,
        map->perms != CLASS_UNMAPPED || class_place_section(&map->place),
        "it neither maps nor tells anything");
}

static void check_connection(
    struct check *check, const struct class_connection *connection, bool single)
{
    need(check, range_contains(connection->size, connection->id_offset, 1),
        "the channel's id is outside the connection");
    for (uint32_t i = 0; i < class_link_region_count(connection); i++) {
        const struct class_link_region *region = &connection->region[i];

        check_value(check, &region->size, single, 8);
        need(check,
            range_contains(
                connection->size, region->offset, sizeof(region_resource_t)),
            "region '%s' is outside the connection", region->suffix);
        for (uint32_t k = 0; k < 2; k++) {
            need(check,
                region->perms[k] == CLASS_R || region->perms[k] == CLASS_RW,
                "the permissions of region '%s' are unknown", region->suffix);
        }
    }
    if (connection->capacity_size != 0) {
        check_value(
            check, &connection->capacity, single, connection->capacity_size);
        need(check,
            range_contains(connection->size, connection->capacity_offset,
                connection->capacity_size),
            "the capacity is outside the connection");
    }
}

/* If a role may be absent, what links to it must be as well. */
static bool is_covered(
    const struct class_role *role, const struct class_attribute *when)
{
    return role->when == NULL || when == role->when ||
           (when != NULL && when->needs == role->when);
}

static void check_link(struct check *check, const struct class_step *step)
{
    const struct class_link *link = step->link;
    bool per_client = class_step_is_per_client(step);

    if (!need(check, link->connection != NULL, "it has no connection")) {
        return;
    }
    need(check,
        class_link_region_count(link->connection) == 0 ||
            is_pattern(link->name, per_client),
        "its name must have one %%s if it is per client, else none");
    check_connection(check, link->connection, !per_client);
    need(check, link->end[0].role != link->end[1].role,
        "both ends are the same role");
    for (uint32_t i = 0; i < 2; i++) {
        const struct class_end *end = &link->end[i];
        const struct check_place wanted = {
            .role = end->role,
            .size = link->connection->size,
            .per_client = per_client,
            .when = step->when,
        };

        if (!need(check,
                class_role_index(check->class, end->role) != CLASS_NOT_LISTED,
                "the role of an end is not listed")) {
            return;
        }
        check_place(check, &end->place, &wanted);
        need(check, is_covered(end->role, step->when),
            "'%s' may be absent when it is made", end->role->element);
    }
}

static void check_step(struct check *check, uint32_t index)
{
    const struct class_step *step = &check->class->steps[index];
    const struct class_attribute *when = step->when;
    const char *name = step->region != NULL ? step->region->name
                       : step->link != NULL ? step->link->name
                                            : NULL;

    at(check, "step %u%s%s%s", (unsigned)index, name == NULL ? "" : " ('",
        name == NULL ? "" : name, name == NULL ? "" : "')");
    if (!need(check,
            (step->region != NULL) + (step->link != NULL) +
                    (step->map != NULL) ==
                1,
            "it does more than one thing") ||
        !need(check,
            when == NULL || (class_attribute_index(check->class, when) !=
                                    CLASS_NOT_LISTED &&
                                when->kind == CLASS_BOOL),
            "its condition is no yes-or-no attribute")) {
        return;
    }
    if (step->region != NULL) {
        check_region(check, step);
    } else if (step->link != NULL) {
        check_link(check, step);
    } else {
        check_map(check, step);
    }
    need(check,
        check->mistake != NULL || when == NULL || !when->client ||
            class_step_is_per_client(step),
        "there is no client for its condition");
}

/* --- The class --- */

static bool check_form(struct check *check)
{
    const struct class *class = check->class;
    uint32_t clients = 0;

    at(check, "class");
    if (!need(check,
            class->drivers != NULL && class->roles != NULL &&
                class->sections != NULL && class->steps != NULL,
            "drivers, roles, sections or steps are missing")) {
        return false;
    }
    for (uint32_t i = 0; class->roles[i] != NULL; i++) {
        clients += class->roles[i]->kind == CLASS_CLIENT ? 1 : 0;
    }
    need(check, class->clients_max != 0, "clients_max is 0");
    return need(check, clients == 1, "one role must be that of the clients");
}

const char *class_check(struct arena *arena, const struct class *class)
{
    struct check check = { .arena = arena, .class = class };

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
        check_step(&check, i);
    }
    for (uint32_t i = 0; check.mistake == NULL && class->stores != NULL &&
                         class_place_section(&class->stores[i].place) != NULL;
         i++) {
        check_store(&check, i, &class->stores[i]);
    }
    for (uint32_t i = 0; check.mistake == NULL && class->limits != NULL &&
                         class->limits[i].what != NULL;
         i++) {
        at(&check, "limit of %s", class->limits[i].what);
        check_value(&check, &class->limits[i].each, false, 8);
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
