/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * patch.c - writes what the system knows into the programs: the symbols of
 * libmicrokit, setvar symbols, and configuration sections.
 *
 * Runs twice: before addresses are known, so that every page it will touch
 * counts as content, and after, with the final values.
 */
#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/range.h"
#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"

#define NAME_BYTES ((size_t)ABI_NAME_SIZE)

/* Finds a symbol of at least `size` bytes; false if there is none.  A symbol
 * that is defined twice or too small is an error. */
static bool find_symbol(struct program *program, const char *name,
    uint64_t size, struct elf_range *out)
{
    enum elf_found found = elf_symbol(&program->symbols, name, out);

    if (found == ELF_MISSING) {
        return false;
    }
    if (found == ELF_AMBIGUOUS) {
        diag_error(NULL,
            "%s: could not patch symbol '%s': it is defined more "
            "than once",
            program->symbols_path, name);
    }
    if (out->size < size) {
        diag_error(NULL,
            "%s: could not patch symbol '%s': it has %" PRIu64
            " bytes, not %" PRIu64,
            program->symbols_path, name, out->size, size);
    }
    return true;
}

static void write_memory(struct program *program, const char *name,
    uint64_t vaddr, const void *data, uint64_t size)
{
    if (!program_write(program, vaddr, data, size)) {
        diag_error(NULL,
            "%s: could not patch '%s': address 0x%" PRIx64
            " is not in the program's memory",
            program->path, name, vaddr);
    }
}

/* Symbols of libmicrokit that a program may do without. */
static void patch_bytes(
    struct program *program, const char *name, const void *data, uint64_t size)
{
    struct elf_range symbol;

    if (find_symbol(program, name, size, &symbol)) {
        write_memory(program, name, symbol.vaddr, data, size);
    }
}

static void patch_word(
    struct program *program, const char *name, uint64_t value)
{
    uint8_t bytes[8];

    store_le64(bytes, value);
    patch_bytes(program, name, bytes, sizeof(bytes));
}

/* What an end may do, as bitmaps by channel id. */
static void patch_channels(struct build *build, struct build_pd *pd)
{
    const struct sdf_system *system = build->system;
    uint64_t notify = 0;
    uint64_t quiet = 0;
    uint64_t call = 0;
    uint64_t irqs = 0;

    for (uint32_t i = 0; i < system->channel_count; i++) {
        for (uint32_t side = 0; side < 2; side++) {
            const struct sdf_end *end = &system->channel[i].end[side];
            const struct sdf_end *other = &system->channel[i].end[1 - side];

            if (&system->pd[end->pd] != pd->sdf) {
                continue;
            }
            notify |= end->notify ? 1ull << end->id : 0;
            if (sdf_notifies_quietly(system, end, other)) {
                quiet |= 1ull << end->id;
            }
            call |= end->pp ? 1ull << end->id : 0;
        }
    }
    for (uint32_t i = 0; i < pd->sdf->irq_count; i++) {
        irqs |= 1ull << pd->sdf->irq[i].id;
    }
    patch_word(&pd->program, "microkit_irqs", irqs);
    patch_word(&pd->program, "microkit_notifications", notify);
    patch_word(&pd->program, "pride_notify_lazy", quiet);
    patch_word(&pd->program, "microkit_pps", call);
    patch_word(&pd->program, "microkit_ioports", 0);
}

static void patch_name(char *out, const char *name)
{
    size_t length = strlen(name);

    memset(out, 0, NAME_BYTES);
    memcpy(out, name, length < NAME_BYTES ? length : NAME_BYTES - 1);
}

static void patch_setvars(struct build *build, struct build_pd *pd)
{
    for (uint32_t i = 0; i < pd->sdf->setvar_count; i++) {
        const struct sdf_setvar *setvar = &pd->sdf->setvar[i];
        uint64_t value = setvar->value;
        struct elf_range symbol;
        uint8_t bytes[8];

        if (setvar->kind == SDF_SETVAR_PADDR) {
            value = build->system->region[setvar->region].phys;
        }
        if (!find_symbol(&pd->program, setvar->symbol, 8, &symbol)) {
            diag_error(&setvar->pos,
                "could not patch symbol '%s' of PD '%s': symbol not found in "
                "'%s'",
                setvar->symbol, pd->sdf->name, pd->program.symbols_path);
        }
        if (symbol.size != sizeof(bytes)) {
            diag_error(&setvar->pos,
                "could not patch symbol '%s' of PD '%s': it has %" PRIu64
                " bytes, not 8",
                setvar->symbol, pd->sdf->name, symbol.size);
        }
        store_le64(bytes, value);
        write_memory(&pd->program, setvar->symbol, symbol.vaddr, bytes, 8);
    }
}

