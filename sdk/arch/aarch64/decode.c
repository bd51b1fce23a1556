/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decode.c - AArch64 for the monitor.  Tables in the order of the manual.
 */
#include "sdk/arch/aarch64/decode.h"

#include <stddef.h>

#include "base/attr.h"
#include "sdk/monitor/decode.h"
#include "sdk/monitor/report.h"

/* In the order of seL4_UserContext. */
static const char *const register_name[] = { "pc", "sp", "spsr", "x0", "x1",
    "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x16", "x17", "x18", "x29", "x30",
    "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x19", "x20", "x21", "x22",
    "x23", "x24", "x25", "x26", "x27", "x28", "tpidr_el0", "tpidrro_el0" };
_Static_assert(
    ARRAY_LEN(register_name) == DECODE_REGISTERS, "a name for each register");

struct text {
    uint8_t code;
    const char *words;
};

static const char *find(
    const struct text *table, size_t count, uint64_t code, const char *other)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].code == code) {
            return table[i].words;
        }
    }
    return other;
}

const char *decode_class(uint64_t ec)
{
    static const struct text table[] = {
        { 0x00, "Unknown reason (undefined instruction)" },
        { 0x01, "WFI or WFE trapped" },
        { 0x03, "MCR or MRC trapped (coproc 15)" },
        { 0x04, "MCRR or MRRC trapped (coproc 15)" },
        { 0x05, "MCR or MRC trapped (coproc 14)" },
        { 0x06, "LDC or STC trapped" },
        { 0x07, "SVE, SIMD or floating point trapped" },
        { 0x0c, "MRRC trapped (coproc 14)" },
        { 0x0d, "Branch target exception" },
        { 0x0e, "Illegal execution state" },
        { 0x11, "SVC in AArch32 state" },
        { 0x15, "SVC in AArch64 state" },
        { 0x16, "HVC in AArch64 state" },
        { 0x17, "SMC in AArch64 state" },
        { 0x18, "MSR, MRS or system instruction trapped" },
        { 0x19, "SVE trapped" },
        { 0x1c, "Pointer authentication failure" },
        { 0x20, "Instruction Abort from a lower Exception level" },
        { 0x21, "Instruction Abort from the same Exception level" },
        { 0x22, "PC alignment fault" },
        { 0x24, "Data Abort from a lower Exception level" },
        { 0x25, "Data Abort from the same Exception level" },
        { 0x26, "SP alignment fault" },
        { 0x28, "Floating-point exception in AArch32 state" },
        { 0x2c, "Floating-point exception in AArch64 state" },
        { 0x2f, "SError interrupt" },
        { 0x30, "Breakpoint from a lower Exception level" },
        { 0x31, "Breakpoint from the same Exception level" },
        { 0x32, "Software step from a lower Exception level" },
        { 0x33, "Software step from the same Exception level" },
        { 0x34, "Watchpoint from a lower Exception level" },
        { 0x35, "Watchpoint from the same Exception level" },
        { 0x38, "BKPT in AArch32 state" },
        { 0x3c, "BRK in AArch64 state" },
    };

    return find(table, ARRAY_LEN(table), ec, "<invalid EC>");
}

const char *decode_status(uint64_t status)
{
    static const struct text table[] = {
        { 0x00, "address size fault, level 0" },
        { 0x01, "address size fault, level 1" },
        { 0x02, "address size fault, level 2" },
        { 0x03, "address size fault, level 3" },
        { 0x04, "translation fault, level 0" },
        { 0x05, "translation fault, level 1" },
        { 0x06, "translation fault, level 2" },
        { 0x07, "translation fault, level 3" },
        { 0x09, "access flag fault, level 1" },
        { 0x0a, "access flag fault, level 2" },
        { 0x0b, "access flag fault, level 3" },
        { 0x0d, "permission fault, level 1" },
        { 0x0e, "permission fault, level 2" },
        { 0x0f, "permission fault, level 3" },
        { 0x10, "synchronous external abort" },
        { 0x11, "synchronous tag check fault" },
        { 0x14, "synchronous external abort, level 0" },
        { 0x15, "synchronous external abort, level 1" },
        { 0x16, "synchronous external abort, level 2" },
        { 0x17, "synchronous external abort, level 3" },
        { 0x18, "synchronous parity or ECC error" },
        { 0x1c, "synchronous parity or ECC error, level 0" },
        { 0x1d, "synchronous parity or ECC error, level 1" },
        { 0x1e, "synchronous parity or ECC error, level 2" },
        { 0x1f, "synchronous parity or ECC error, level 3" },
        { 0x21, "alignment fault" },
        { 0x30, "tlb conflict abort" },
        { 0x31, "unsupported atomic hardware update fault" },
        { 0x34, "lockdown fault" },
        { 0x35, "unsupported exclusive or atomic access" },
    };

    return find(table, ARRAY_LEN(table), status, "<unexpected DFSC>");
}

/* clang's -fsanitize-trap leaves the kind of check in the low byte of BRK
 * 0x5500, numbered as the compiler's enum SanitizerHandler. */
const char *decode_ubsan(uint64_t comment)
{
    static const char *const kind[] = {
        "add overflow",
        "builtin unreachable",
        "control-flow-integrity check fail",
        "division remainder overflow",
        "dynamic type cache miss",
        "float cast overflow",
        "function type mismatch",
        "implicit conversion",
        "invalid builtin",
        "invalid objc cast",
        "load invalid value",
        "missing return",
        "multiplication overflow",
        "negate overflow",
        "nullability argument",
        "nullability return",
        "non-null argument",
        "non-null return",
        "out of bounds access",
        "pointer overflow",
        "shift out of bounds",
        "subtraction overflow",
        "type mismatch",
        "alignment assumption",
        "variable-length-array bound not positive",
    };
    uint64_t code = comment & 0xff;

    if ((comment & 0xff00) != 0x5500) {
        return NULL;
    }
    return code < ARRAY_LEN(kind) ? kind[code] : "unknown reason";
}

const char *decode_register(seL4_Word index)
{
    return register_name[index];
}

void decode_print(seL4_Word esr)
{
    seL4_Word ec = (esr >> ESR_EC_SHIFT) & 0x3f;
    seL4_Word iss = esr & ESR_ISS_MASK;

    report_named("MON|ERROR:   ec: ", ec, 8);
    report_text("  ");
    report_text(decode_class(ec));
    report_text((esr & ESR_IL) != 0 ? "   il: 1" : "   il: 0");
    report_named("   iss: ", iss, 8);
    report_text("\n");
    if (ec != EC_DATA_ABORT) {
        return;
    }
    report_text("MON|ERROR:   dfsc = ");
    report_text(decode_status(iss & ISS_DFSC_MASK));
    report_named(" (", iss & ISS_DFSC_MASK, 8);
    report_text(")");
    report_text((iss & ISS_EA) != 0 ? " -- external abort" : "");
    report_text((iss & ISS_CM) != 0 ? " -- cache maint" : "");
    report_text((iss & ISS_S1PTW) != 0
                    ? " -- stage 2 fault for stage 1 page table walk"
                    : "");
    report_text((iss & ISS_WNR) != 0 ? " -- write not read" : "");
    report_text("\n");
}

const char *decode_check(seL4_Word esr)
{
    return ((esr >> ESR_EC_SHIFT) & 0x3f) == EC_BRK ? decode_ubsan(esr & 0xffff)
                                                    : NULL;
}
