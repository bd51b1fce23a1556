/* SPDX-License-Identifier: BSD-2-Clause */
/* The configurations of a subsystem's PDs: bytes, and where in them. */
#include <string.h>

#include "sdk/tool/subsystem.h"

void subsystem_add_section(struct subsystem *subsystem, uint32_t pd,
    const char *name, void *data, size_t size)
{
    struct sdf_section section = {
        .name = name,
        .data = data,
        .size = (uint32_t)size,
        .pos = subsystem->node->pos,
    };

    sdf_add_section(subsystem->build, pd, &section);
}

void subsystem_add_fixup(struct subsystem *subsystem, uint32_t pd,
    const char *section, const void *word, uint32_t region)
{
    struct sdf_pd *p = &subsystem->build->system->pd[pd];

    for (uint32_t i = 0; i < p->section_count; i++) {
        struct sdf_section *s = &p->section[i];

        if (strcmp(s->name, section) != 0) {
            continue;
        }

        struct sdf_fixup fixup = {
            .offset = (uint32_t)((const uint8_t *)word - s->data),
            .region = region,
        };

        s->fixup = arena_room(
            subsystem->build->arena, s->fixup, s->fixup_count, sizeof fixup);
        s->fixup[s->fixup_count++] = fixup;
        subsystem->build->system->region[region].used = true;
    }
}

/* Gives a client its entries in the lists of single PDs. */
static void add_entries(
    struct subsystem *subsystem, struct subsystem_part *part)
{
    for (uint32_t i = 0; i < class_list_count(subsystem->class); i++) {
        const struct class_list *list = subsystem->class->lists[i];
        uint32_t section = class_section_index(subsystem->class, list->section);
        uint8_t *data = subsystem->single.section[section];

        if (data != NULL && subsystem_is(subsystem, part, list->when)) {
            /* class_check(): there is room for as many clients as there may
             * be, and the number fits */
            part->entry[i] = data[list->count_offset]++;
        }
    }
}

void subsystem_make_sections(
    struct subsystem *subsystem, struct subsystem_part *part)
{
    struct sdf_build *build = subsystem->build;

    for (uint32_t i = 0; i < class_section_count(subsystem->class); i++) {
        const struct class_section *section = subsystem->class->sections[i];
        uint32_t pd = subsystem_pd(subsystem, part, section->role);

        if (class_role_is_per_client(section->role) != (part->client != NULL) ||
            pd == SDF_NONE) {
            continue;
        }
        if (section->optional &&
            !subsystem_program_has_section(
                build, build->system->pd[pd].program, section->name)) {
            continue;
        }
        part->section[i] = arena_alloc(build->arena, section->size);
        if (section->magic_size != 0) {
            memcpy(part->section[i], section->magic, section->magic_size);
        }
        subsystem_add_section(
            subsystem, pd, section->name, part->section[i], section->size);
    }
    if (part->client != NULL) {
        add_entries(subsystem, part);
    }
}

uint8_t *subsystem_place(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_place *place)
{
    const struct class_section *section = class_place_section(place);

    if (section == NULL) {
        return NULL;
    }

    uint32_t index = class_section_index(subsystem->class, section);
    uint8_t *data = class_role_is_per_client(section->role)
                        ? part->section[index]
                        : subsystem->single.section[index];

    if (data == NULL || place->list == NULL) {
        return data == NULL ? NULL : data + place->offset;
    }

    uint32_t entry =
        part->entry[class_list_index(subsystem->class, place->list)];

    return entry == SDF_NONE
               ? NULL
               : data + place->list->offset +
                     (size_t)entry * place->list->stride + place->offset;
}

void subsystem_store(uint8_t *place, uint32_t size, uint64_t number)
{
    for (uint32_t i = 0; i < size; i++) {
        place[i] = (uint8_t)(number >> (8 * i));
    }
}

static void store_text(uint8_t *place, uint32_t size, const char *text)
{
    size_t len = strlen(text);

    /* the last byte stays zero */
    memcpy(place, text, len < size ? len : size - 1);
}

static void store_value(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_store *store,
    uint8_t *place)
{
    const struct class_attribute *attribute = store->value.attribute;
    uint32_t size = store->place.size;

    if (attribute != NULL && attribute->kind == CLASS_TEXT) {
        store_text(
            place, size, subsystem_attribute(subsystem, part, attribute)->text);
    } else if (attribute != NULL && attribute->kind == CLASS_MAC) {
        memcpy(place, subsystem_attribute(subsystem, part, attribute)->mac,
            CLASS_MAC_SIZE);
    } else {
        subsystem_store(
            place, size, subsystem_value(subsystem, part, &store->value));
    }
}

void subsystem_fill_sections(
    struct subsystem *subsystem, const struct subsystem_part *part)
{
    const struct class_store *store = subsystem->class->stores;

    for (; store != NULL && class_place_section(&store->place) != NULL;
         store++) {
        bool per_client = store->place.list != NULL ||
                          class_role_is_per_client(store->place.section->role);
        uint8_t *place;

        if (per_client != (part->client != NULL)) {
            continue;
        }
        place = subsystem_place(subsystem, part, &store->place);
        if (place == NULL) {
            continue;
        }
        switch (store->source) {
        case CLASS_VALUE:
            store_value(subsystem, part, store, place);
            break;
        case CLASS_CLIENT_NAME:
            store_text(place, store->place.size, part->client);
            break;
        case CLASS_COHERENT:
            *place = subsystem->coherent ? 1 : 0;
            break;
        }
    }
}
