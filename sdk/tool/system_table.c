/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * system_table.c - the system table: what the kernel knows of this system.
 *
 * Header, protection domains, interrupts, interrupt numbers; every array at a
 * multiple of 8.  Written field by field, little-endian like the target.
 */
#include <stddef.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"

static_assert(IRQCHIP_RANGES_MAX == ARRAY_LEN(((struct abi_table *)0)->irqchip),
    "as many ranges as the table has room for");

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "the table is copied as it lies in the tool's memory");

/* Where the arrays are. */
struct table_plan {
    uint64_t pds;
    uint64_t irqs;
    uint64_t lines;
    uint64_t size;
    uint32_t irq_count;
    uint32_t line_count;
};

static struct table_plan plan_table(const struct build *build)
{
    const struct sdf_system *system = build->system;
    struct table_plan plan = { .line_count = build->board->irq_lines };

    for (uint32_t i = 0; i < system->pd_count; i++) {
        plan.irq_count += system->pd[i].irq_count;
    }
    plan.pds = range_round_up(sizeof(struct abi_table), 8);
    plan.irqs =
        range_round_up(plan.pds + build->pd_count * sizeof(struct abi_pd), 8);
    plan.lines =
        range_round_up(plan.irqs + plan.irq_count * sizeof(struct abi_irq), 8);
    plan.size =
        range_round_up(plan.lines + plan.line_count * sizeof(uint16_t), 8);
    return plan;
}

uint64_t system_table_bytes(const struct build *build)
{
    return plan_table(build).size;
}

static bool has_children(const struct build *build, uint32_t pd)
{
    const struct sdf_system *system = build->system;

    for (uint32_t i = 0; pd > 0 && i < system->pd_count; i++) {
        if (system->pd[i].parent == pd - 1) {
            return true;
        }
    }
    return pd == 0;
}

/* One bit per child: the monitor's children are numbered by PD index. */
static uint32_t fault_words(const struct build *build, uint32_t pd)
{
    if (pd == 0) {
        return (build->pd_count + 63) / 64;
    }
    return has_children(build, pd) ? (ABI_IDS + 63) / 64 : 0;
}

uint64_t system_table_fault_bytes(const struct build *build)
{
    uint64_t words = 0;

    for (uint32_t i = 0; i < build->pd_count; i++) {
        words += fault_words(build, i);
    }
    return words * sizeof(uint64_t);
}

/* Where the kernel sees what was placed. */
static uint64_t kernel_va(const struct build *build, uint32_t place)
{
    return arch_kernel_va(build->board->model, layout_pa(build, place));
}

static uint8_t pd_flags(const struct build_pd *pd, bool monitor)
{
    return (uint8_t)((pd->sdf->passive ? ABI_PD_PASSIVE : 0) |
                     (pd->sdf->fpu ? ABI_PD_FPU : 0) |
                     (pd->sdf->smc ? ABI_PD_SMC : 0) |
                     (pd->sdf->user_timer ? ABI_PD_USER_TIMER : 0) |
                     (monitor ? ABI_PD_MONITOR : 0));
}

static void set_times(struct abi_pd *out, const struct sdf_pd *pd)
{
    if (pd->budget_us > UINT32_MAX || pd->period_us > UINT32_MAX) {
        diag_error(&pd->pos,
            "budget and period of PD '%s' must be below 2^32 microseconds",
            pd->name);
    }
    out->budget_us = (uint32_t)pd->budget_us;
    out->period_us = (uint32_t)pd->period_us;
}

static void set_pd(struct build *build, uint32_t index, struct abi_pd *out)
{
    const struct build_pd *pd = &build->pd[index];
    const struct sdf_pd *sdf = pd->sdf;
    size_t length = strlen(sdf->name);

    out->vspace =
        pd->space.format->root(layout_pa(build, pd->tables_place), index + 1);
    out->entry = pd->program.elf.entry;
    out->stack_top = pd->stack_top;
    out->buffer =
        kernel_va(build, build->buffers_place) + (uint64_t)index * VSPACE_PAGE;
    out->fault_words = fault_words(build, index);
    set_times(out, sdf);
    out->priority = (uint8_t)sdf->priority;
    out->flags = pd_flags(pd, index == 0);
    memcpy(out->name, sdf->name,
        length < sizeof(out->name) ? length : sizeof(out->name) - 1);
    for (uint32_t id = 0; id < ABI_IDS; id++) {
        out->channel[id].pd = ABI_PD_NONE;
        out->children[id] = ABI_PD_NONE;
    }
}

