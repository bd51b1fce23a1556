/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * table.c - the boot check of the system table; see table.h.
 *
 * The hash finds damage, the checks after it find a tool that disagrees with
 * this kernel.  After both, no index from the table has to be checked again.
 */
#include "kernel/core/table.h"

#include <stdbool.h>
#include <stddef.h>

static uint64_t fnv(uint64_t hash, const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * ABI_TABLE_HASH_PRIME;
    }
    return hash;
}

static uint64_t table_hash(const struct abi_table *table)
{
    const uint64_t *words = (const uint64_t *)(const void *)table;
    size_t at = offsetof(struct abi_table, hash) / 8;
    uint64_t hash = fnv(ABI_TABLE_HASH_BASIS, words, at);

    hash *= ABI_TABLE_HASH_PRIME; /* the hash itself counts as 0 */
    return fnv(hash, words + at + 1, table->total_size / 8 - at - 1);
}

static bool array_fits(
    const struct abi_table *table, uint32_t offset, uint32_t count, size_t size)
{
    return offset % 8 == 0 && offset >= sizeof(*table) &&
           offset <= table->total_size &&
           count <= (table->total_size - offset) / size;
}

static const void *at(const struct abi_table *table, uint32_t offset)
{
    return (const uint8_t *)table + offset;
}

static const char *check_header(
    const struct abi_table *t, const struct table_machine *machine)
{
    if (t->magic != ABI_TABLE_MAGIC) {
        return "table: no magic";
    }
    if (t->version != ABI_TABLE_VERSION || t->header_size != sizeof(*t) ||
        t->pd_size != sizeof(struct abi_pd) ||
        t->irq_size != sizeof(struct abi_irq) ||
        t->state_size != ABI_PD_STATE_SIZE) {
        return "table: made for another version of the kernel";
    }
    if (t->arch != machine->arch ||
        t->exception_level != machine->exception_level) {
        return "table: made for another processor or exception level";
    }
    if (t->total_size < sizeof(*t) || t->total_size % 8 != 0 ||
        table_hash(t) != t->hash) {
        return "table: damaged";
    }
    if (t->core != 0 || t->core_count != 1) {
        return "table: made for several cores";
    }
    if (t->irqchip_kind != machine->irqchip_kind) {
        return "table: made for another interrupt controller";
    }
    if (t->console_kind != ABI_CONSOLE_NONE &&
        t->console_kind != machine->console_kind) {
        return "table: made for another console";
    }
    return NULL;
}

static const char *check_arrays(const struct abi_table *t)
{
    if (t->pd_count == 0 || t->pd_count > ABI_PDS_MAX ||
        !array_fits(t, t->pd_offset, t->pd_count, sizeof(struct abi_pd))) {
        return "table: bad array of protection domains";
    }
    if (!array_fits(t, t->irq_offset, t->irq_count, sizeof(struct abi_irq)) ||
        !array_fits(
            t, t->irq_line_offset, t->irq_line_count, sizeof(uint16_t))) {
        return "table: bad array of interrupts";
    }
    if (t->state == 0 || t->state % 64 != 0 || t->release == 0) {
        return "table: no kernel state";
    }
    return NULL;
}

static uint64_t state_of(const struct abi_table *t, uint32_t index)
{
    return t->state + (uint64_t)index * ABI_PD_STATE_SIZE;
}

/* A channel leads to its peer, or without the right to the state behind the last
 * PD's, which belongs to nobody. */
static bool peer_ok(const struct abi_table *t, const struct abi_channel *end,
    uint8_t right, uint64_t address)
{
    bool may = (end->flags & right) != 0;

    return address == state_of(t, may ? end->pd : t->pd_count);
}

/* A channel must look the same from both its ends. */
static bool channel_ok(const struct abi_table *t, const struct abi_pd *pds,
    uint32_t owner, uint32_t id)
{
    const struct abi_channel *end = &pds[owner].channel[id];

    if (!peer_ok(t, end, ABI_CH_CALL, end->callee) ||
        !peer_ok(t, end, ABI_CH_NOTIFY, end->listener)) {
        return false;
    }
    if (end->flags == 0) {
        return true;
    }
    if ((end->flags & ABI_CH_IRQ) != 0) {
        return end->flags == ABI_CH_IRQ && end->irq < t->irq_count;
    }
    if (end->pd >= t->pd_count || end->id >= ABI_IDS ||
        end->bit != 1ull << end->id) {
        return false;
    }

    const struct abi_pd *peer = &pds[end->pd];
    const struct abi_channel *back = &peer->channel[end->id];
    if (back->pd != owner || back->id != id ||
        (back->flags & ABI_CH_IRQ) != 0) {
        return false;
    }
    if ((end->flags & ABI_CH_CALL) == 0) {
        return true;
    }
    return (back->flags & ABI_CH_SERVE) != 0 &&
           peer->priority > pds[owner].priority;
}

