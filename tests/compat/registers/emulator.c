/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Emulates an instruction that its child's processor does not have, stops the
 * child and lets it go on, and starts it somewhere else: all by seL4_TCB_*.
 */
#include <stdint.h>

#include <microkit.h>

#define WORDS (sizeof(seL4_UserContext) / sizeof(seL4_Word))

/* Written by the tool. */
uint64_t child;

static uint32_t notifications;

static void check(const char *what, seL4_Bool good)
{
    microkit_dbg_puts(what);
    microkit_dbg_puts(good ? ": good\n" : ": BAD\n");
}

void init(void)
{
    seL4_UserContext regs;

    check("child id", child == 61);
    check("no such child", seL4_TCB_ReadRegisters(BASE_TCB_CAP + 60, seL4_False,
                               0, WORDS, &regs) == seL4_InvalidCapability);
}

/* The child says that it is about to wait for a second notification. */
void notified(microkit_channel ch)
{
    seL4_UserContext regs = { 0 };
    seL4_TCB tcb = BASE_TCB_CAP + child;

    notifications++;
    if (notifications == 1) {
        check("stop", seL4_TCB_Suspend(tcb) == seL4_NoError);
        microkit_notify(ch);
        microkit_dbg_puts("emulator: the child is stopped\n");
        check("resume", seL4_TCB_Resume(tcb) == seL4_NoError);
    } else {
        check("read", seL4_TCB_ReadRegisters(tcb, seL4_True, 0, WORDS, &regs) ==
                          seL4_NoError);
        regs.pc = 0x200000;
        regs.x0 = 0;
        check("start elsewhere", seL4_TCB_WriteRegisters(tcb, seL4_True, 0, 1,
                                     &regs) == seL4_NoError);
    }
}

seL4_Bool fault(microkit_child id, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    seL4_TCB tcb = BASE_TCB_CAP + id;
    seL4_UserContext regs;

    (void)reply_msginfo;
    check("read registers", seL4_TCB_ReadRegisters(tcb, seL4_False, 0, WORDS,
                                &regs) == seL4_NoError);
    check("label",
        microkit_msginfo_get_label(msginfo) == seL4_Fault_UserException);
    check("words survive reading",
        seL4_GetMR(seL4_UserException_FaultIP) == regs.pc);
    check("operands", regs.x1 == 40 && regs.x28 == 2);

    regs.x0 = regs.x1 + regs.x28;
    regs.pc += 4;
    check("write registers", seL4_TCB_WriteRegisters(tcb, seL4_False, 0, WORDS,
                                 &regs) == seL4_NoError);
    return seL4_True;
}
