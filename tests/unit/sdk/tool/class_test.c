/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * class_test.c - the tables of device classes: those of the tree have no
 * mistake, and each mistake that an author can make is found and named.
 *
 * A small class that is right is copied into writable tables before each case;
 * the case breaks one thing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sddf/resources/device.h>

#include "base/attr.h"
#include "sdk/tool/class_check.h"

/* The configurations of the small class. */
struct driver_config {
    char magic[5];
    struct {
        region_resource_t queue;
        uint16_t capacity;
        uint8_t id;
    } virt;
};

struct virt_config {
    char magic[5];
    uint8_t count;
    uint32_t depth;
    struct {
        device_region_resource_t data;
        char name[16];
        uint8_t mac[6];
        uint8_t small;
    } client[4];
    char title[8];
};

/* Tables that a case may break. */
struct fixture {
    struct class_attribute depth, title, log, level, mac;
    struct class_role driver, virt, logger, client;
    struct class_section driver_config, virt_config, client_config;
    struct class_list list;
    struct class_connection connection;
    struct class_link link, log_link;
    struct class_region data;
    struct class_map virt_map, client_map;
    struct class_step steps[8];
    struct class_store stores[8];
    struct class_limit limits[2];
    const struct class_attribute *attributes[6];
    const struct class_role *roles[5];
    const struct class_section *sections[4];
    const struct class_list *lists[2];
    struct class class;
};

static struct fixture f;

static void set_attributes(void)
{
    f.depth = (struct class_attribute){ .name = "depth",
        .kind = CLASS_POWER_OF_TWO,
        .otherwise = 8,
        .min = 2,
        .max = 64 };
    f.title = (struct class_attribute){
        .name = "title", .kind = CLASS_TEXT, .otherwise_text = "none", .max = 8
    };
    f.log = (struct class_attribute){ .name = "log", .kind = CLASS_BOOL };
    f.level = (struct class_attribute){ .name = "level",
        .kind = CLASS_NUMBER,
        .client = true,
        .otherwise = 1,
        .min = 1,
        .max = 9,
        .needs = &f.log };
    f.mac = (struct class_attribute){ .name = "mac",
        .kind = CLASS_MAC,
        .client = true,
        .required = true,
        .unique = true };
    f.attributes[0] = &f.depth;
    f.attributes[1] = &f.title;
    f.attributes[2] = &f.log;
    f.attributes[3] = &f.level;
    f.attributes[4] = &f.mac;
}

static void set_roles(void)
{
    f.driver = (struct class_role){ .kind = CLASS_DRIVER,
        .element = "driver",
        .suffix = "driver",
        .priority = 100 };
    f.virt = (struct class_role){ .kind = CLASS_SINGLE,
        .element = "virt",
        .suffix = "virt",
        .program = "virt.elf" };
    f.logger = (struct class_role){ .kind = CLASS_SINGLE,
        .element = "logger",
        .suffix = "logger",
        .program = "logger.elf",
        .when = &f.log };
    f.client = (struct class_role){ .kind = CLASS_CLIENT };
    f.roles[0] = &f.driver;
    f.roles[1] = &f.virt;
    f.roles[2] = &f.logger;
    f.roles[3] = &f.client;
    f.driver_config = (struct class_section){ .role = &f.driver,
        .name = ".driver_config",
        .size = sizeof(struct driver_config),
        .magic = "magic",
        .magic_size = 5 };
    f.virt_config = (struct class_section){ .role = &f.virt,
        .name = ".virt_config",
        .size = sizeof(struct virt_config),
        .magic = "magic",
        .magic_size = 5 };
    f.client_config = (struct class_section){ .role = &f.client,
        .name = ".client_config",
        .size = sizeof(region_resource_t),
        .optional = true };
    f.sections[0] = &f.driver_config;
    f.sections[1] = &f.virt_config;
    f.sections[2] = &f.client_config;
    f.list = (struct class_list){ .section = &f.virt_config,
        .offset = offsetof(struct virt_config, client),
        .stride = sizeof(((struct virt_config *)NULL)->client[0]),
        .capacity = 4,
        .count_offset = offsetof(struct virt_config, count) };
    f.lists[0] = &f.list;
}