static void set_faults(struct build *build, struct abi_pd *pds)
{
    uint64_t next =
        kernel_va(build, build->state_place) + build->state.faults_offset;

    for (uint32_t i = 0; i < build->pd_count; i++) {
        if (pds[i].fault_words != 0) {
            pds[i].faults = next;
            next += pds[i].fault_words * sizeof(uint64_t);
        }
    }
}

static void set_families(const struct build *build, struct abi_pd *pds)
{
    pds[0].parent = ABI_PD_NONE;
    for (uint32_t i = 1; i < build->pd_count; i++) {
        const struct sdf_pd *sdf = build->pd[i].sdf;

        if (sdf->parent == SDF_NONE) {
            pds[i].parent = 0;
            pds[i].child_id = (uint16_t)i;
            continue;
        }
        pds[i].parent = (uint16_t)(sdf->parent + 1);
        pds[i].child_id = (uint16_t)sdf->child_id;
        pds[sdf->parent + 1].children[sdf->child_id] = (uint16_t)i;
    }
}

static void set_channels(const struct sdf_system *system, struct abi_pd *pds)
{
    for (uint32_t i = 0; i < system->channel_count; i++) {
        for (uint32_t side = 0; side < 2; side++) {
            const struct sdf_end *own = &system->channel[i].end[side];
            const struct sdf_end *other = &system->channel[i].end[1 - side];
            struct abi_channel *out = &pds[own->pd + 1].channel[own->id];

            out->pd = (uint16_t)(other->pd + 1);
            out->id = (uint8_t)other->id;
            out->bit = 1ull << other->id;
            out->flags = (uint8_t)((own->notify ? ABI_CH_NOTIFY : 0) |
                                   (own->pp ? ABI_CH_CALL : 0) |
                                   (other->pp ? ABI_CH_SERVE : 0));
            if (sdf_notifies_quietly(system, own, other)) {
                pds[own->pd + 1].notify_lazy |= 1ull << own->id;
            }
        }
    }
}

static void set_irqs(const struct sdf_system *system, struct abi_pd *pds,
    struct abi_irq *irqs, uint16_t *lines)
{
    uint32_t next = 0;

    for (uint32_t i = 0; i < system->pd_count; i++) {
        for (uint32_t k = 0; k < system->pd[i].irq_count; k++, next++) {
            const struct sdf_irq *irq = &system->pd[i].irq[k];
            struct abi_channel *out = &pds[i + 1].channel[irq->id];

            irqs[next] = (struct abi_irq){
                .number = irq->number,
                .pd = (uint16_t)(i + 1),
                .channel = (uint8_t)irq->id,
                .edge = irq->edge ? 1 : 0,
            };
            lines[irq->number] = (uint16_t)next;
            out->irq = (uint16_t)next;
            out->flags = ABI_CH_IRQ;
            pds[i + 1].irq_ids |= 1ull << irq->id;
        }
    }
}

/* Whom a channel leads to: without the right, to the state behind the last. */
static void set_peers(const struct build *build, struct abi_pd *pds)
{
    uint64_t state = kernel_va(build, build->state_place);

    for (uint32_t i = 0; i < build->pd_count; i++) {
        for (uint32_t id = 0; id < ABI_IDS; id++) {
            struct abi_channel *end = &pds[i].channel[id];
            uint8_t flags = end->flags;
            uint32_t nobody = build->pd_count;

            end->callee =
                state + ((flags & ABI_CH_CALL) != 0 ? end->pd : nobody) *
                            (uint64_t)ABI_PD_STATE_SIZE;
            end->listener =
                state + ((flags & ABI_CH_NOTIFY) != 0 ? end->pd : nobody) *
                            (uint64_t)ABI_PD_STATE_SIZE;
        }
    }
}

