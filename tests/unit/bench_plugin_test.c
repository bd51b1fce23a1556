/* SPDX-License-Identifier: BSD-2-Clause */
/* bench_plugin_test.c - what detail.c takes instructions and lines for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bench/plugin/kinds.h"
#include "bench/plugin/lines.h"
#include "bench/plugin/mark.h"

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
    { MARK_BEGIN, NONE, false },
    { MARK_END, NONE, false },
};

static void instructions_are_told_apart(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(kinds_of(cases[i].opcode), cases[i].kind);
        assert_int_equal(kinds_is_switch(cases[i].opcode), cases[i].is_switch);
    }
}

static struct lines lines;

static void a_line_is_new_once_per_interval(void **unused)
{
    (void)unused;
    assert_true(lines_touch(&lines, 0, 1));
    assert_true(lines_touch(&lines, 7, 1));
    assert_false(lines_touch(&lines, 0, 1));
    assert_false(lines_touch(&lines, 7, 1));
    assert_true(lines_touch(&lines, 7, 2));
    assert_false(lines_touch(&lines, 7, 2));
    assert_true(lines_touch(&lines, 0, 2));
    assert_int_equal(lines.used, 2);
}

static void a_full_table_says_so(void **unused)
{
    (void)unused;
    uint32_t fresh = 0;

    /* many collide: a line is found however far from its place it lies */
    for (uint64_t i = 0; i < LINES_SLOTS && !lines.full; i++) {
        fresh += lines_touch(&lines, i << 24, 3) ? 1u : 0u;
    }
    assert_true(lines.full);
    assert_true(fresh > LINES_SLOTS / 2);
    assert_false(lines_touch(&lines, 1, 3));
    assert_false(lines_touch(&lines, UINT64_C(1) << 24, 3));
    assert_true(lines_touch(&lines, UINT64_C(1) << 24, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_told_apart),
        cmocka_unit_test(a_line_is_new_once_per_interval),
        cmocka_unit_test(a_full_table_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