#define LIST_FIELD(field)                                                      \
    .offset = offsetof(struct virt_config, client[0].field) -                  \
              offsetof(struct virt_config, client),                            \
    .size = sizeof(((struct virt_config *)NULL)->client[0].field)

static void set_steps(void)
{
    f.connection = (struct class_connection){
        .size = sizeof(((struct driver_config *)NULL)->virt),
        .id_offset = 18,
        .region = { { .suffix = "_queue",
            .size = { .factor = 16, .attribute = &f.depth },
            .perms = { CLASS_RW, CLASS_R } } },
        .capacity = { .factor = 1, .attribute = &f.depth },
        .capacity_offset = 16,
        .capacity_size = 2,
    };
    f.link = (struct class_link){ .name = "queue",
        .connection = &f.connection,
        .end = { { &f.driver, { .section = &f.driver_config,
                                  CLASS_FIELD(struct driver_config, virt) } },
            { .role = &f.virt } } };
    f.log_link = (struct class_link){ .name = "%s_log",
        .connection = &f.connection,
        .end = { { .role = &f.client }, { .role = &f.logger } } };
    f.data = (struct class_region){ .name = "%s_data",
        .per_client = true,
        .size = { .factor = 4096, .attribute = &f.level },
        .dma = CLASS_DEVICE_READS,
        .only_for = &f.client_config };
    f.virt_map = (struct class_map){ .region = &f.data,
        .role = &f.virt,
        .perms = CLASS_UNMAPPED,
        .place = { .list = &f.list, LIST_FIELD(data) },
        .device_address = true };
    f.client_map = (struct class_map){ .region = &f.data,
        .role = &f.client,
        .perms = CLASS_RW,
        .place = {
            .section = &f.client_config, .size = sizeof(region_resource_t) } };
    f.steps[0].link = &f.link;
    f.steps[1].link = &f.log_link;
    f.steps[1].when = &f.log;
    f.steps[2].region = &f.data;
    f.steps[3].map = &f.virt_map;
    f.steps[4].map = &f.client_map;
}

static int set_up(void **state)
{
    (void)state;
    memset(&f, 0, sizeof f);
    set_attributes();
    set_roles();
    set_steps();
    f.stores[0] = (struct class_store){ .place = { .section = &f.virt_config,
                                            CLASS_FIELD(
                                                struct virt_config, depth) },
        .value = { .factor = 2, .attribute = &f.level, .power_of_two = true } };
    f.stores[1] =
        (struct class_store){ .place = { .list = &f.list, LIST_FIELD(name) },
            .source = CLASS_CLIENT_NAME };
    f.stores[2] =
        (struct class_store){ .place = { .list = &f.list, LIST_FIELD(mac) },
            .value = { .attribute = &f.mac } };
    f.stores[3] =
        (struct class_store){ .place = { .section = &f.virt_config,
                                  CLASS_FIELD(struct virt_config, title) },
            .value = { .attribute = &f.title } };
    f.stores[4] =
        (struct class_store){ .place = { .list = &f.list, LIST_FIELD(small) },
            .source = CLASS_COHERENT };
    f.limits[0] = (struct class_limit){ .what = "levels",
        .each = { .factor = 1, .attribute = &f.level },
        .max = 20 };
    f.class = (struct class){ .name = "small",
        .drivers = "small",
        .clients_max = 4,
        .attributes = f.attributes,
        .roles = f.roles,
        .sections = f.sections,
        .lists = f.lists,
        .steps = f.steps,
        .stores = f.stores,
        .limits = f.limits };
    return 0;
}

/* The mistake that is found must end like this; NULL: none. */
static void expect(const char *wanted)
{
    struct arena arena = { .last = NULL };
    const char *found = class_check(&arena, &f.class);

    if (wanted == NULL || found == NULL) {
        if (found != NULL) {
            print_error("found: %s\n", found);
        }
        assert_true(found == NULL && wanted == NULL);
    } else {
        assert_string_equal(found, wanted);
    }
    arena_release(&arena);
}

