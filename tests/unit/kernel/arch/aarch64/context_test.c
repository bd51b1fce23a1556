/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PD's registers as its parent sees them (kernel/arch/aarch64/context.c).
 * The order is that of libsel4's seL4_UserContext, written down here again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/core/arch.h"

enum { PC = 100, SP, SPSR, TPIDR, TPIDRRO };

static const int order[ARCH_CONTEXT_WORDS] = { PC, SP, SPSR, 0, 1, 2, 3, 4, 5,
    6, 7, 8, 16, 17, 18, 29, 30, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21, 22, 23,
    24, 25, 26, 27, 28, TPIDR, TPIDRRO };

static uint64_t *field(struct arch_context *context, int which)
{
    switch (which) {
    case PC:
        return &context->pc;
    case SP:
        return &context->sp;
    case SPSR:
        return &context->spsr;
    case TPIDR:
        return &context->tpidr;
    case TPIDRRO:
        return &context->tpidrro;
    default:
        return &context->x[which];
    }
}

static void init_clears_everything(void **state)
{
    struct arch_context context;

    (void)state;
    memset(&context, 0xff, sizeof(context));
    arch_context_init(&context, 0x200000, 0xffffffe000);
    for (int n = 0; n < ARCH_CONTEXT_WORDS; n++) {
        uint64_t wanted = order[n] == PC   ? 0x200000
                          : order[n] == SP ? 0xffffffe000
                                           : 0;
        assert_int_equal(*field(&context, order[n]), wanted);
    }
}

static void export_uses_the_order_of_libsel4(void **state)
{
    struct arch_context context;
    uint64_t words[ARCH_CONTEXT_WORDS];

    (void)state;
    for (int n = 0; n < ARCH_CONTEXT_WORDS; n++) {
        *field(&context, order[n]) = 0x1000u + (uint64_t)n;
    }
    arch_context_export(&context, words);
    for (int n = 0; n < ARCH_CONTEXT_WORDS; n++) {
        assert_int_equal(words[n], 0x1000u + (uint64_t)n);
    }
}

static void import_takes_the_first_words_only(void **state)
{
    uint64_t words[ARCH_CONTEXT_WORDS];

    (void)state;
    for (int n = 0; n < ARCH_CONTEXT_WORDS; n++) {
        words[n] = 0xf0000000u + (uint64_t)n;
    }
    for (int count = 0; count <= ARCH_CONTEXT_WORDS + 1; count++) {
        struct arch_context context = { 0 };

        arch_context_import(&context, words, (uint32_t)count);
        for (int n = 0; n < ARCH_CONTEXT_WORDS; n++) {
            uint64_t wanted = words[n];
            if (n >= count || order[n] == TPIDRRO) {
                wanted = 0; /* TPIDRRO_EL0 is zero for everybody */
            } else if (order[n] == SPSR) {
                wanted = 0xf0000000u;
            }
            assert_int_equal(*field(&context, order[n]), wanted);
        }
    }
}

static void import_forces_user_mode(void **state)
{
    struct arch_context context = { 0 };
    uint64_t words[3] = { 0, 0, UINT64_MAX };

    (void)state;
    arch_context_import(&context, words, 3);
    assert_int_equal(context.spsr, 0xf0000000u);

    /* even when the flags are not among the words */
    context.spsr = 0x3c9;
    arch_context_import(&context, words, 1);
    assert_int_equal(context.spsr, 0);
}

static void messages_are_x9_to_x13(void **state)
{
    struct arch_context from;
    struct arch_context to;

    (void)state;
    memset(&from, 1, sizeof(from));
    memset(&to, 2, sizeof(to));
    arch_context_copy_message(&to, &from);
    for (uint32_t n = 0; n < 31; n++) {
        assert_int_equal(to.x[n],
            n >= 9 && n <= 13 ? 0x0101010101010101u : 0x0202020202020202u);
    }
    arch_context_set(&to, 6, 7);
    assert_int_equal(arch_context_get(&to, 6), 7);
    assert_int_equal(to.x[13], 7);
    arch_context_set(&to, 1, 8);
    assert_int_equal(to.x[1], 8);
}

static void rewind_goes_back_one_instruction(void **state)
{
    struct arch_context context = { .pc = 0x200004 };

    (void)state;
    arch_context_rewind(&context);
    assert_int_equal(context.pc, 0x200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_clears_everything),
        cmocka_unit_test(export_uses_the_order_of_libsel4),
        cmocka_unit_test(import_takes_the_first_words_only),
        cmocka_unit_test(import_forces_user_mode),
        cmocka_unit_test(messages_are_x9_to_x13),
        cmocka_unit_test(rewind_goes_back_one_instruction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
