/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sel4.c - the other calls of sel4/syscalls.h, and protected procedure calls.
 */
#include <microkit.h>

#include "abi/err.h"
#include "base/mem.h"

void seL4_Signal(seL4_CPtr dest)
{
    (void)pride_sys_notify(dest - BASE_OUTPUT_NOTIFICATION_CAP);
}

seL4_Error seL4_IRQHandler_Ack(seL4_IRQHandler service)
{
    return pride_sel4_error(pride_sys_irq_ack(service - BASE_IRQ_CAP));
}

seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
    if (pride_sel4_call(dest - BASE_ENDPOINT_CAP, &msgInfo) != ERR_OK) {
        return seL4_MessageInfo_new(ABI_LABEL_ABORTED, 0, 0, 0);
    }
    return msgInfo;
}

microkit_msginfo microkit_internal_call_failed(
    seL4_Uint32 err, microkit_channel ch)
{
    if (err == ERR_CHANNEL || err == ERR_RIGHT) {
        microkit_internal_invalid("microkit_ppcall", ch);
        return seL4_MessageInfo_new(0, 0, 0, 0);
    }
    return seL4_MessageInfo_new(ABI_LABEL_ABORTED, 0, 0, 0);
}

seL4_Error seL4_ARM_SMC_Call(seL4_CPtr service,
    const seL4_ARM_SMCContext *smc_args, seL4_ARM_SMCContext *smc_response)
{
    seL4_Word *words = seL4_GetIPCBuffer()->msg;
    enum err err;

    if (service != ARM_SMC_CAP) {
        return seL4_InvalidCapability;
    }
    memcpy(words, smc_args, sizeof(*smc_args));
    err = pride_sys_smc();
    if (err == ERR_OK) {
        memcpy(smc_response, words, sizeof(*smc_response));
    }
    return pride_sel4_error(err);
}
