/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * profile.c - counts every instruction by where and what it is.
 *
 * Programs in different address spaces share virtual addresses, and a plugin
 * does not learn which space is current.  So each translated block is recorded
 * with its instructions; whoever reads the file finds the program that has
 * these instructions at this address (bench/lib/profile.py).
 *
 * Shape     a file of struct entry behind its head, appended to as blocks are
 *           translated; a block that is translated again appears again.
 * Units     executed instructions.
 * Owner     this plugin writes, the measuring side reads.
 * Errors    beyond ENTRIES, instructions are not counted and `lost` says so.
 * Source    bench/README.md.
 */
#include "bench/plugin/common.h"

#define ENTRIES (1u << 18)

struct entry {
    uint64_t block; /* number of the translation */
    uint64_t vaddr;
    uint64_t opcode;
    uint64_t count;
};

struct profile {
    uint64_t used;
    uint64_t lost;
    uint64_t reserved[2];
    struct entry entry[ENTRIES];
};

static struct profile *profile;
static uint64_t blocks;

static void count_one(unsigned int vcpu, void *userdata)
{
    uint64_t *word = userdata;

    (void)vcpu;
    *word += 1;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);

    (void)id;
    blocks++;
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        if (profile->used == ENTRIES) {
            profile->lost++;
            continue;
        }
        struct entry *entry = &profile->entry[profile->used++];
        entry->block = blocks;
        entry->vaddr = qemu_plugin_insn_vaddr(insn);
        entry->opcode = common_opcode(insn);
        qemu_plugin_register_vcpu_insn_exec_cb(
            insn, count_one, QEMU_PLUGIN_CB_NO_REGS, &entry->count);
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
