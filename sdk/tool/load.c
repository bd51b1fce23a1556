/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.c - loads every ELF file of the image: the SDK's kernel, loader
 * and monitor, and the program of each protection domain.
 *
 * The loader and the kernel lie at their physical link addresses: the first
 * two ranges of the image are theirs.  The loader runs there; where the kernel
 * sees itself is the architecture's to say.
 */
#include "sdk/tool/build.h"

#include <inttypes.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/diag.h"

#define MONITOR_STACK    0x2000u
#define MONITOR_PRIORITY (ABI_PRIO_MAX + 1u)
#define DEFAULT_BUDGET   1000u

/* The SDK's own programs lie in one directory. */
static void load_sdk_program(
    struct build *build, struct program *program, const char *name, bool pages)
{
    const char *const directory[] = { build->elf_dir, "." };
    const struct files_path path = { directory, 2 };
    struct program_source source = {
        .name = name,
        .machine = build->board->arch->elf_machine,
    };

    if (pages) {
        program_load(program, build->arena, &path, &source);
        return;
    }
    program_open(build->arena, &path, &source, &program->elf, &program->path);
    program->symbols = program->elf;
    program->symbols_path = program->path;
    program_fill(program, build->arena);
}

/* Ends the program unless every segment is where the image can hold it, at a
 * virtual address `offset` above its physical one. */
static void check_in_place(const struct build *build,
    const struct program *program, uint64_t from, uint64_t offset)
{
    const struct board *board = build->board;

    for (uint32_t i = 0; i < program->elf.segment_count; i++) {
        const struct elf_segment *segment = &program->elf.segment[i];

        if (segment->vaddr - segment->paddr != offset) {
            diag_error(NULL,
                "%s: segment at 0x%" PRIx64
                " has another physical address: 0x%" PRIx64,
                program->path, segment->vaddr, segment->paddr);
        }
        if (!range_holds(from, board->image_limit - from, segment->paddr,
                segment->mem_size)) {
            diag_error(NULL,
                "%s: segment at 0x%" PRIx64
                " is outside the image's memory [0x%" PRIx64 "..0x%" PRIx64 ")",
                program->path, segment->paddr, from, board->image_limit);
        }
    }
}

static uint64_t program_end(const struct program *program)
{
    const struct program_segment *last =
        &program->segment[program->segment_count - 1];

    return last->pa + last->page_count * VSPACE_PAGE;
}

static void load_kernel_and_loader(struct build *build)
{
    uint64_t base = build->board->image_base;

    load_sdk_program(build, &build->loader, "loader.elf", false);
    check_in_place(build, &build->loader, base, 0);
    if (build->loader.elf.entry != base) {
        diag_error(NULL,
            "%s: entry 0x%" PRIx64 " is not the image base 0x%" PRIx64,
            build->loader.path, build->loader.elf.entry, base);
    }
    load_sdk_program(build, &build->kernel,
        build->options->override_kernel != NULL
            ? build->options->override_kernel
            : "kernel.elf",
        true);
    check_in_place(build, &build->kernel, program_end(&build->loader),
        build->board->model->kernel_offset);
    build->kernel_end = program_end(&build->kernel);
}

/* The monitor is a protection domain nobody wrote into the description. */
static void add_monitor(struct build *build)
{
    struct sdf_pd *monitor = &build->monitor;

    monitor->name = "monitor";
    monitor->program = "monitor.elf";
    monitor->priority = MONITOR_PRIORITY;
    monitor->budget_us = DEFAULT_BUDGET;
    monitor->period_us = DEFAULT_BUDGET;
    monitor->stack_size = MONITOR_STACK;
    monitor->parent = SDF_NONE;
    build->pd[0].sdf = monitor;
    load_sdk_program(build, &build->pd[0].program, "monitor.elf", true);
}

void load_programs(struct build *build)
{
    const struct sdf_system *system = build->system;

    load_kernel_and_loader(build);
    build->pd_count = system->pd_count + 1;
    build->pd =
        arena_array(build->arena, build->pd_count, sizeof(struct build_pd));
    add_monitor(build);
    for (uint32_t i = 0; i < system->pd_count; i++) {
        struct build_pd *pd = &build->pd[i + 1];
        struct program_source source = {
            .name = system->pd[i].program,
            .symbols = system->pd[i].program_symbols,
            .machine = build->board->arch->elf_machine,
            .pos = &system->pd[i].pos,
        };

        pd->sdf = &system->pd[i];
        program_load(
            &pd->program, build->arena, &build->options->search, &source);
    }
}
