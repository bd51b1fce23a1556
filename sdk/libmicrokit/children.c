/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * children.c - operations of a parent on its children (pride.h, microkit.h and
 * the seL4_TCB_* names), all by ABI_SYS_PD_CONTROL.
 */
#include <pride.h>

#include "base/mem.h"

static enum err control(
    seL4_Word child, seL4_Word operation, seL4_Word arg0, seL4_Word arg1)
{
    uint64_t arg[4] = { arg0, arg1, 0, 0 };

    return pride_sys_pd_control(child, operation, arg);
}

enum err pride_pd_info(microkit_child child, struct pride_pd_info *info)
{
    uint64_t arg[4] = { 0, 0, 0, 0 };
    enum err err = pride_sys_pd_control(child, ABI_PD_INFO, arg);

    if (err == ERR_OK) {
        info->state = (seL4_Uint32)arg[0];
        info->ticks = arg[1];
        info->starts = arg[2];
        info->switches = arg[3];
    }
    return err;
}

enum err pride_pd_restart(microkit_child child, seL4_Word entry)
{
    return control(child, ABI_PD_RESTART, entry, 0);
}

enum err pride_pd_stop(microkit_child child)
{
    return control(child, ABI_PD_STOP, 0, 0);
}

enum err pride_pd_resume(microkit_child child)
{
    return control(child, ABI_PD_RESUME, 0, 0);
}

/* Upstream's way with a refused operation: say so and crash. */
static void crash_on_error(
    enum err err, const char *function, const char *what, microkit_child pd)
{
    if (err == ERR_OK) {
        return;
    }
    microkit_dbg_puts(function);
    microkit_dbg_puts(": error ");
    microkit_dbg_puts(what);
    microkit_dbg_puts(" TCB '");
    microkit_dbg_put32(pd);
    microkit_dbg_puts("'\n");
    microkit_internal_crash(pride_sel4_error(err));
}

void microkit_pd_restart(microkit_child pd, seL4_Word entry_point)
{
    enum err err = pride_pd_restart(pd, entry_point);

    if (err != ERR_OK) {
        microkit_dbg_puts("microkit_pd_restart: error writing TCB registers\n");
        microkit_internal_crash(pride_sel4_error(err));
    }
}

void microkit_pd_stop(microkit_child pd)
{
    crash_on_error(pride_pd_stop(pd), "microkit_pd_stop", "stopping", pd);
}

void microkit_pd_resume(microkit_child pd)
{
    crash_on_error(pride_pd_resume(pd), "microkit_pd_resume", "resuming", pd);
}

/* Every PD_CONTROL checks the child; BASE_TCB_CAP - 1 wraps to a huge id. */
static seL4_Word child_of(seL4_TCB service)
{
    return service - BASE_TCB_CAP;
}

seL4_Error seL4_TCB_Suspend(seL4_TCB service)
{
    return pride_sel4_error(control(child_of(service), ABI_PD_STOP, 0, 0));
}

seL4_Error seL4_TCB_Resume(seL4_TCB service)
{
    return pride_sel4_error(control(child_of(service), ABI_PD_RESUME, 0, 0));
}

/* The kernel leaves registers in the message buffer.  Programs read the words
 * of a fault after they have read the registers, so the words are kept. */
seL4_Error seL4_TCB_ReadRegisters(seL4_TCB service, seL4_Bool suspend_source,
    seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs)
{
    seL4_Word *words = seL4_GetIPCBuffer()->msg;
    seL4_Word kept[SEL4_USER_CONTEXT_SIZE];
    seL4_Word child = child_of(service);
    enum err err = ERR_OK;

    (void)arch_flags;
    if (count > SEL4_USER_CONTEXT_SIZE) {
        return seL4_RangeError;
    }
    if (suspend_source) {
        err = control(child, ABI_PD_STOP, 0, 0);
    }
    if (err == ERR_OK) {
        memcpy(kept, words, sizeof(kept));
        err = control(child, ABI_PD_READ_REGS, 0, 0);
        if (err == ERR_OK) {
            memcpy(regs, words, count * sizeof(words[0]));
        }
        memcpy(words, kept, sizeof(kept));
    }
    return pride_sel4_error(err);
}

seL4_Error seL4_TCB_WriteRegisters(seL4_TCB service, seL4_Bool resume_target,
    seL4_Uint8 arch_flags, seL4_Word count, const seL4_UserContext *regs)
{
    seL4_Word *words = seL4_GetIPCBuffer()->msg;
    seL4_Word kept[SEL4_USER_CONTEXT_SIZE];
    enum err err;

    (void)arch_flags;
    if (count > SEL4_USER_CONTEXT_SIZE) {
        return seL4_RangeError;
    }
    memcpy(kept, words, sizeof(kept));
    memcpy(words, regs, count * sizeof(words[0]));
    err = control(child_of(service), ABI_PD_WRITE_REGS, count,
        (seL4_Word)(resume_target != 0));
    memcpy(words, kept, sizeof(kept));
    return pride_sel4_error(err);
}
