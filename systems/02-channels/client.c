/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls calc with the longest message there is, then calc through broker, then
 * calc with a label that it does not know, then a channel that does not exist.
 */
#include <microkit.h>

#include "systems/02-channels/protocol.h"

#define CALC       0
#define BROKER     1
#define NO_CHANNEL 5

static void put_line(const char *what, seL4_Word number)
{
    microkit_dbg_puts("client: ");
    microkit_dbg_puts(what);
    microkit_dbg_put32((seL4_Uint32)number);
    microkit_dbg_puts("\n");
}

static void ask_for_sum(microkit_channel ch, seL4_Uint8 count)
{
    for (seL4_Uint8 i = 0; i < count; i++) {
        microkit_mr_set(i, i + 1u);
    }
    (void)microkit_ppcall(ch, microkit_msginfo_new(CALC_SUM, count));
    put_line("the sum is ", microkit_mr_get(0));
}

static void ask_for_reverse(seL4_Uint8 count)
{
    microkit_msginfo answer;
    seL4_Word wrong = 0;

    for (seL4_Uint8 i = 0; i < count; i++) {
        microkit_mr_set(i, i * 1000000007ul);
    }
    answer = microkit_ppcall(CALC, microkit_msginfo_new(CALC_REVERSE, count));
    put_line("words that came back: ", microkit_msginfo_get_count(answer));
    for (seL4_Uint8 i = 0; i < count; i++) {
        wrong += microkit_mr_get(i) != (count - 1u - i) * 1000000007ul;
    }
    put_line("of these, wrong: ", wrong);
}

void init(void)
{
    microkit_msginfo answer;

    ask_for_reverse(120);
    ask_for_reverse(5);
    ask_for_sum(CALC, 100);
    ask_for_sum(BROKER, 10);

    answer = microkit_ppcall(CALC, microkit_msginfo_new(77, 0));
    put_line("label of the answer to nonsense: ",
        microkit_msginfo_get_label(answer));
    (void)microkit_ppcall(NO_CHANNEL, microkit_msginfo_new(CALC_SUM, 0));
    microkit_dbg_puts("client: done\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
