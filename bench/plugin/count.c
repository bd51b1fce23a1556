/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * count.c - a QEMU plugin that counts guest instructions, live.
 *
 * The counters are in a file that both QEMU and whoever measures have mapped,
 * so a window can be opened and closed from outside at any moment, without a
 * mark in the guest.
 *
 *   -plugin libcount.so,out=PATH,kernel=BASE:END,watch=ADDR:ADDR:...
 *
 * Shape     struct counters below, 64-bit words, little endian as the host.
 * Units     executed instructions; an instruction that faults and is repeated
 *           counts twice.
 * Trust     the command line is the user's own; the guest only runs.
 * Errors    a wrong argument: a message, and QEMU does not start.
 * Source    QEMU, "QEMU TCG Plugins"; API versions 1 to 4 have these calls.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- the part of QEMU's plugin interface that this file uses -------------- */

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS = 0 };

typedef void (*tb_trans_cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*insn_exec_cb)(unsigned int vcpu, void *userdata);

void qemu_plugin_register_vcpu_tb_trans_cb(
    qemu_plugin_id_t id, tb_trans_cb callback);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
    insn_exec_cb callback, enum qemu_plugin_cb_flags flags, void *userdata);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(
    const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) int qemu_plugin_version =
    PLUGIN_API_VERSION;

/* --- counters ------------------------------------------------------------- */

#define WATCHES 16u

struct counters {
    uint64_t kernel;          /* instructions between kernel_base and _end */
    uint64_t user;            /* all others */
    uint64_t watch[WATCHES];  /* executions of each watched address */
};

static struct counters *counters;
static uint64_t kernel_base;
static uint64_t kernel_end;
static uint64_t watched[WATCHES];
static uint32_t watch_count;

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
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint64_t address = qemu_plugin_insn_vaddr(insn);
        bool kernel = address >= kernel_base && address < kernel_end;

        qemu_plugin_register_vcpu_insn_exec_cb(insn, count_one,
            QEMU_PLUGIN_CB_NO_REGS,
            kernel ? &counters->kernel : &counters->user);
        for (uint32_t w = 0; w < watch_count; w++) {
            if (watched[w] == address) {
                qemu_plugin_register_vcpu_insn_exec_cb(insn, count_one,
                    QEMU_PLUGIN_CB_NO_REGS, &counters->watch[w]);
            }
        }
    }
}

static bool map_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    void *map = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, sizeof(struct counters)) == 0) {
        map = mmap(NULL, sizeof(struct counters), PROT_READ | PROT_WRITE,
            MAP_SHARED, fd, 0);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (map == MAP_FAILED) {
        return false;
    }
    counters = map;
    return true;
}

static bool parse_range(const char *text)
{
    char *end;

    kernel_base = strtoull(text, &end, 0);
    if (*end != ':') {
        return false;
    }
    kernel_end = strtoull(end + 1, &end, 0);
    return *end == '\0';
}

static bool parse_watches(const char *text)
{
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

static bool parse_argument(const char *argument)
{
    if (strncmp(argument, "out=", 4) == 0) {
        return map_file(argument + 4);
    }
    if (strncmp(argument, "kernel=", 7) == 0) {
        return parse_range(argument + 7);
    }
    if (strncmp(argument, "watch=", 6) == 0) {
        return parse_watches(argument + 6);
    }
    return false;
}

__attribute__((visibility("default"))) int qemu_plugin_install(
    qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv);

int qemu_plugin_install(
    qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (!parse_argument(argv[i])) {
            fprintf(stderr, "count plugin: bad argument '%s'\n", argv[i]);
            return -1;
        }
    }
    if (counters == NULL) {
        fprintf(stderr, "count plugin: out=PATH is missing\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
