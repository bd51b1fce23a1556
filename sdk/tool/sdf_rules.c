/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules that need the whole system: names, ids, interrupts, priorities. */
#include <inttypes.h>
#include <string.h>

#include "sdk/tool/sdf_build.h"

static void sdf_check_pd_names(const struct sdf_system *system)
{
    for (uint32_t i = 0; i < system->pd_count; i++) {
        const struct sdf_pd *pd = &system->pd[i];

        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(system->pd[k].name, pd->name) == 0) {
                diag_error(&pd->pos, "duplicate protection domain name '%s'.",
                    pd->name);
            }
        }
        if (strcmp(pd->name, "monitor") == 0) {
            diag_error(&pd->pos,
                "the PD name 'monitor' is reserved for the Microkit Monitor.");
        }
    }
}

static void sdf_check_pd_count(const struct sdf_build *build)
{
    const struct sdf_system *system = build->system;

    if (system->pd_count == 0) {
        struct sdf_pos pos = { .file = build->options->file };

        diag_error(&pos, "at least one protection domain must be defined");
    }
    if (system->pd_count > build->pd_limit) {
        diag_error(&system->pd[build->pd_limit].pos,
            "too many protection domains (%" PRIu32
            ") defined. Maximum is %" PRIu32 ".",
            system->pd_count, build->pd_limit);
    }
}

static void sdf_check_irqs(const struct sdf_build *build)
{
    const struct sdf_system *system = build->system;
    uint64_t *seen = arena_array(
        build->arena, build->options->board->irq_lines / 64 + 1u, sizeof *seen);

    for (uint32_t i = 0; i < system->pd_count; i++) {
        const struct sdf_pd *pd = &system->pd[i];

        for (uint32_t k = 0; k < pd->irq_count; k++) {
            uint32_t number = pd->irq[k].number;
            uint64_t bit = UINT64_C(1) << (number % 64);

            if ((seen[number / 64] & bit) != 0) {
                diag_error_at(&pd->irq[k].pos,
                    "duplicate irq: %" PRIu32 " in protection domain: '%s'",
                    number, pd->name);
            }
            seen[number / 64] |= bit;
        }
    }
}

/* Takes an id of a PD, which must be free. */
static void sdf_take_id(const struct sdf_system *system, uint64_t *used,
    uint32_t pd, uint32_t id, const struct sdf_pos *pos)
{
    uint64_t bit = UINT64_C(1) << id;

    if ((used[pd] & bit) != 0) {
        diag_error_at(pos,
            "duplicate channel id: %" PRIu32 " in protection domain: '%s'", id,
            system->pd[pd].name);
    }
    used[pd] |= bit;
}

static void sdf_check_ids(const struct sdf_build *build)
{
    const struct sdf_system *system = build->system;
    uint64_t *used = arena_array(build->arena, system->pd_count, sizeof *used);

    for (uint32_t i = 0; i < system->pd_count; i++) {
        const struct sdf_pd *pd = &system->pd[i];

        for (uint32_t k = 0; k < pd->irq_count; k++) {
            sdf_take_id(system, used, i, pd->irq[k].id, &pd->irq[k].pos);
        }
    }
    for (uint32_t i = 0; i < system->channel_count; i++) {
        const struct sdf_channel *channel = &system->channel[i];

        for (uint32_t k = 0; k < ARRAY_LEN(channel->end); k++) {
            sdf_take_id(system, used, channel->end[k].pd, channel->end[k].id,
                &channel->pos);
        }
    }
}

static void sdf_check_calls(const struct sdf_system *system)
{
    for (uint32_t i = 0; i < system->channel_count; i++) {
        const struct sdf_end *end = system->channel[i].end;
        bool second = end[1].pp;
        const struct sdf_pd *from = &system->pd[end[second ? 1 : 0].pd];
        const struct sdf_pd *to = &system->pd[end[second ? 0 : 1].pd];

        if ((end[0].pp || end[1].pp) && from->priority >= to->priority) {
            diag_error(&system->channel[i].pos,
                "PPCs must be to protection domains of strictly higher "
                "priorities; channel with PPC exists from pd %s (priority: "
                "%" PRIu32 ") to pd %s (priority: %" PRIu32 ")",
                from->name, from->priority, to->name, to->priority);
        }
    }
}

/* Who owns an interrupt that the board lists may program that timer. */
static void sdf_find_user_timers(
    struct sdf_system *system, const struct board *board)
{
    for (uint32_t i = 0; i < system->pd_count; i++) {
        struct sdf_pd *pd = &system->pd[i];

        for (uint32_t k = 0; k < pd->irq_count; k++) {
            for (uint32_t n = 0; n < board->user_timer_irq_count; n++) {
                pd->user_timer |= pd->irq[k].number == board->user_timer_irq[n];
            }
        }
    }
}

void sdf_check(struct sdf_build *build)
{
    sdf_check_pd_count(build);
    sdf_check_pd_names(build->system);
    sdf_check_irqs(build);
    sdf_check_ids(build);
    sdf_check_calls(build->system);
    sdf_check_memory(build);
    sdf_find_user_timers(build->system, build->options->board);
}
