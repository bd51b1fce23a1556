/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace_test.c - page tables, read back as the processor reads them.
 *
 * The walker below is written from the architecture manual (DDI 0487, D8) and
 * shares nothing with the builder: every address of interest is translated
 * and compared with the maps that were asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "sdk/tool/arch/aarch64/arch.h"

#define BASE 0x70100000u

/* What a translation yields. */
struct seen {
    bool mapped;
    uint64_t pa;
    bool write;
    bool execute;
    bool device;
    uint64_t size; /* of the leaf */
};

static struct arena arena;

static uint64_t word_at(const struct vspace *space, uint64_t pa)
{
    uint64_t index = (pa - space->base) / 8;

    assert_true(pa >= space->base);
    assert_true(index < space->word_count);
    return space->word[index];
}

/* Finds the leaf: level 1 entries cover 1 GiB, level 2 2 MiB, level 3 4 KiB. */
static uint64_t find_leaf(
    const struct vspace *space, uint64_t va, uint32_t root_bits, uint64_t *size)
{
    uint64_t index = (va >> 30) & ((1u << root_bits) - 1);
    uint64_t entry = word_at(space, space->base + index * 8);

    *size = 1ull << 30;
    for (uint32_t level = 1; level < 3; level++) {
        uint32_t shift = level == 1 ? 21 : 12;

        if ((entry & 3) != 3) {
            return entry;
        }
        uint64_t table = entry & 0x0000fffffffff000ull;
        assert_int_equal(entry & ~(table | 3), 0);
        *size = 1ull << shift;
        entry = word_at(space, table + ((va >> shift) & 511) * 8);
    }
    assert_true((entry & 3) == 3 || entry == 0); /* 01 is reserved here */
    return entry;
}

static struct seen translate_user(const struct vspace *space, uint64_t va)
{
    struct seen seen = { .mapped = false };
    uint64_t entry = find_leaf(space, va, 10, &seen.size);

    if ((entry & 1) == 0) {
        return seen;
    }
    assert_int_equal((entry >> 10) & 1, 1); /* AF: no access flag faults */
    assert_int_equal((entry >> 6) & 1, 1);  /* S2AP[0]: readable */
    assert_int_equal((entry >> 55) & 0x1ff, 0);
    seen.mapped = true;
    seen.pa = (entry & 0x0000fffffffff000ull) | (va & (seen.size - 1));
    seen.write = ((entry >> 7) & 1) != 0;
    seen.execute = ((entry >> 54) & 1) == 0;
    seen.device = ((entry >> 2) & 15) == 0;
    if (!seen.device) {
        assert_int_equal((entry >> 2) & 15, 15); /* write-back */
        assert_int_equal((entry >> 8) & 3, 3);   /* inner shareable */
    }
    return seen;
}

static struct seen translate_kernel(const struct vspace *space, uint64_t va)
{
    struct seen seen = { .mapped = false };
    uint64_t entry = find_leaf(space, va, 9, &seen.size);

    if ((entry & 1) == 0) {
        return seen;
    }
    assert_int_equal((entry >> 10) & 1, 1);
    assert_int_equal((entry >> 6) & 1, 1); /* AP[1] is RES1 at EL2 */
    seen.mapped = true;
    seen.pa = (entry & 0x0000fffffffff000ull) | (va & (seen.size - 1));
    seen.write = ((entry >> 7) & 1) == 0;
    seen.execute = ((entry >> 54) & 1) == 0;
    seen.device = ((entry >> 2) & 7) == 0;
    return seen;
}

static struct vspace start(const struct vspace_format *format)
{
    struct vspace space;

    vspace_init(&space, &arena, format, BASE);
    return space;
}

static void add(struct vspace *space, const struct vspace_map *map)
{
    assert_int_equal(vspace_map(space, map), VSPACE_OK);
}

/* First, last and middle byte of a map, and the bytes around it. */
static void check_map(
    const struct vspace *space, const struct vspace_map *map, bool kernel)
{
    const uint64_t offset[] = { 0, map->size / 2 + 1, map->size - 1 };

    for (size_t i = 0; i < ARRAY_LEN(offset); i++) {
        uint64_t va = map->va + offset[i];
        struct seen seen =
            kernel ? translate_kernel(space, va) : translate_user(space, va);
        bool device = (map->perms & VSPACE_DEVICE) != 0;

        assert_true(seen.mapped);
        assert_int_equal(seen.pa, map->pa + offset[i]);
        assert_int_equal(seen.size, map->leaf);
        assert_int_equal(seen.write, (map->perms & VSPACE_WRITE) != 0);
        assert_int_equal(seen.device, device);
        assert_int_equal(
            seen.execute, !device && (map->perms & VSPACE_EXECUTE) != 0);
    }
}

