/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * detail.c - a QEMU plugin that says of what kind executed instructions were.
 *
 *   -plugin detail.so,out=PATH,kernel=BASE:END
 *
 * It counts while told so from outside, or between marks (bench_arch.h) that the
 * guest executes, and notes the figures at each mark; between marks also when
 * the processor sleeps, so that what an interrupt begins can be told from what
 * led to the sleep.  Distinct cache lines are those of an interval; intervals
 * end when the processor sleeps and at marks, and the figures are sums over
 * intervals.
 *
 * Shape     struct shared below, little endian as the host; bench/lib/detail.py
 *           has the same order of figures.
 * Units     executed instructions, accesses, bytes, 64-byte lines.
 * Trust     the command line is the user's own; the guest only runs.
 * Errors    a wrong argument: a message, and QEMU does not start.  Too many
 *           lines or marks: `overflow` is set. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/plugin/common.h"
#include "bench/plugin/kinds.h"
#include "bench/plugin/lines.h"

#define MARKS      1024u
#define LINE_SHIFT 6u

/* Bits of `enabled`. */
#define COUNTING 1u
#define BY_MARKS 2u /* marks set and clear COUNTING */

struct shared {
    uint64_t enabled;
    uint64_t overflow;
    uint64_t figure[FIGURES];
    uint64_t marks;
    struct {
        uint64_t kind; /* enum mark */
        uint64_t figure[FIGURES];
    } mark[MARKS];
};

/* One translated instruction. */
struct site {
    uint64_t line;
    uint8_t mode; /* KERNEL or USER */
    uint8_t kind; /* enum figure */
    uint8_t mark; /* enum mark */
    bool is_switch;
};

static struct shared *shared;
static struct lines instruction_lines;
static struct lines data_lines;
static uint32_t interval = 1;
static uint8_t last_mode;

static void touch(struct lines *lines, uint64_t line, enum figure figure)
{
    if (lines->last != line + 1 && lines_touch(lines, line, interval)) {
        shared->figure[figure]++;
    }
    if (lines->full) {
        shared->overflow = 1;
    }
}

static void new_interval(void)
{
    interval++;
    instruction_lines.last = 0;
    data_lines.last = 0;
}

static void note_mark(enum mark kind)
{
    new_interval();
    if (shared->marks == MARKS) {
        shared->overflow = 1;
        return;
    }
    shared->mark[shared->marks].kind = kind;
    for (uint32_t i = 0; i < FIGURES; i++) {
        shared->mark[shared->marks].figure[i] = shared->figure[i];
    }
    /* whoever measures reads `marks` first, then the marks below it */
    __atomic_store_n(&shared->marks, shared->marks + 1, __ATOMIC_RELEASE);
}

static void executed(unsigned int vcpu, void *userdata)
{
    const struct site *site = userdata;

    (void)vcpu;
    bool by_marks = (shared->enabled & BY_MARKS) != 0;
    if (site->mark == MARK_BEGIN && by_marks) {
        shared->enabled |= COUNTING;
    }
    if ((shared->enabled & COUNTING) == 0) {
        return;
    }
    shared->figure[site->mode]++;
    if (site->mode == KERNEL && last_mode == USER) {
        shared->figure[CROSSINGS]++;
    }
    last_mode = site->mode;
    touch(&instruction_lines, site->line, ILINES);
    shared->figure[site->kind] +=
        site->kind == STORE_BYTES ? kinds_zeroed_bytes() : 1;
    if (site->is_switch) {
        shared->figure[SWITCHES]++;
    }
    if (site->mark == MARK_SLEEP && !by_marks) {
        new_interval();
    } else if (site->mark != MARK_NONE) {
        note_mark((enum mark)site->mark);
    }
    if (site->mark == MARK_END && by_marks) {
        shared->enabled &= ~(uint64_t)COUNTING;
    }
}

static void accessed(unsigned int vcpu, qemu_plugin_meminfo_t info,
    uint64_t vaddr, void *userdata)
{
    (void)vcpu;
    (void)userdata;
    if ((shared->enabled & COUNTING) == 0) {
        return;
    }
    struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, vaddr);
    if (where == NULL) {
        return;
    }
    if (qemu_plugin_hwaddr_is_io(where)) {
        shared->figure[MMIO]++;
        return;
    }

    bool store = qemu_plugin_mem_is_store(info);
    uint64_t bytes = 1u << qemu_plugin_mem_size_shift(info);
    uint64_t first = qemu_plugin_hwaddr_phys_addr(where);
    shared->figure[store ? STORES : LOADS]++;
    shared->figure[store ? STORE_BYTES : LOAD_BYTES] += bytes;
    for (uint64_t line = first >> LINE_SHIFT;
         line <= (first + bytes - 1) >> LINE_SHIFT; line++) {
        touch(&data_lines, line, DLINES);
    }
}

static struct site *new_site(const struct qemu_plugin_insn *insn)
{
    /* sites live as long as QEMU: it may keep the translation that long */
    struct site *site = malloc(sizeof(*site));

    if (site == NULL) {
        abort();
    }
    site->line =
        (uint64_t)(uintptr_t)qemu_plugin_insn_haddr(insn) >> LINE_SHIFT;

    uint32_t opcode = common_opcode(insn);
    site->mode = common_is_kernel(qemu_plugin_insn_vaddr(insn)) ? KERNEL : USER;
    site->kind = (uint8_t)kinds_of(opcode);
    site->mark = (uint8_t)kinds_mark(opcode);
    site->is_switch = kinds_is_switch(opcode);
    return site;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);

    (void)id;
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

        qemu_plugin_register_vcpu_insn_exec_cb(
            insn, executed, QEMU_PLUGIN_CB_NO_REGS, new_site(insn));
        qemu_plugin_register_vcpu_mem_cb(
            insn, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
    }
}

int qemu_plugin_install(
    qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
    void *file;

    if (!common_arguments(argc, argv, sizeof(*shared), &file, NULL)) {
        return -1;
    }
    common_interface(info);
    shared = file;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
