/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.c - see report.h.
 */
#include "sdk/monitor/report.h"

#include <stddef.h>

#include "base/attr.h"
#include "sdk/monitor/decode.h"

/* Filled in by the tool, indexed by PD.  The monitor is PD 0. */
extern char pd_names[ABI_PDS_MAX][ABI_NAME_SIZE];
extern seL4_Word pd_names_len;
extern seL4_Word pd_stack_bottom_addrs[ABI_PDS_MAX];
char pd_names[ABI_PDS_MAX][ABI_NAME_SIZE];
seL4_Word pd_names_len;
seL4_Word pd_stack_bottom_addrs[ABI_PDS_MAX];

/* In the order of seL4_UserContext. */
static const char *const register_name[] = { "pc", "sp", "spsr", "x0", "x1",
    "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x16", "x17", "x18", "x29", "x30",
    "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x19", "x20", "x21", "x22",
    "x23", "x24", "x25", "x26", "x27", "x28", "tpidr_el0", "tpidrro_el0" };
_Static_assert(
    ARRAY_LEN(register_name) == sizeof(seL4_UserContext) / sizeof(seL4_Word),
    "a name for each register");

void report_text(const char *text)
{
    microkit_dbg_puts(text);
}

static void put_hex(seL4_Word value, int digits)
{
    report_text("0x");
    for (int i = digits - 1; i >= 0; i--) {
        microkit_dbg_putc("0123456789abcdef"[(value >> (4 * i)) & 0xf]);
    }
}

static void put_named(const char *name, seL4_Word value, int digits)
{
    report_text(name);
    put_hex(value, digits);
}

void report_start(void)
{
    report_text("MON|INFO: Microkit Monitor started!\n");
}

static void put_registers(microkit_child pd)
{
    union {
        seL4_UserContext context;
        seL4_Word word[ARRAY_LEN(register_name)];
    } regs;

    if (seL4_TCB_ReadRegisters(BASE_TCB_CAP + pd, seL4_False, 0,
            ARRAY_LEN(register_name), &regs.context) != seL4_NoError) {
        report_text("MON|ERROR: could not read registers\n");
        return;
    }
    report_text("Registers: \n");
    for (seL4_Word i = 0; i < ARRAY_LEN(register_name); i++) {
        report_text(register_name[i]);
        put_named(" : ", regs.word[i], 16);
        report_text("\n");
    }
}

static void put_syndrome(seL4_Word esr)
{
    seL4_Word ec = (esr >> ESR_EC_SHIFT) & 0x3f;
    seL4_Word iss = esr & ESR_ISS_MASK;

    put_named("MON|ERROR:   ec: ", ec, 8);
    report_text("  ");
    report_text(decode_class(ec));
    report_text((esr & ESR_IL) != 0 ? "   il: 1" : "   il: 0");
    put_named("   iss: ", iss, 8);
    report_text("\n");
    if (ec != EC_DATA_ABORT) {
        return;
    }
    report_text("MON|ERROR:   dfsc = ");
    report_text(decode_status(iss & ISS_DFSC_MASK));
    put_named(" (", iss & ISS_DFSC_MASK, 8);
    report_text(")");
    report_text((iss & ISS_EA) != 0 ? " -- external abort" : "");
    report_text((iss & ISS_CM) != 0 ? " -- cache maint" : "");
    report_text((iss & ISS_S1PTW) != 0
                    ? " -- stage 2 fault for stage 1 page table walk"
                    : "");
    report_text((iss & ISS_WNR) != 0 ? " -- write not read" : "");
    report_text("\n");
}

static void put_vm_fault(microkit_child pd)
{
    seL4_Word address = seL4_GetMR(seL4_VMFault_Addr);
    seL4_Word bottom = pd_stack_bottom_addrs[pd];

    put_named("MON|ERROR: VMFault: ip=", seL4_GetMR(seL4_VMFault_IP), 16);
    put_named("  fault_addr=", address, 16);
    put_named("  fsr=", seL4_GetMR(seL4_VMFault_FSR), 16);
    report_text(seL4_GetMR(seL4_VMFault_PrefetchFault) != 0
                    ? "  (instruction fault)\n"
                    : "  (data fault)\n");
    put_syndrome(seL4_GetMR(seL4_VMFault_FSR));
    if (address < bottom && bottom - address <= ABI_PAGE_SIZE) {
        report_text("MON|ERROR: potential stack overflow, fault address within"
                    " one page outside of stack region\n");
    }
}

static void put_exception(void)
{
    seL4_Word esr = seL4_GetMR(seL4_UserException_Number);
    const char *check = NULL;

    report_text("MON|ERROR: UserException\n");
    put_syndrome(esr);
    if (((esr >> ESR_EC_SHIFT) & 0x3f) == EC_BRK) {
        check = decode_ubsan(esr & 0xffff);
    }
    if (check != NULL) {
        report_text("MON|ERROR: potential undefined behaviour detected by"
                    " UBSAN for: '");
        report_text(check);
        report_text("'\n");
    }
}

static void put_unknown_call(void)
{
    put_named("MON|ERROR: UnknownSyscall: ip=",
        seL4_GetMR(seL4_UnknownSyscall_FaultIP), 16);
    put_named("  number=", seL4_GetMR(seL4_UnknownSyscall_Syscall), 16);
    report_text("\n");
}

void report_fault(microkit_child pd, microkit_msginfo msginfo)
{
    seL4_Word label = microkit_msginfo_get_label(msginfo);

    if (pd >= ABI_PDS_MAX) {
        return;
    }
    /* the last two are what the seL4 Microkit would say for this PD */
    put_named("MON|ERROR: received message ", label, 8);
    put_named("  badge: ", pd, 16);
    put_named("  tcb cap: ", 9 + (seL4_Word)pd, 16);
    report_text("\nMON|ERROR: faulting PD: ");
    report_text(pd_names[pd]);
    report_text("\n");
    put_registers(pd);

    switch (label) {
    case seL4_Fault_VMFault:
        put_vm_fault(pd);
        break;
    case seL4_Fault_UserException:
        put_exception();
        break;
    case seL4_Fault_UnknownSyscall:
        put_unknown_call();
        break;
    default:
        report_text("MON|ERROR: Unknown fault\n");
        break;
    }
}