/* A copy of the section's bytes with physical addresses added in. */
static const uint8_t *section_bytes(
    struct build *build, const struct sdf_section *section)
{
    uint8_t *bytes = arena_alloc(build->arena, section->size);

    memcpy(bytes, section->data, section->size);
    for (uint32_t i = 0; i < section->fixup_count; i++) {
        const struct sdf_fixup *fixup = &section->fixup[i];
        uint8_t *at = bytes + fixup->offset;

        if (!range_contains(section->size, fixup->offset, 8)) {
            diag_error(
                &section->pos, "fixup outside section '%s'", section->name);
        }
        store_le64(
            at, load_le64(at) + build->system->region[fixup->region].phys);
    }
    return bytes;
}

static void patch_sections(struct build *build, struct build_pd *pd)
{
    for (uint32_t i = 0; i < pd->sdf->section_count; i++) {
        const struct sdf_section *section = &pd->sdf->section[i];
        struct elf_range range;
        enum elf_found found =
            elf_section(&pd->program.elf, section->name, &range);

        if (found != ELF_FOUND) {
            diag_error(&section->pos, "program '%s' of PD '%s' has %s '%s'",
                pd->program.path, pd->sdf->name,
                found == ELF_MISSING ? "no section" : "several sections",
                section->name);
        }
        if (range.size < section->size) {
            diag_error(&section->pos,
                "section '%s' of '%s' has %" PRIu64 " bytes, %" PRIu32
                " are needed: was it built for another version?",
                section->name, pd->program.path, range.size, section->size);
        }
        write_memory(&pd->program, section->name, range.vaddr,
            section_bytes(build, section), section->size);
    }
}

/* The start code copies the writable segment before it uses any of it, so
 * what it is told must lie in read-only memory. */
static void patch_reinit(struct build_pd *pd)
{
    const struct build_reinit *reinit = &pd->reinit;
    struct elf_range symbol;
    uint8_t bytes[40] = { 0 };

    if (!pd->sdf->reinit) {
        return;
    }
    if (!find_symbol(&pd->program, "pride_reinit", sizeof(bytes), &symbol)) {
        diag_error(&pd->sdf->pos,
            "reinit: program '%s' of PD '%s' has no symbol 'pride_reinit'",
            pd->program.path, pd->sdf->name);
    }

    const struct program_segment *segment =
        program_segment_at(&pd->program, symbol.vaddr, sizeof(bytes));
    if (segment == NULL || (segment->perms & VSPACE_WRITE)) {
        diag_error(&pd->sdf->pos,
            "reinit: 'pride_reinit' of '%s' is not in read-only memory",
            pd->program.path);
    }
    if (reinit->segment != NULL) {
        uint64_t base = reinit->segment->vaddr;
        uint64_t size = reinit->segment->page_count * VSPACE_PAGE;

        store_le64(bytes, reinit->copy_va);
        store_le64(bytes + 8, base);
        store_le64(bytes + 16, reinit->size);
        store_le64(bytes + 24, base + reinit->size);
        store_le64(bytes + 32, size - reinit->size);
    }
    write_memory(
        &pd->program, "pride_reinit", symbol.vaddr, bytes, sizeof(bytes));
}

/* The monitor names faulting PDs and recognises stack overflows. */
static void patch_monitor(struct build *build)
{
    struct program *program = &build->pd[0].program;
    uint64_t count = build->pd_count;
    char *names = arena_array(build->arena, count, NAME_BYTES);
    uint8_t *stacks = arena_array(build->arena, count, 8);

    for (uint32_t i = 0; i < count; i++) {
        patch_name(names + (size_t)i * NAME_BYTES, build->pd[i].sdf->name);
        store_le64(stacks + (size_t)i * 8, build->pd[i].stack_bottom);
    }
    patch_word(program, "pd_names_len", count);
    patch_bytes(program, "pd_names", names, count * NAME_BYTES);
    patch_bytes(program, "pd_stack_bottom_addrs", stacks, count * 8);
}

void patch_programs(struct build *build)
{
    for (uint32_t i = 0; i < build->pd_count; i++) {
        struct build_pd *pd = &build->pd[i];
        char name[NAME_BYTES];
        uint8_t passive = pd->sdf->passive ? 1 : 0;

        patch_name(name, pd->sdf->name);
        patch_bytes(&pd->program, "microkit_name", name, sizeof(name));
        patch_bytes(&pd->program, "microkit_passive", &passive, 1);
        patch_channels(build, pd);
        patch_setvars(build, pd);
        patch_sections(build, pd);
        patch_reinit(pd);
    }
    patch_monitor(build);
}
