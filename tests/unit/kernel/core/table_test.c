/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * table_test.c - the boot check of the system table, on the fake
 * architecture.
 */
#include "tests/unit/kernel/core/rig.h"

#include <string.h>

#include "base/attr.h"
#include "kernel/core/table.h"

/* --- the table check ----------------------------------------------------- */

static const char *verdict(void)
{
    const struct table_machine machine = {
        .arch = ABI_ARCH_FAKE,
        .optional_flags = ARCH_PD_FLAGS,
    };

    return table_check(&rig.table, &machine);
}

static void small_system(void)
{
    rig_reset();
    uint16_t a = rig_pd("a", 20, 0);
    uint16_t b = rig_pd("b", 10, 0);
    rig_channel(b, 0, ABI_CH_CALL, a, 0, ABI_CH_SERVE);
    rig_irq(a, 1, 7);
    rig_child(a, 3, b);
}

static void table_mistakes_are_found(void **unused)
{
    (void)unused;
    small_system();
    rig_seal();
    assert_null(verdict());
    rig.pd[1].priority ^= 1;
    assert_string_equal(verdict(), "table: damaged");

#define BROKEN(change, text)                                                   \
    small_system();                                                            \
    change;                                                                    \
    rig_seal();                                                                \
    assert_string_equal(verdict(), text)

    BROKEN(rig.pd[2].priority = 20, "table: bad channel");
    BROKEN(rig.pd[2].channel[0].pd = 200, "table: bad channel");
    BROKEN(rig.pd[2].channel[0].id = 64, "table: bad channel");
    BROKEN(rig.pd[1].channel[0].flags = 0, "table: bad channel");
    BROKEN(rig.pd[1].channel[1].irq = 1, "table: bad channel");
    BROKEN(rig.pd[2].channel[0].bit = 2, "table: bad channel");
    BROKEN(rig_channel(2, 5, ABI_CH_CALL, 1, 0, ABI_CH_SERVE),
        "table: bad channel"); /* two lead to one */
    BROKEN(rig.pd[1].budget_us = 0, "table: bad budget");
    BROKEN(rig.pd[1].period_us = 999, "table: bad budget");
    BROKEN(rig.pd[1].buffer = 0, "table: protection domain without memory");
    BROKEN(rig.pd[1].buffer += 4, "table: protection domain without memory");
    BROKEN(rig.pd[1].vspace = 0, "table: protection domain without memory");
    BROKEN(rig.pd[1].children[3] = 9, "table: bad parent or child");
    BROKEN(rig.pd[2].parent = 0, "table: bad parent or child");
    BROKEN(rig.pd[2].parent = ABI_PD_NONE, "table: bad parent or child");
    BROKEN(rig_child(2, 3, 2), "table: bad parent or child");
    BROKEN((rig.pd[1].children[3] = ABI_PD_NONE, rig_child(2, 3, 2)),
        "table: bad parent or child"); /* its own child, nobody else's */
    BROKEN(rig.pd[1].fault_words = 9, "table: bad parent or child");
    BROKEN(rig.pd[1].fault_words = 0, "table: bad parent or child");
    BROKEN(memset(rig.pd[1].name, 'x', 64), "table: bad name");
    BROKEN(rig.irq[0].pd = 2, "table: interrupt without channel");
    BROKEN(rig.irq[0].number = 64, "table: bad interrupt");
    BROKEN(rig.irq[0].channel = ABI_IDS, "table: bad interrupt");
    BROKEN(rig.line[8] = 0, "table: bad interrupt line");
    BROKEN(rig.table.irqchip_kind = ABI_IRQCHIP_GICV2,
        "table: made for another interrupt controller");
    BROKEN(rig.table.console_kind = ABI_CONSOLE_PL011,
        "table: made for another console");
#undef BROKEN
}

/* The header, which is sealed here with its mistake. */
static void header_mistakes_are_found(void **unused)
{
    static const char other[] = "table: made for another version of the kernel";
    static const char cpu[] =
        "table: made for another processor or exception level";
    static const char pds[] = "table: bad array of protection domains";
    static const char irqs[] = "table: bad array of interrupts";
    struct abi_table *t = &rig.table;

    (void)unused;

#define BROKEN(change, text)                                                   \
    small_system();                                                            \
    rig_seal();                                                                \
    change;                                                                    \
    rig_hash();                                                                \
    assert_string_equal(verdict(), text)

    BROKEN(t->magic ^= 1, "table: no magic");
    BROKEN(t->version++, other);
    BROKEN(t->header_size += 8, other);
    BROKEN(t->pd_size += 8, other);
    BROKEN(t->irq_size += 8, other);
    BROKEN(t->state_size += 64, other);
    BROKEN(t->arch++, cpu);
    BROKEN(t->exception_level++, cpu);
    BROKEN(t->total_size = 8, "table: damaged");
    BROKEN(t->total_size += 4, "table: damaged");
    BROKEN(t->core = 1, "table: made for several cores");
    BROKEN(t->core_count = 2, "table: made for several cores");
    BROKEN(t->pd_count = 0, pds);
    BROKEN(t->pd_count = ABI_PDS_MAX + 1, pds);
    BROKEN(t->pd_offset += 4, pds);
    BROKEN(t->pd_offset = sizeof(*t) - 8, pds);
    BROKEN(t->pd_offset = t->total_size + 8, pds);
    BROKEN(t->irq_offset = t->total_size, irqs);
    BROKEN(t->irq_line_count = UINT16_MAX, irqs);
    BROKEN(t->state = 0, "table: no kernel state");
    BROKEN(t->state += 8, "table: no kernel state");
    BROKEN(t->release = 0, "table: no kernel state");
#undef BROKEN
}

/* A processor without an optional part refuses a table that asks for it. */
static void missing_parts_are_refused(void **unused)
{
    const uint8_t optional[] = { ABI_PD_FPU, ABI_PD_SMC, ABI_PD_USER_TIMER };

    (void)unused;
    for (uint32_t i = 0; i < ARRAY_LEN(optional); i++) {
        struct table_machine machine = { .arch = ABI_ARCH_FAKE };

        small_system();
        rig.pd[2].flags |= optional[i];
        rig_seal();
        assert_string_equal(table_check(&rig.table, &machine),
            "table: asks for what this processor does not have");
        machine.optional_flags = optional[i];
        assert_null(table_check(&rig.table, &machine));
    }
}

static void a_bad_table_stops_with_a_message(void **unused)
{
    (void)unused;
    small_system();
    rig_seal();
    rig.table.hash ^= 1;
    fake.catch_halt = true;
    if (setjmp(fake.halted) == 0) {
        kernel_boot(&rig.table, &kernel);
        fail_msg("the kernel started a damaged table");
    }
    assert_non_null(strstr(fake.console, "KERNEL|STOPPED: table: damaged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_mistakes_are_found),
        cmocka_unit_test(header_mistakes_are_found),
        cmocka_unit_test(missing_parts_are_refused),
        cmocka_unit_test(a_bad_table_stops_with_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
