/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constants.h - numbers of libsel4: limits, fault labels, fault words.
 *
 * Shape     enums; the architecture's part is sel4/arch/constants.h.
 * Units     words of 64 bits.
 * Source    libsel4's public interface (MCS kernel); abi/syscall.h has the fault
 *           labels that the kernel sends.
 */
#pragma once

#include <kernel/gen_config.h>
#include <sel4/arch/constants.h>

#include "abi/syscall.h"

enum {
    seL4_CapNull = 0,
    seL4_WordBits = 64,
    seL4_PageBits = 12,
    seL4_LargePageBits = 21,
    seL4_MsgLengthBits = 7,
    seL4_MsgMaxLength = ABI_MSG_WORDS,
    seL4_MsgExtraCapBits = 2,
    seL4_MsgMaxExtraCaps = 3,
    seL4_MinPrio = 0,
    seL4_MaxPrio = 255,
};

/* Labels of fault messages. */
typedef enum {
    seL4_Fault_NullFault = ABI_FAULT_NONE,
    seL4_Fault_CapFault = ABI_FAULT_CAP,
    seL4_Fault_UnknownSyscall = ABI_FAULT_UNKNOWN_SYSCALL,
    seL4_Fault_UserException = ABI_FAULT_USER_EXCEPTION,
    seL4_Fault_DebugException = ABI_FAULT_DEBUG,
    seL4_Fault_Timeout = ABI_FAULT_TIMEOUT,
    seL4_Fault_VMFault = ABI_FAULT_VM,
    seL4_Fault_VGICMaintenance,
    seL4_Fault_VCPUFault,
    seL4_Fault_VPPIEvent,
} seL4_FaultType;

/* Words of a capability fault. */
typedef enum {
    seL4_CapFault_IP,
    seL4_CapFault_Addr,
    seL4_CapFault_InRecvPhase,
    seL4_CapFault_LookupFailureType,
    seL4_CapFault_BitsLeft,
    seL4_CapFault_DepthMismatch_BitsFound,
    seL4_CapFault_GuardMismatch_GuardFound =
        seL4_CapFault_DepthMismatch_BitsFound,
    seL4_CapFault_GuardMismatch_BitsFound,
} seL4_CapFault_Msg;

/* Words of a time-out fault. */
typedef enum {
    seL4_Timeout_Data,
    seL4_Timeout_Consumed,
    seL4_Timeout_Length,
} seL4_Timeout_Msg;

/* Words of a debug exception. */
typedef enum {
    seL4_DebugException_FaultIP,
    seL4_DebugException_ExceptionReason,
    seL4_DebugException_TriggerAddress,
    seL4_DebugException_BreakpointNumber,
    seL4_DebugException_Length,
} seL4_DebugException_Msg;
