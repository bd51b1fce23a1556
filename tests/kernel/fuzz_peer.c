/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuzzer's neighbours, one program: a server (passive or not) that answers
 * any call with as many words as it likes; a poker that keeps waking the
 * fuzzer; a client that keeps calling it; a child that lives as it is told.
 */
#include <microkit.h>
#include <pride.h>

#define FUZZER 1

static void poke(void)
{
    for (;;) {
        microkit_notify(FUZZER);
    }
}

static void call(void)
{
    for (uint16_t words = 0;; words = (uint16_t)((words + 1) % 121)) {
        (void)microkit_ppcall(FUZZER, microkit_msginfo_new(words, words));
    }
}

void init(void)
{
    switch (microkit_name[0]) {
    case 'p': /* poker */
        poke();
        break;
    case 'c': /* client */
        call();
        break;
    case 't': /* toy */
        for (;;) {
        }
    default:
        break;
    }
}

void notified(microkit_channel ch)
{
    (void)ch;
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    uint64_t words = microkit_msginfo_get_count(msginfo);

    for (uint64_t i = 0; i < words && i < 120; i++) {
        seL4_SetMR((int)i, seL4_GetMR((int)i) + ch);
    }
    return microkit_msginfo_new(1, (uint16_t)(120 - words % 121));
}