/* Lazy notifications are only for PDs of lower priority. */
static bool lazy_ok(const struct abi_pd *pds, uint32_t owner)
{
    for (uint32_t id = 0; id < ABI_IDS; id++) {
        const struct abi_channel *end = &pds[owner].channel[id];
        if ((pds[owner].notify_lazy >> id & 1) != 0 &&
            ((end->flags & ABI_CH_NOTIFY) == 0 ||
                pds[end->pd].priority >= pds[owner].priority)) {
            return false;
        }
    }
    return true;
}

static bool family_ok(
    const struct abi_table *t, const struct abi_pd *pds, uint32_t index)
{
    const struct abi_pd *pd = &pds[index];
    bool monitor = (pd->flags & ABI_PD_MONITOR) != 0;

    for (uint32_t id = 0; id < ABI_IDS; id++) {
        uint16_t child = pd->children[id];
        if (child != ABI_PD_NONE &&
            (child >= t->pd_count || pds[child].parent != index ||
                pds[child].child_id != id)) {
            return false;
        }
    }
    if (pd->fault_words > (ABI_PDS_MAX + 63) / 64 ||
        (pd->fault_words > 0 && pd->faults == 0)) {
        return false;
    }
    if (pd->parent == ABI_PD_NONE) {
        return monitor;
    }
    if (pd->parent >= t->pd_count || pd->parent == index) {
        return false;
    }

    const struct abi_pd *parent = &pds[pd->parent];
    bool by_monitor = (parent->flags & ABI_PD_MONITOR) != 0;
    return pd->child_id < parent->fault_words * 64u &&
           (by_monitor ? pd->child_id == index
                       : pd->child_id < ABI_IDS &&
                             parent->children[pd->child_id] == index);
}

static const char *check_pd(
    const struct abi_table *t, const struct abi_pd *pds, uint32_t index)
{
    const struct abi_pd *pd = &pds[index];

    if (pd->buffer == 0 || pd->buffer % 8 != 0 || pd->vspace == 0) {
        return "table: protection domain without memory";
    }
    if (pd->budget_us == 0 || pd->budget_us > pd->period_us) {
        return "table: bad budget";
    }
    if (pd->name[sizeof(pd->name) - 1] != '\0') {
        return "table: bad name";
    }
    if (!family_ok(t, pds, index)) {
        return "table: bad parent or child";
    }
    for (uint32_t id = 0; id < ABI_IDS; id++) {
        if (!channel_ok(t, pds, index, id)) {
            return "table: bad channel";
        }
    }
    if (!lazy_ok(pds, index)) {
        return "table: lazy notification to a peer of equal or higher priority";
    }
    return NULL;
}

static const char *check_irqs(
    const struct abi_table *t, const struct abi_pd *pds)
{
    const struct abi_irq *irqs = at(t, t->irq_offset);
    const uint16_t *lines = at(t, t->irq_line_offset);

    for (uint32_t i = 0; i < t->irq_count; i++) {
        const struct abi_irq *irq = &irqs[i];
        if (irq->pd >= t->pd_count || irq->channel >= ABI_IDS ||
            irq->number >= t->irq_line_count || lines[irq->number] != i) {
            return "table: bad interrupt";
        }
        const struct abi_channel *end = &pds[irq->pd].channel[irq->channel];
        if (end->flags != ABI_CH_IRQ || end->irq != i) {
            return "table: interrupt without channel";
        }
    }
    for (uint32_t n = 0; n < t->irq_line_count; n++) {
        if (lines[n] != ABI_PD_NONE &&
            (lines[n] >= t->irq_count || irqs[lines[n]].number != n)) {
            return "table: bad interrupt line";
        }
    }
    return NULL;
}

const char *table_check(
    const struct abi_table *table, const struct table_machine *machine)
{
    const char *why = check_header(table, machine);

    if (why == NULL) {
        why = check_arrays(table);
    }
    if (why != NULL) {
        return why;
    }

    const struct abi_pd *pds = at(table, table->pd_offset);
    for (uint32_t i = 0; i < table->pd_count && why == NULL; i++) {
        why = check_pd(table, pds, i);
        if (why == NULL &&
            (pds[i].flags & ABI_PD_OPTIONAL & ~machine->optional_flags) != 0) {
            why = "table: asks for what this processor does not have";
        }
    }
    if (why == NULL) {
        why = check_irqs(table, pds);
    }
    return why;
}