/* --- The classes of the tree --------------------------------------------- */

static void test_all(void **state)
{
    struct arena arena = { .last = NULL };
    uint32_t count = 0;

    (void)state;
    while (class_all[count] != NULL) {
        const char *mistake = class_check(&arena, class_all[count]);

        if (mistake != NULL) {
            print_error("%s\n", mistake);
        }
        assert_null(mistake);
        count++;
    }
    assert_true(count >= 3);
    assert_null(class_check_list(&arena, class_all));
    arena_release(&arena);
}

static void test_two_of_one_name(void **state)
{
    struct arena arena = { .last = NULL };
    const struct class *list[] = { &f.class, &f.class, NULL };

    (void)state;
    assert_string_equal(
        class_check_list(&arena, list), "there are two classes 'small'");
    arena_release(&arena);
}

static void test_right(void **state)
{
    (void)state;
    expect(NULL);
}

/* --- Attributes and values ------------------------------------------------- */

static void test_attributes(void **state)
{
    f.depth.name = NULL;
    expect("class 'small': attribute 0: it has no name");
    set_up(state);
    f.depth.name = "device";
    expect("class 'small': attribute 'device': the name is the tool's own");
    set_up(state);
    f.level.name = "pd";
    expect("class 'small': attribute 'pd': the name is the tool's own");
    set_up(state);
    f.title.name = "depth";
    expect("class 'small': attribute 'depth': the name is used twice");
    set_up(state);
    f.level.name = "depth"; /* of the client: another element */
    expect(NULL);
    f.level.min = 10;
    expect("class 'small': attribute 'depth': min is more than max");
    set_up(state);
    f.depth.otherwise = 12;
    expect("class 'small': attribute 'depth': its default is not allowed");
    set_up(state);
    f.title.otherwise_text = "too long";
    expect("class 'small': attribute 'title': its default is not allowed");
    set_up(state);
    f.mac.required = false;
    expect("class 'small': attribute 'mac': its default is not allowed");
    set_up(state);
    f.depth.unique = true;
    expect("class 'small': attribute 'depth': only a client's attribute can be "
           "unique");
    set_up(state);
    f.level.needs = &f.depth;
    expect("class 'small': attribute 'level': what it needs is no yes-or-no "
           "attribute of the subsystem before it");
}

static void test_values(void **state)
{
    f.stores[0].place.size = 1;
    f.depth.max = 256;
    f.stores[0].value.attribute = &f.depth;
    expect("class 'small': store 0: its value may not fit in 1 bytes");
    set_up(state);
    f.stores[0].place.size = 3;
    expect("class 'small': store 0: a number has 1, 2, 4 or 8 bytes, not 3");
    set_up(state);
    f.stores[0].value.attribute = &f.mac;
    expect("class 'small': store 0: only numbers of clients have a sum");
    set_up(state);
    f.attributes[0] = &f.level; /* depth is no longer listed */
    f.attributes[3] = NULL;
    f.level.needs = NULL;
    f.stores[2].value.attribute = NULL;
    expect("class 'small': step 0 ('queue'): its value is of no number that "
           "the class has");
    set_up(state);
    f.title.max = 9;
    expect("class 'small': store 3: the text may be longer than its place");
    set_up(state);
    f.stores[2].place.size = 4;
    expect("class 'small': store 2: an address has 6 bytes");
    set_up(state);
    f.stores[4].place.size = 2;
    f.stores[4].place.offset--;
    expect("class 'small': store 4: a flag is one byte");
    set_up(state);
    f.stores[1].place = f.stores[3].place;
    expect("class 'small': store 1: a client's name belongs to one client");
}

/* --- Roles and configurations ------------------------------------------------ */

