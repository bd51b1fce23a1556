/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common.c - arguments and the live file of our plugins; see common.h.
 */
#include "bench/plugin/common.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RANGES 4u

/* From this version on QEMU copies an instruction and returns its size; before,
 * it looks at the first argument only and returns a pointer. */
#define VERSION_COPIES 3

uintptr_t qemu_plugin_insn_data(
    const struct qemu_plugin_insn *insn, void *to, size_t len);

__attribute__((visibility("default"))) int qemu_plugin_version =
    PLUGIN_API_VERSION;

static struct {
    uint64_t base[RANGES];
    uint64_t end[RANGES];
    uint32_t count;
    bool copies;
} common;

static void *map_file(const char *path, size_t size)
{
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    void *map = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, (off_t)size) == 0) {
        map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    if (fd >= 0) {
        close(fd);
    }
    return map == MAP_FAILED ? NULL : map;
}

static bool parse_range(const char *text)
{
    char *end;

    if (common.count == RANGES) {
        return false;
    }
    common.base[common.count] = strtoull(text, &end, 0);
    if (*end != ':') {
        return false;
    }
    common.end[common.count++] = strtoull(end + 1, &end, 0);
    return *end == '\0';
}

bool common_arguments(int argc, char **argv, size_t size, void **file,
    bool (*more)(const char *argument))
{
    *file = NULL;
    for (int i = 0; i < argc; i++) {
        bool good;

        if (strncmp(argv[i], "out=", 4) == 0) {
            *file = map_file(argv[i] + 4, size);
            good = *file != NULL;
        } else if (strncmp(argv[i], "kernel=", 7) == 0) {
            good = parse_range(argv[i] + 7);
        } else {
            good = more != NULL && more(argv[i]);
        }
        if (!good) {
            fprintf(stderr, "plugin: bad argument '%s'\n", argv[i]);
            return false;
        }
    }
    if (*file == NULL) {
        fprintf(stderr, "plugin: out=PATH is missing\n");
        return false;
    }
    return true;
}

void common_interface(const struct qemu_info_t *info)
{
    common.copies = info->version.cur >= VERSION_COPIES;
}

bool common_is_kernel(uint64_t address)
{
    for (uint32_t i = 0; i < common.count; i++) {
        if (address >= common.base[i] && address < common.end[i]) {
            return true;
        }
    }
    return false;
}

uint32_t common_opcode(const struct qemu_plugin_insn *insn)
{
    uint32_t opcode = 0;

    uintptr_t answer = qemu_plugin_insn_data(insn, &opcode, sizeof(opcode));

    if (!common.copies) {
        memcpy(&opcode, (const void *)answer, sizeof(opcode));
    }
    return opcode;
}