static void set_header(
    struct build *build, const struct table_plan *plan, struct abi_table *out)
{
    const struct board *board = build->board;
    uint64_t state = kernel_va(build, build->state_place);

    *out = (struct abi_table){
        .magic = ABI_TABLE_MAGIC,
        .version = ABI_TABLE_VERSION,
        .total_size = (uint32_t)plan->size,
        .header_size = sizeof(struct abi_table),
        .pd_size = sizeof(struct abi_pd),
        .irq_size = sizeof(struct abi_irq),
        .state_size = ABI_PD_STATE_SIZE,
        .arch = (uint8_t)board->arch->number,
        .exception_level = (uint8_t)board->model->exception_level,
        .core = 0,
        .core_count = 1,
        .irqchip_kind = (uint16_t)board->irqchip->abi,
        .console_kind = (uint16_t)board->console,
        .pd_count = build->pd_count,
        .pd_offset = (uint32_t)plan->pds,
        .irq_count = plan->irq_count,
        .irq_offset = (uint32_t)plan->irqs,
        .irq_line_count = plan->line_count,
        .irq_line_offset = (uint32_t)plan->lines,
        .state = state,
        .release = state + build->state.release_offset,
        .kernel_root = layout_pa(build, build->kernel_tables_place),
    };
    for (uint32_t i = 0; i < board->irqchip_range_count; i++) {
        out->irqchip[i] =
            arch_kernel_va(board->model, board->irqchip_range[i].base);
    }
    if (board->console != ABI_CONSOLE_NONE) {
        out->console = arch_kernel_va(board->model, board->console_range.base);
    }
}

static uint64_t fnv(const uint8_t *bytes, uint64_t size)
{
    uint64_t hash = ABI_TABLE_HASH_BASIS;

    for (uint64_t i = 0; i < size; i += 8) {
        uint64_t word;

        memcpy(&word, bytes + i, sizeof(word));
        hash = (hash ^ word) * ABI_TABLE_HASH_PRIME;
    }
    return hash;
}

static void check_limits(
    const struct build *build, const struct table_plan *plan)
{
    if (build->pd_count > ABI_PDS_MAX) {
        diag_error(NULL, "%u protection domains, %u is the most",
            build->pd_count, ABI_PDS_MAX);
    }
    for (uint32_t i = 0; i < build->system->pd_count; i++) {
        const struct sdf_pd *pd = &build->system->pd[i];

        for (uint32_t k = 0; k < pd->irq_count; k++) {
            if (pd->irq[k].number >= plan->line_count) {
                diag_error(&pd->irq[k].pos,
                    "interrupt %u does not exist: the board has %u",
                    pd->irq[k].number, plan->line_count);
            }
        }
    }
}

void system_table_build(struct build *build)
{
    struct table_plan plan = plan_table(build);
    uint8_t *blob = arena_alloc(build->arena, plan.size);
    struct abi_pd *pds =
        arena_array(build->arena, build->pd_count, sizeof(*pds));
    struct abi_irq *irqs =
        arena_array(build->arena, plan.irq_count + 1u, sizeof(*irqs));
    uint16_t *lines =
        arena_array(build->arena, plan.line_count + 1u, sizeof(*lines));
    struct abi_table header;

    check_limits(build, &plan);
    memset(lines, 0xff, plan.line_count * sizeof(*lines));
    for (uint32_t i = 0; i < build->pd_count; i++) {
        set_pd(build, i, &pds[i]);
    }
    set_faults(build, pds);
    set_families(build, pds);
    set_channels(build->system, pds);
    set_irqs(build->system, pds, irqs, lines);
    set_peers(build, pds);
    set_header(build, &plan, &header);

    memcpy(blob, &header, sizeof(header));
    memcpy(blob + plan.pds, pds, build->pd_count * sizeof(*pds));
    memcpy(blob + plan.irqs, irqs, plan.irq_count * sizeof(*irqs));
    memcpy(blob + plan.lines, lines, plan.line_count * sizeof(*lines));
    header.hash = fnv(blob, plan.size);
    memcpy(blob, &header, sizeof(header));
    build->table = blob;
    build->table_size = plan.size;
}