static void test_roles(void **state)
{
    f.virt.element = "driver";
    expect("class 'small': role 'driver': its element or suffix is used twice");
    set_up(state);
    f.virt.element = "client";
    expect("class 'small': role 'client': the element is the tool's own");
    set_up(state);
    f.virt.suffix = "virt_%s";
    expect("class 'small': role 'virt': its suffix has a %");
    set_up(state);
    f.virt.kind = CLASS_PER_CLIENT;
    expect("class 'small': role 'virt': its suffix must have one %s");
    set_up(state);
    f.driver.program = "x.elf";
    expect("class 'small': role 'driver': all but a driver have a program");
    set_up(state);
    f.virt.priority = 255;
    expect("class 'small': role 'virt': its priority is more than 254");
    set_up(state);
    f.driver.borrowed = true;
    expect("class 'small': role 'driver': only a single PD can be borrowed");
    set_up(state);
    f.logger.when = &f.level;
    expect("class 'small': role 'logger': its condition is no yes-or-no "
           "attribute of the subsystem");
    set_up(state);
    f.virt.kind = CLASS_DRIVER;
    f.virt.program = NULL;
    expect("class 'small': role 'virt': there can be only one of its kind");
    set_up(state);
    f.roles[3] = NULL;
    expect("class 'small': class: one role must be that of the clients");
    set_up(state);
    f.client.element = "client";
    expect("class 'small': role 'client': the clients' PDs are the user's");
}

static void test_sections(void **state)
{
    f.virt_config.name = "virt_config";
    expect("class 'small': section 1: its name does not begin with '.'");
    set_up(state);
    f.roles[2] = &f.client; /* the logger is no longer listed */
    f.roles[3] = NULL;
    f.virt_config.role = &f.logger;
    expect("class 'small': section '.virt_config': its role is not listed");
    set_up(state);
    f.virt_config.size = 0;
    expect("class 'small': section '.virt_config': its size is 0 or too large");
    set_up(state);
    f.client_config.magic_size = 17;
    expect("class 'small': section '.client_config': its magic does not fit");
    set_up(state);
    f.sections[2] = &f.virt_config;
    expect("class 'small': section '.virt_config': it is listed twice");
}

static void test_lists(void **state)
{
    f.list.capacity = 3;
    expect("class 'small': list 0 in '.virt_config': it has no room for 4 "
           "clients");
    set_up(state);
    f.list.offset += 16;
    expect("class 'small': list 0 in '.virt_config': it ends behind its "
           "section");
    set_up(state);
    f.list.count_offset = sizeof(struct virt_config);
    expect("class 'small': list 0 in '.virt_config': its count is outside its "
           "section");
    set_up(state);
    f.list.section = &f.client_config;
    expect("class 'small': list 0 in '.client_config': a list is of something "
           "single");
    set_up(state);
    f.list.when = &f.level;
    expect("class 'small': list 0 in '.virt_config': its condition is no "
           "yes-or-no attribute of the client");
}

/* --- Places -------------------------------------------------------------------- */

static void test_places(void **state)
{
    f.client_map.place.section = &f.virt_config;
    expect("class 'small': step 4: '.virt_config' is not a section of this "
           "role");
    f.client_map.place = f.virt_map.place;
    f.client_map.place.size = sizeof(region_resource_t);
    f.client_map.elsewhere = true;
    expect(NULL);
    set_up(state);
    f.client_map.place.offset = 1;
    expect("class 'small': step 4: a place ends behind '.client_config'");
    set_up(state);
    f.virt_map.device_address = false;
    f.data.dma = CLASS_NO_DMA;
    expect("class 'small': step 3: a place in '.virt_config' has 24 bytes, 16 "
           "are stored");
    set_up(state);
    f.virt_map.place.list = NULL;
    f.virt_map.place.section = &f.virt_config;
    expect("class 'small': step 3: all clients would share one place in "
           "'.virt_config'");
    set_up(state);
    f.link.end[1].place =
        (struct class_place){ .list = &f.list, .size = f.connection.size };
    expect("class 'small': step 0 ('queue'): there is no client for "
           "'.virt_config'");
    set_up(state);
    f.virt_map.place.section = &f.virt_config;
    expect("class 'small': step 3: a place is in one listed section or list");
}

/* --- Steps ------------------------------------------------------------------------ */

