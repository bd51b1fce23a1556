/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.h - the system calls as functions that a test implements; otherwise as
 * sdk/arch/aarch64/include/pride/syscall.h.
 */
#pragma once

#include <stdint.h>

#include "abi/syscall.h"

struct pride_msg {
    uint64_t info;
    uint64_t mr[ABI_MSG_REGS];
};

struct pride_event {
    uint64_t kind;
    uint64_t which;
    struct pride_msg msg;
};

void pride_sys_wait(struct pride_event *event);
void pride_sys_reply_wait(
    const struct pride_msg *reply, struct pride_event *event);
uint32_t pride_sys_ppcall(uint64_t channel, struct pride_msg *msg);
uint32_t pride_sys_notify(uint64_t channel);
uint32_t pride_sys_irq_ack(uint64_t channel);
uint32_t pride_sys_pd_control(
    uint64_t child, uint64_t operation, uint64_t arg[4]);
uint32_t pride_sys_smc(void);
uint32_t pride_sys_debug_putc(uint64_t character);
