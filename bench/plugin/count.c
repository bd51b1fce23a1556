/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * count.c - a QEMU plugin that counts guest instructions, live.
 *
 *   -plugin count.so,out=PATH,kernel=BASE:END,watch=ADDR:ADDR:...
 *
 * Shape     struct counters below, 64-bit words, little endian as the host.
 * Units     executed instructions; an instruction that faults and is repeated
 *           counts twice.
 * Trust     the command line is the user's own; the guest only runs.
 * Errors    a wrong argument: a message, and QEMU does not start.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plugin/common.h"
#include "bench/plugin/kinds.h"

#define WATCHES 16u

struct counters {
    uint64_t kernel;         /* instructions in the kernel's ranges */
    uint64_t user;           /* all others */
    uint64_t watch[WATCHES]; /* executions of each watched address */
    uint64_t before_user;    /* `kernel` at the first other instruction */
    uint64_t wake_least;     /* from the end of a sleep to the first one of a
                                user; the least so far, 0: none yet */
};

static struct counters *counters;
static uint64_t watched[WATCHES];
static uint32_t watch_count;
static uint64_t slept_at; /* instructions so far when sleep began, 0: awake */

static void count_one(unsigned int vcpu, void *userdata)
{
    uint64_t *word = userdata;

    (void)vcpu;
    *word += 1;
}

static void count_user(unsigned int vcpu, void *userdata)
{
    (void)vcpu;
    (void)userdata;
    if (counters->user == 0) {
        counters->before_user = counters->kernel;
    }
    if (slept_at != 0) {
        uint64_t wake = counters->kernel + counters->user - slept_at;
        if (counters->wake_least == 0 || wake < counters->wake_least) {
            counters->wake_least = wake;
        }
        slept_at = 0;
    }
    counters->user++;
}

static void count_sleep(unsigned int vcpu, void *userdata)
{
    (void)vcpu;
    (void)userdata;
    slept_at = counters->kernel + counters->user;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);

    (void)id;
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint64_t address = qemu_plugin_insn_vaddr(insn);

        qemu_plugin_register_vcpu_insn_exec_cb(insn,
            common_is_kernel(address) ? count_one : count_user,
            QEMU_PLUGIN_CB_NO_REGS, &counters->kernel);
        if (kinds_of(common_opcode(insn)) == SLEEPS) {
            qemu_plugin_register_vcpu_insn_exec_cb(
                insn, count_sleep, QEMU_PLUGIN_CB_NO_REGS, NULL);
        }
        for (uint32_t w = 0; w < watch_count; w++) {
            if (watched[w] == address) {
                qemu_plugin_register_vcpu_insn_exec_cb(insn, count_one,
                    QEMU_PLUGIN_CB_NO_REGS, &counters->watch[w]);
            }
        }
    }
}

static bool parse_watches(const char *argument)
{
    const char *text = argument + 6;

    if (strncmp(argument, "watch=", 6) != 0) {
        return false;
    }
    while (*text != '\0') {
        char *end;
        if (watch_count == WATCHES) {
            return false;
        }
        watched[watch_count++] = strtoull(text, &end, 0);
        if (end == text || (*end != ':' && *end != '\0')) {
            return false;
        }
        text = *end == ':' ? end + 1 : end;
    }
    return true;
}

int qemu_plugin_install(
    qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
    void *file;

    common_interface(info);
    if (!common_arguments(
            argc, argv, sizeof(*counters), &file, parse_watches)) {
        return -1;
    }
    counters = file;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