static void test_regions(void **state)
{
    f.data.name = "data";
    expect("class 'small': step 2 ('data'): its name must have one %s if it is "
           "per client, else none");
    set_up(state);
    f.steps[3].map = NULL;
    f.steps[3].region = &f.data;
    expect("class 'small': step 2 ('%s_data'): nobody is told the address that "
           "the device uses");
    set_up(state);
    f.steps[5].region = &f.data;
    expect("class 'small': step 5 ('%s_data'): it is made twice");
    set_up(state);
    f.data.dma = 4;
    expect("class 'small': step 2 ('%s_data'): its direction of direct access "
           "is unknown");
    set_up(state);
    f.client_config.optional = false;
    expect("class 'small': step 2 ('%s_data'): what it is only for is no "
           "optional section");
}

static void test_maps(void **state)
{
    f.steps[2].region = NULL;
    f.steps[2].map = &f.client_map;
    f.steps[4].map = NULL;
    f.steps[4].region = &f.data;
    expect("class 'small': step 2: its region is not made by an earlier step");
    set_up(state);
    f.data.dma = CLASS_NO_DMA;
    expect("class 'small': step 3: a device's address of memory that the "
           "device may not reach");
    set_up(state);
    f.virt_map.perms = CLASS_R;
    f.virt_map.place.list = NULL;
    expect("class 'small': step 3: there is no place for the device's address");
    set_up(state);
    f.client_map.perms = CLASS_UNMAPPED;
    f.client_map.place.section = NULL;
    expect("class 'small': step 4: it neither maps nor tells anything");
    set_up(state);
    f.steps[4].region = &f.data;
    expect("class 'small': step 4 ('%s_data'): it does more than one thing");
}

static void test_links(void **state)
{
    f.link.end[1].role = &f.driver;
    expect("class 'small': step 0 ('queue'): both ends are the same role");
    set_up(state);
    f.connection.id_offset = 24;
    expect("class 'small': step 0 ('queue'): the channel's id is outside the "
           "connection");
    set_up(state);
    f.connection.region[0].offset = 16;
    expect("class 'small': step 0 ('queue'): region '_queue' is outside the "
           "connection");
    set_up(state);
    f.connection.region[0].perms[1] = CLASS_UNMAPPED;
    expect("class 'small': step 0 ('queue'): the permissions of region "
           "'_queue' are unknown");
    set_up(state);
    f.connection.capacity_size = 1;
    f.depth.max = 256;
    expect("class 'small': step 0 ('queue'): its value may not fit in 1 bytes");
    set_up(state);
    f.steps[1].when = NULL;
    expect("class 'small': step 1 ('%s_log'): 'logger' may be absent when it "
           "is made");
    set_up(state);
    f.log_link.name = "log";
    expect("class 'small': step 1 ('log'): its name must have one %s if it is "
           "per client, else none");
    set_up(state);
    f.steps[0].when = &f.level;
    expect("class 'small': step 0 ('queue'): its condition is no yes-or-no "
           "attribute");
    set_up(state);
    f.connection.size--;
    expect("class 'small': step 0 ('queue'): a place in '.driver_config' has "
           "24 bytes, 23 are stored");
}

static void test_limits(void **state)
{
    (void)state;
    f.limits[0].each.attribute = &f.title;
    expect("class 'small': limit of levels: its value is of no number that the "
           "class has");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_all, set_up),
        cmocka_unit_test_setup(test_two_of_one_name, set_up),
        cmocka_unit_test_setup(test_right, set_up),
        cmocka_unit_test_setup(test_attributes, set_up),
        cmocka_unit_test_setup(test_values, set_up),
        cmocka_unit_test_setup(test_roles, set_up),
        cmocka_unit_test_setup(test_sections, set_up),
        cmocka_unit_test_setup(test_lists, set_up),
        cmocka_unit_test_setup(test_places, set_up),
        cmocka_unit_test_setup(test_regions, set_up),
        cmocka_unit_test_setup(test_maps, set_up),
        cmocka_unit_test_setup(test_links, set_up),
        cmocka_unit_test_setup(test_limits, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