static const struct vspace_map user_maps[] = {
    { 0x200000, 0x70200000, 0x3000, 0x1000, VSPACE_READ | VSPACE_EXECUTE },
    { 0x203000, 0x70300000, 0x1000, 0x1000, VSPACE_READ },
    { 0x204000, 0x70400000, 0x2000, 0x1000, VSPACE_READ | VSPACE_WRITE },
    { 0x3fff0000, 0x60000000, 0x20000, 0x1000, VSPACE_READ | VSPACE_WRITE },
    { 0x80000000, 0x7fe00000, 0x400000, 0x200000, VSPACE_READ },
    { 0x90000000, 0x09000000, 0x1000, 0x1000,
        VSPACE_READ | VSPACE_WRITE | VSPACE_DEVICE },
    { 0x91000000, 0x0a000000, 0x1000, 0x1000,
        VSPACE_READ | VSPACE_EXECUTE | VSPACE_DEVICE },
    { 0x92000000, 0x61000000, 0x1000, 0x1000,
        VSPACE_READ | VSPACE_WRITE | VSPACE_EXECUTE },
    { 0xffffffc000, 0x70500000, 0x2000, 0x1000, VSPACE_READ | VSPACE_WRITE },
    { 0xfffffff000, 0x70600000, 0x1000, 0x1000, VSPACE_READ | VSPACE_WRITE },
};

