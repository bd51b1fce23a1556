/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * profile.c - counts every instruction by where and what it is.
 *
 * Programs in different address spaces share virtual addresses, and a plugin
 * does not learn which space is current.  So each translated block is recorded
 * with its instructions; whoever reads the file finds the program that has
 * these instructions at this address (bench/lib/profile.py).
 *
 * Shape     struct profile, entries appended as blocks are translated; a block
 *           that is translated again appears again.  Counts are kept by window:
 *           window 0 is all that is outside the guest's marks (bench_arch.h), each pair
 *           of marks opens the next one.
 * Units     executed instructions.
 * Owner     this plugin writes, the measuring side reads.
 * Errors    beyond ENTRIES, instructions are not counted and `lost` says so;
 *           windows beyond WINDOWS are counted in the last one.
 * Source    bench/README.md.
 */
#include "bench/plugin/common.h"
#include "bench/plugin/kinds.h"

#define ENTRIES (1u << 18)
#define WINDOWS 16u

struct entry {
    uint64_t block; /* number of the translation */
    uint64_t vaddr;
    uint64_t opcode;
};

struct profile {
    uint64_t used;
    uint64_t lost;
    uint64_t windows; /* opened so far */
    uint64_t reserved;
    struct entry entry[ENTRIES];
    uint64_t count[WINDOWS][ENTRIES]; /* of each entry; mostly a hole */
};

static struct profile *profile;
static uint64_t blocks;
static uint64_t window;

static void count_one(unsigned int vcpu, void *userdata)
{
    (void)vcpu;
    profile->count[window][(uintptr_t)userdata]++;
}

static void begin_window(unsigned int vcpu, void *userdata)
{
    (void)vcpu;
    (void)userdata;
    if (profile->windows < WINDOWS - 1) {
        profile->windows++;
    }
    window = profile->windows;
}

static void end_window(unsigned int vcpu, void *userdata)
{
    (void)vcpu;
    (void)userdata;
    window = 0;
}

static void translated_one(struct qemu_plugin_insn *insn)
{
    if (profile->used == ENTRIES) {
        profile->lost++;
        return;
    }
    uintptr_t index = profile->used++;
    struct entry *entry = &profile->entry[index];
    entry->block = blocks;
    entry->vaddr = qemu_plugin_insn_vaddr(insn);
    entry->opcode = common_opcode(insn);

    insn_exec_cb callback = count_one;
    enum mark mark = kinds_mark((uint32_t)entry->opcode);
    if (mark == MARK_BEGIN) {
        callback = begin_window;
    } else if (mark == MARK_END) {
        callback = end_window;
    }
    qemu_plugin_register_vcpu_insn_exec_cb(
        insn, callback, QEMU_PLUGIN_CB_NO_REGS, (void *)index);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);

    (void)id;
    blocks++;
    for (size_t i = 0; i < n; i++) {
        translated_one(qemu_plugin_tb_get_insn(tb, i));
    }
}

int qemu_plugin_install(
    qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
    void *file;

    common_interface(info);
    if (!common_arguments(argc, argv, sizeof(*profile), &file, NULL)) {
        return -1;
    }
    profile = file;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
