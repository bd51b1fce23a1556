/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks regions that the tool filled from content.txt (made by build.mk): 200 numbered lines.
 */
#include <stdint.h>

#include <microkit.h>

#define LINES 200u

const char *content;
uint64_t content_room;
uint64_t content_size;
const char *roomy;
uint64_t roomy_room;
uint64_t roomy_size;

static uint64_t wrong;

static void expect(const char *at, const char *text, uint64_t length)
{
    for (uint64_t i = 0; i < length; i++) {
        wrong += at[i] != text[i];
    }
}

static void check_region(const char *base, uint64_t size, uint64_t room)
{
    char line[] = "line 000 of the content.\n";
    uint64_t length = sizeof(line) - 1;

    if (size != LINES * length) {
        microkit_dbg_puts("wrong size\n");
        return;
    }
    for (uint32_t i = 0; i < LINES; i++) {
        line[5] = (char)('0' + i / 100);
        line[6] = (char)('0' + i / 10 % 10);
        line[7] = (char)('0' + i % 10);
        expect(base + i * length, line, length);
    }
    for (uint64_t i = size; i < room; i++) {
        wrong += base[i] != 0;
    }
}

void init(void)
{
    microkit_dbg_puts("room: ");
    microkit_dbg_put32((uint32_t)content_room);
    microkit_dbg_puts(" ");
    microkit_dbg_put32((uint32_t)roomy_room);
    microkit_dbg_puts("\n");
    check_region(content, content_size, content_room);
    check_region(roomy, roomy_size, roomy_room);
    microkit_dbg_puts(
        wrong == 0 ? "prefilled data OK!\n" : "prefilled data wrong\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
