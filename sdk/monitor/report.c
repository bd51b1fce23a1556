/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.c - see report.h.
 */
#include "sdk/monitor/report.h"

#include <stddef.h>

#include "sdk/monitor/decode.h"

/* Filled in by the tool, indexed by PD.  The monitor is PD 0. */
extern char pd_names[ABI_PDS_MAX][ABI_NAME_SIZE];
extern seL4_Word pd_names_len;
extern seL4_Word pd_stack_bottom_addrs[ABI_PDS_MAX];
char pd_names[ABI_PDS_MAX][ABI_NAME_SIZE];
seL4_Word pd_names_len;
seL4_Word pd_stack_bottom_addrs[ABI_PDS_MAX];

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

void report_named(const char *name, seL4_Word value, int digits)
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
        seL4_Word word[DECODE_REGISTERS];
    } regs;

    if (seL4_TCB_ReadRegisters(BASE_TCB_CAP + pd, seL4_False, 0,
            DECODE_REGISTERS, &regs.context) != seL4_NoError) {
        report_text("MON|ERROR: could not read registers\n");
        return;
    }
    report_text("Registers: \n");
    for (seL4_Word i = 0; i < DECODE_REGISTERS; i++) {
        report_text(decode_register(i));
        report_named(" : ", regs.word[i], 16);
        report_text("\n");
    }
}

static void put_vm_fault(microkit_child pd)
{
    seL4_Word address = seL4_GetMR(seL4_VMFault_Addr);
    seL4_Word bottom = pd_stack_bottom_addrs[pd];

    report_named("MON|ERROR: VMFault: ip=", seL4_GetMR(seL4_VMFault_IP), 16);
    report_named("  fault_addr=", address, 16);
    report_named("  fsr=", seL4_GetMR(seL4_VMFault_FSR), 16);
    report_text(seL4_GetMR(seL4_VMFault_PrefetchFault) != 0
                    ? "  (instruction fault)\n"
                    : "  (data fault)\n");
    decode_print(seL4_GetMR(seL4_VMFault_FSR));
    if (address < bottom && bottom - address <= ABI_PAGE_SIZE) {
        report_text("MON|ERROR: potential stack overflow, fault address within"
                    " one page outside of stack region\n");
    }
}

static void put_exception(void)
{
    seL4_Word syndrome = seL4_GetMR(seL4_UserException_Number);
    const char *check = decode_check(syndrome);

    report_text("MON|ERROR: UserException\n");
    decode_print(syndrome);
    if (check != NULL) {
        report_text("MON|ERROR: potential undefined behaviour detected by"
                    " UBSAN for: '");
        report_text(check);
        report_text("'\n");
    }
}

static void put_unknown_call(void)
{
    report_named("MON|ERROR: UnknownSyscall: ip=",
        seL4_GetMR(seL4_UnknownSyscall_FaultIP), 16);
    report_named("  number=", seL4_GetMR(seL4_UnknownSyscall_Syscall), 16);
    report_text("\n");
}

void report_fault(microkit_child pd, microkit_msginfo msginfo)
{
    seL4_Word label = microkit_msginfo_get_label(msginfo);

    if (pd >= ABI_PDS_MAX) {
        return;
    }
    /* the last two are what the seL4 Microkit would say for this PD */
    report_named("MON|ERROR: received message ", label, 8);
    report_named("  badge: ", pd, 16);
    report_named("  tcb cap: ", 9 + (seL4_Word)pd, 16);
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
