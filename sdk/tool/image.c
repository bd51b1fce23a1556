/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.c - the bytes the loader starts from, each at its final address, and
 * the list of memory it zeroes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"
#include "sdk/tool/output.h"

/* --- Content ------------------------------------------------------------- */

static const uint8_t *gather_segment(
    struct build *build, const struct program_segment *segment)
{
    uint8_t *bytes =
        arena_array(build->arena, segment->content_count, VSPACE_PAGE);
    uint64_t at = 0;

    for (uint64_t i = 0; i < segment->page_count; i++) {
        if (segment->has_content[i]) {
            memcpy(bytes + at, segment->memory + i * VSPACE_PAGE, VSPACE_PAGE);
            at += VSPACE_PAGE;
        }
    }
    return bytes;
}

static const uint8_t *padded(struct build *build, const void *data,
    uint64_t size, const struct place *place)
{
    uint8_t *bytes = arena_alloc(build->arena, place->size);

    memcpy(bytes, data, size);
    return bytes;
}

static void set_tables(
    struct build *build, uint32_t index, const struct vspace *space)
{
    struct place *place = &build->place[index];

    place->data = padded(build, space->word, vspace_size(space), place);
}

static void set_pd(struct build *build, struct build_pd *pd)
{
    set_tables(build, pd->tables_place, &pd->space);
    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        const struct program_segment *segment = &pd->program.segment[i];

        if (pd->content_place[i] != PLACE_NONE) {
            build->place[pd->content_place[i]].data =
                gather_segment(build, segment);
        }
    }
    if (pd->reinit.copy_size != 0) {
        build->place[pd->reinit.place].data = pd->reinit.segment->memory;
    }
}

static void set_regions(struct build *build)
{
    for (uint32_t i = 0; i < build->system->region_count; i++) {
        const struct sdf_region *region = &build->system->region[i];
        const struct build_region *parts = &build->region[i];

        if (parts->extent_count == 0 || region->prefill == NULL) {
            continue;
        }

        struct place *place = &build->place[parts->extent[0].place];
        place->data =
            padded(build, region->prefill, region->prefill_size, place);
    }
}

/* --- Memory to zero -------------------------------------------------------- */

static int by_base(const void *left, const void *right)
{
    const struct abi_zero_range *a = left;
    const struct abi_zero_range *b = right;

    return a->base < b->base ? -1 : a->base > b->base;
}

static void add_zero(struct abi_loader_info *info, uint64_t base, uint64_t end)
{
    struct abi_zero_range *last = &info->zero[info->zero_count];

    if (base >= end) {
        return;
    }
    if (info->zero_count > 0 && last[-1].base + last[-1].size == base) {
        last[-1].size += end - base;
        return;
    }
    if (info->zero_count == ABI_LOADER_ZERO_MAX) {
        diag_error(NULL, "more than %d separate ranges of zeroed memory",
            ABI_LOADER_ZERO_MAX);
    }
    *last = (struct abi_zero_range){ base, end - base };
    info->zero_count++;
}

/* What lies inside the image is zero in the file already. */
static void set_zero(struct build *build)
{
    struct abi_zero_range *range =
        arena_array(build->arena, build->place_count + 1u, sizeof(*range));
    uint64_t image = build->board->image_base;
    uint64_t image_end = image + build->image_size;
    uint32_t count = 0;

    for (uint32_t i = 0; i < build->place_count; i++) {
        if (!build->place[i].content) {
            range[count++] = (struct abi_zero_range){
                build->place[i].pa,
                build->place[i].size,
            };
        }
    }
    qsort(range, count, sizeof(*range), by_base);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t base = range[i].base;
        uint64_t end = base + range[i].size;

        add_zero(&build->info, base, end < image ? end : image);
        add_zero(&build->info, base > image_end ? base : image_end, end);
    }
}

static void set_info(struct build *build)
{
    const struct board *board = build->board;
    struct abi_loader_info *info = &build->info;
    struct elf_range symbol;

    info->magic = ABI_LOADER_MAGIC;
    info->image_base = board->image_base;
    info->image_size = build->image_size;
    info->kernel_entry = build->kernel.elf.entry;
    info->table = layout_pa(build, build->table_place);
    info->kernel_root = layout_pa(build, build->kernel_tables_place);
    info->console = board->console_range.base;
    info->console_kind = (uint32_t)board->console;
    info->flags =
        strcmp(build->options->config, "debug") == 0 ? ABI_LOADER_VERBOSE : 0;
    set_zero(build);

    if (elf_symbol(&build->loader.elf, "loader_info", &symbol) != ELF_FOUND ||
        symbol.size != sizeof(*info) ||
        !program_write(&build->loader, symbol.vaddr, info, sizeof(*info))) {
        diag_error(NULL, "%s: symbol 'loader_info' of %zu bytes is needed",
            build->loader.path, sizeof(*info));
    }
}

/* --- The file ---------------------------------------------------------------- */

static void copy_in(
    struct build *build, uint64_t pa, const uint8_t *data, uint64_t size)
{
    uint64_t offset = pa - build->board->image_base;

    if (offset > build->image_size || size > build->image_size - offset) {
        diag_error(NULL, "content at 0x%" PRIx64 " is outside the image", pa);
    }
    memcpy(build->image + offset, data, size);
}

static void copy_program(struct build *build, const struct program *program)
{
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct program_segment *segment = &program->segment[i];
        uint64_t skip = segment->elf_vaddr - segment->vaddr;

        copy_in(build, segment->pa + skip, segment->memory + skip,
            segment->elf_size);
    }
}

void image_build(struct build *build)
{
    struct place *table = &build->place[build->table_place];

    table->data = padded(build, build->table, build->table_size, table);
    set_tables(build, build->kernel_tables_place, &build->kernel_space);
    for (uint32_t i = 0; i < build->pd_count; i++) {
        set_pd(build, &build->pd[i]);
    }
    set_regions(build);
    set_info(build);

    build->image = arena_alloc(build->arena, build->image_size);
    copy_program(build, &build->loader);
    copy_program(build, &build->kernel);
    for (uint32_t i = 0; i < build->place_count; i++) {
        const struct place *place = &build->place[i];

        if (place->content) {
            copy_in(build, place->pa, place->data, place->size);
        }
    }
}

/* One page of ELF headers: one segment, entered at its first byte. */
static void write_elf_header(const struct build *build, FILE *file)
{
    uint8_t header[VSPACE_PAGE] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
    uint8_t *segment = header + 64;

    store_le16(header + 16, 2); /* ET_EXEC */
    store_le16(header + 18, (uint16_t)build->board->arch->elf_machine);
    store_le32(header + 20, 1);
    store_le64(header + 24, build->board->image_base);
    store_le64(header + 32, 64); /* program headers */
    store_le16(header + 52, 64);
    store_le16(header + 54, 56);
    store_le16(header + 56, 1);

    store_le32(segment, 1); /* PT_LOAD */
    store_le32(segment + 4, ELF_R | ELF_W | ELF_X);
    store_le64(segment + 8, sizeof(header));
    store_le64(segment + 16, build->board->image_base);
    store_le64(segment + 24, build->board->image_base);
    store_le64(segment + 32, build->image_size);
    store_le64(segment + 40, build->image_size);
    store_le64(segment + 48, VSPACE_PAGE);
    (void)fwrite(header, 1, sizeof(header), file);
}

void image_write(const struct build *build, const char *path)
{
    FILE *file = output_open(build->arena, path);

    if (build->options->image == OPTIONS_IMAGE_ELF) {
        write_elf_header(build, file);
    }
    (void)fwrite(build->image, 1, build->image_size, file);
}