static void user_maps_are_what_was_asked_for(void **unused)
{
    (void)unused;
    struct vspace space = start(&aarch64_el2_user);

    for (size_t i = 0; i < ARRAY_LEN(user_maps); i++) {
        add(&space, &user_maps[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(user_maps); i++) {
        check_map(&space, &user_maps[i], false);
    }
}

/* Counts leaves: nothing is mapped that was not asked for. */
static void nothing_else_is_mapped(void **unused)
{
    (void)unused;
    struct vspace space = start(&aarch64_el2_user);
    uint64_t asked = 0;
    uint64_t found = 0;

    for (size_t i = 0; i < ARRAY_LEN(user_maps); i++) {
        add(&space, &user_maps[i]);
        asked += user_maps[i].size;
    }
    for (uint64_t gib = 0; gib < 1024; gib++) {
        uint64_t size;
        uint64_t va = gib << 30;

        if ((find_leaf(&space, va, 10, &size) & 1) == 0 && size == 1u << 30) {
            continue;
        }
        for (uint64_t mib = 0; mib < 512; mib++) {
            uint64_t step = va + (mib << 21);
            struct seen seen = translate_user(&space, step);

            if (seen.size == 0x200000) {
                found += seen.mapped ? seen.size : 0;
                continue;
            }
            for (uint64_t page = 0; page < 512; page++) {
                seen = translate_user(&space, step + (page << 12));
                found += seen.mapped ? 0x1000 : 0;
            }
        }
    }
    assert_int_equal(found, asked);
}

static void kernel_maps_are_what_was_asked_for(void **unused)
{
    (void)unused;
    static const struct vspace_map maps[] = {
        { 0x70010000, 0x70010000, 0x6000, 0x1000,
            VSPACE_READ | VSPACE_EXECUTE },
        { 0x70016000, 0x70016000, 0x1000, 0x1000, VSPACE_READ },
        { 0x70017000, 0x70017000, 0x2000, 0x1000, VSPACE_READ | VSPACE_WRITE },
        { 0x08000000, 0x08000000, 0x1000, 0x1000,
            VSPACE_READ | VSPACE_WRITE | VSPACE_DEVICE },
    };
    struct vspace space = start(&aarch64_el2_kernel);

    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        add(&space, &maps[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        check_map(&space, &maps[i], true);
    }
    assert_false(translate_kernel(&space, 0x70019000).mapped);
    assert_false(translate_kernel(&space, 0x08001000).mapped);
}

static void the_kernel_never_executes_what_it_writes(void **unused)
{
    (void)unused;
    const struct vspace_map both = { 0x70010000, 0x70010000, 0x1000, 0x1000,
        VSPACE_READ | VSPACE_WRITE | VSPACE_EXECUTE };
    struct vspace space = start(&aarch64_el2_kernel);

    add(&space, &both);
    assert_false(translate_kernel(&space, both.va).execute);
}

static void overlaps_are_refused(void **unused)
{
    (void)unused;
    const struct vspace_map page = { 0x400000, 0, 0x1000, 0x1000, VSPACE_READ };
    const struct vspace_map large = { 0x400000, 0, 0x200000, 0x200000,
        VSPACE_READ };
    const struct vspace_map inside = { 0x5ff000, 0, 0x1000, 0x1000,
        VSPACE_READ };
    struct vspace space = start(&aarch64_el2_user);

    add(&space, &page);
    assert_int_equal(vspace_map(&space, &page), VSPACE_OVERLAP);
    assert_int_equal(vspace_map(&space, &large), VSPACE_OVERLAP);
    space = start(&aarch64_el2_user);
    add(&space, &large);
    assert_int_equal(vspace_map(&space, &large), VSPACE_OVERLAP);
    assert_int_equal(vspace_map(&space, &inside), VSPACE_OVERLAP);
}

static void ranges_outside_are_refused(void **unused)
{
    (void)unused;
    static const struct vspace_map maps[] = {
        { 0x200800, 0, 0x1000, 0x1000, VSPACE_READ },
        { 0x200000, 0x800, 0x1000, 0x1000, VSPACE_READ },
        { 0x200000, 0, 0x1800, 0x1000, VSPACE_READ },
        { 0x201000, 0, 0x200000, 0x200000, VSPACE_READ },
        { 0x10000000000, 0, 0x1000, 0x1000, VSPACE_READ },
        { 0xfffffff000, 0, 0x2000, 0x1000, VSPACE_READ },
        { 0xfffffffffffff000, 0, 0x1000, 0x1000, VSPACE_READ },
        { 0, 0, 0xfffffffffffff000, 0x1000, VSPACE_READ },
        { 0, 0x1000000000000, 0x1000, 0x1000, VSPACE_READ },
        { 0, 0, 0x1000, 0x4000, VSPACE_READ },
    };

    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        struct vspace space = start(&aarch64_el2_user);

        assert_int_equal(vspace_map(&space, &maps[i]), VSPACE_RANGE);
    }
}

/* The tool relies on it: first sizes, then addresses. */
static void size_does_not_depend_on_addresses(void **unused)
{
    (void)unused;
    struct vspace first;
    struct vspace second;

    vspace_init(&first, &arena, &aarch64_el2_user, 0);
    second = start(&aarch64_el2_user);
    for (size_t i = 0; i < ARRAY_LEN(user_maps); i++) {
        struct vspace_map nowhere = user_maps[i];

        nowhere.pa = 0;
        add(&first, &nowhere);
        add(&second, &user_maps[i]);
    }
    assert_int_equal(vspace_size(&first), vspace_size(&second));
    assert_int_equal(vspace_size(&first) % VSPACE_PAGE, 0);
    assert_int_equal(vspace_align(first.format), 0x2000);
}

static void roots_carry_the_space_identifier(void **unused)
{
    (void)unused;
    const struct vspace_format *user = &aarch64_el2_user;

    assert_int_equal(user->root(0x70102000, 1), 0x0001000070102000);
    assert_int_equal(user->root(0x70102000, 255), 0x00ff000070102000);
}

static void only_known_models_have_a_row(void **unused)
{
    (void)unused;
    const struct arch *arch = arch_find("aarch64");

    assert_ptr_equal(arch, &arch_aarch64);
    assert_ptr_equal(arch_model(arch, 2)->user, &aarch64_el2_user);
    assert_int_equal(arch_kernel_va(arch_model(arch, 2), BASE), BASE);
    assert_null(arch_model(arch, 1));
    assert_null(arch_find("aarch"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_maps_are_what_was_asked_for),
        cmocka_unit_test(nothing_else_is_mapped),
        cmocka_unit_test(kernel_maps_are_what_was_asked_for),
        cmocka_unit_test(the_kernel_never_executes_what_it_writes),
        cmocka_unit_test(overlaps_are_refused),
        cmocka_unit_test(ranges_outside_are_refused),
        cmocka_unit_test(size_does_not_depend_on_addresses),
        cmocka_unit_test(roots_carry_the_space_identifier),
        cmocka_unit_test(only_known_models_have_a_row),
    };
    int failed;

    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
