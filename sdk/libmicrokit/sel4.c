/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sel4.c - the other calls of sel4/syscalls.h, and protected calls.
 */
#include <microkit.h>

#include "abi/err.h"
#include "base/mem.h"

void seL4_Signal(seL4_CPtr dest)
{
    (void)pride_call_notify(dest - BASE_OUTPUT_NOTIFICATION_CAP);
}

seL4_Error seL4_IRQHandler_Ack(seL4_IRQHandler service)
{
    return pride_sel4_error(pride_call_irq_ack(service - BASE_IRQ_CAP));
}

seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
    seL4_Word *words = seL4_GetIPCBuffer()->msg;
    struct pride_msg msg = { msgInfo.words[0], { 0, 0, 0, 0 } };

    if ((msg.info & ABI_INFO_LENGTH_MASK) != 0) {
        msg.mr[0] = words[0];
        msg.mr[1] = words[1];
        msg.mr[2] = words[2];
        msg.mr[3] = words[3];
    }
    if (pride_call_call(dest - BASE_ENDPOINT_CAP, &msg) != ERR_OK) {
        return seL4_MessageInfo_new(ABI_LABEL_ABORTED, 0, 0, 0);
    }
    if ((msg.info & ABI_INFO_LENGTH_MASK) != 0) {
        words[0] = msg.mr[0];
        words[1] = msg.mr[1];
        words[2] = msg.mr[2];
        words[3] = msg.mr[3];
    }
    msgInfo.words[0] = msg.info;
    return msgInfo;
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
    err = pride_call_smc();
    if (err == ERR_OK) {
        memcpy(smc_response, words, sizeof(*smc_response));
    }
    return pride_sel4_error(err);
}
