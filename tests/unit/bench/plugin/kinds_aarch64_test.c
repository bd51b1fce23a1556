/* SPDX-License-Identifier: BSD-2-Clause */
/* kinds_aarch64_test.c - of what kind the plugins take A64 instructions to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bench/plugin/kinds.h"

/* Encodings are those of the assembler. */
static const struct {
    uint32_t opcode;
    enum figure kind;
    bool is_switch;
} cases[] = {
    { 0xd503207f, SLEEPS, false },      /* wfi */
    { 0xd503205f, NONE, false },        /* wfe */
    { 0xd5033bbf, DMB, false },         /* dmb ish */
    { 0xd5033f9f, DSB, false },         /* dsb sy */
    { 0xd5033fdf, ISB, false },         /* isb */
    { 0xd50b7423, STORE_BYTES, false }, /* dc zva, x3 */
    { 0xd50b7e21, CACHE, false },       /* dc civac, x1 */
    { 0xd508751f, CACHE, false },       /* ic iallu */
    { 0xd50c7880, CACHE, false },       /* at s12e1r, x0 */
    { 0xd508871f, TLBI, false },        /* tlbi vmalle1 */
    { 0xd50c83df, TLBI, false },        /* tlbi vmalls12e1is */
    { 0xd50c8022, TLBI, false },        /* tlbi ipas2e1is, x2 */
    { 0xd50342df, MSR, false },         /* msr daifset, #2 */
    { 0xd50041bf, MSR, false },         /* msr spsel, #1 */
    { 0xd5182009, MSR, true },          /* msr ttbr0_el1, x9 */
    { 0xd5182029, MSR, false },         /* msr ttbr1_el1, x9 */
    { 0xd51c2105, MSR, true },          /* msr vttbr_el2, x5 */
    { 0xd51c2000, MSR, true },          /* msr ttbr0_el2, x0 */
    { 0xd51bd041, MSR, false },         /* msr tpidr_el0, x1 */
    { 0xd53be040, MRS, false },         /* mrs x0, cntvct_el0 */
    { 0xd53c2107, MRS, false },         /* mrs x7, vttbr_el2 */
    { 0xaa1403f3, NONE, false },        /* mov x19, x20 */
    { 0xd4000001, NONE, false },        /* svc #0 */
    { 0xd503201f, NONE, false },        /* nop */
    { 0xd5033f5f, NONE, false },        /* clrex */
    { 0xd69f03e0, NONE, false },        /* eret */
    { 0xaa1403f4, NONE, false },        /* mov x20, x20 */
    { 0xaa1503f5, NONE, false },        /* mov x21, x21 */
};

static void instructions_are_told_apart(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(kinds_of(cases[i].opcode), cases[i].kind);
        assert_int_equal(kinds_is_switch(cases[i].opcode), cases[i].is_switch);
    }
}

static void marks_are_told_apart(void **unused)
{
    (void)unused;
    assert_int_equal(kinds_mark(0xaa1403f4), MARK_BEGIN); /* mov x20, x20 */
    assert_int_equal(kinds_mark(0xaa1503f5), MARK_END);   /* mov x21, x21 */
    assert_int_equal(kinds_mark(0xd503207f), MARK_SLEEP); /* wfi */
    assert_int_equal(kinds_mark(0xaa1403f3), MARK_NONE);  /* mov x19, x20 */
    assert_int_equal(kinds_mark(0xd503205f), MARK_NONE);  /* wfe */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_told_apart),
        cmocka_unit_test(marks_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
