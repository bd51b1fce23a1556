/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysreg.h - values of system registers, for assembly and C.
 *
 * Shape     bits by name, then the one value the kernel uses for each register.
 * Trust     these values are what keeps user code (EL0) from doing harm: with
 *           TGE there is no EL1, with VM every user access goes through the
 *           PD's stage 2 table.
 * Source    Arm ARM (DDI 0487) D13.2, Cortex-A53 TRM (DDI 0500).
 */
#pragma once

/* HCR_EL2 (D13.2.48) */
#define HCR_VM    (1 << 0) /* stage 2 translation for EL0 */
#define HCR_SWIO  (1 << 1) /* set/way invalidate becomes clean+invalidate */
#define HCR_FMO   (1 << 3) /* FIQ, IRQ, SError are taken at EL2 */
#define HCR_IMO   (1 << 4)
#define HCR_AMO   (1 << 5)
#define HCR_DC    (1 << 12) /* stage 1 off means Normal write-back, not Device */
#define HCR_TSC   (1 << 19) /* SMC */
#define HCR_TIDCP (1 << 20) /* implementation defined registers */
#define HCR_TACR  (1 << 21) /* ACTLR_EL1 */
#define HCR_TSW   (1 << 22) /* cache maintenance by set/way */
#define HCR_TTLB  (1 << 25) /* TLB maintenance */
#define HCR_TVM   (1 << 26) /* writes of virtual memory controls */
#define HCR_TGE   (1 << 27) /* exceptions of EL0 are taken at EL2; no EL1 */
#define HCR_HCD   (1 << 29) /* HVC is undefined */
#define HCR_TRVM  (1 << 30) /* reads of virtual memory controls */
#define HCR_RW    (1 << 31) /* AArch64 below */

#define HCR_EL2_VALUE                                                          \
    (HCR_VM | HCR_SWIO | HCR_FMO | HCR_IMO | HCR_AMO | HCR_DC | HCR_TSC |      \
        HCR_TIDCP | HCR_TACR | HCR_TSW | HCR_TTLB | HCR_TVM | HCR_TGE |        \
        HCR_HCD | HCR_TRVM | HCR_RW)

/* VTCR_EL2 (D13.2.149): 40-bit IPA, 4 KiB pages, walk starts at level 1 with
 * two concatenated tables, walks are write-back and inner shareable, 40-bit PA. */
#define VTCR_EL2_VALUE                                                         \
    ((24 << 0) | (1 << 6) | (1 << 8) | (1 << 10) | (3 << 12) | (2 << 16) |     \
        (1 << 31))

/* TCR_EL2 (D13.2.124): 39-bit VA, 4 KiB pages, walks as above, 40-bit PA. */
#define TCR_EL2_VALUE                                                          \
    ((25 << 0) | (1 << 8) | (1 << 10) | (3 << 12) | (2 << 16) | (1 << 23) |    \
        (1 << 31))

/* MAIR_EL2: attribute 0 Device-nGnRnE, attribute 1 Normal write-back. */
#define MAIR_EL2_VALUE 0xff00

/* SCTLR_EL2 (D13.2.119) */
#define SCTLR_RES1 0x30c50830
#define SCTLR_M    (1 << 0)  /* MMU */
#define SCTLR_C    (1 << 2)  /* data cache */
#define SCTLR_SA   (1 << 3)  /* stack alignment check */
#define SCTLR_I    (1 << 12) /* instruction cache */
#define SCTLR_WXN  (1 << 19) /* writable means not executable */

#define SCTLR_EL2_OFF (SCTLR_RES1 | SCTLR_SA | SCTLR_I)
#define SCTLR_EL2_ON                                                           \
    (SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I | SCTLR_WXN)

/* SCTLR_EL1 (D13.2.118) rules what EL0 may do, even though EL1 is unused. */
#define SCTLR_EL1_RES1 0x30d00800
#define SCTLR_EL1_C    (1 << 2)
#define SCTLR_EL1_SA0  (1 << 4) /* stack alignment check at EL0 */
#define SCTLR_EL1_I    (1 << 12)
#define SCTLR_EL1_DZE  (1 << 14) /* DC ZVA */
#define SCTLR_EL1_UCT  (1 << 15) /* CTR_EL0 */
#define SCTLR_EL1_NTWI (1 << 16) /* WFI and WFE do not trap */
#define SCTLR_EL1_NTWE (1 << 18)
#define SCTLR_EL1_UCI  (1 << 26) /* cache maintenance by address */

#define SCTLR_EL1_VALUE                                                        \
    (SCTLR_EL1_RES1 | SCTLR_EL1_C | SCTLR_EL1_SA0 | SCTLR_EL1_I |              \
        SCTLR_EL1_DZE | SCTLR_EL1_UCT | SCTLR_EL1_NTWI | SCTLR_EL1_NTWE |      \
        SCTLR_EL1_UCI)

/* CPTR_EL2 (D13.2.31): nothing else traps, the FPU does while TFP is set. */
#define CPTR_RES1 0x33ff
#define CPTR_TFP  (1 << 10)
#define CPTR_TTA  (1 << 20) /* trace registers */

#define CPTR_EL2_FPU_ON  (CPTR_RES1 | CPTR_TTA)
#define CPTR_EL2_FPU_OFF (CPTR_RES1 | CPTR_TTA | CPTR_TFP)

#define CPACR_EL1_VALUE (3 << 20) /* the FPU never traps to EL1 */

/* MDCR_EL2 (D13.3.17): debug exceptions and accesses are taken at EL2. */
#define MDCR_HPMN_MASK 0x1f
#define MDCR_TPMCR     (1 << 5) /* PMCR_EL0 */
#define MDCR_TPM       (1 << 6) /* performance monitor */
#define MDCR_TDE       (1 << 8)
#define MDCR_TDA       (1 << 9)
#define MDCR_TDOSA     (1 << 10)
#define MDCR_TDRA      (1 << 11)
#define MDCR_DEBUG     (MDCR_TDE | MDCR_TDA | MDCR_TDOSA | MDCR_TDRA)
#define MDSCR_TDCC     (1 << 12) /* EL0 must not use the debug channel */
/* PMCR_EL0 (D13.4.10), PMCNTENSET_EL0 (D13.4.6). */
#define PMCR_ENABLE       (1 << 0)
#define PMCR_RESET_EVENTS (1 << 1)
#define PMCR_RESET_CYCLES (1 << 2)
#define PMCR_LONG_CYCLES  (1 << 6) /* overflows at 64 bits */
#define PMCR_N_SHIFT      11
#define PMCNTEN_ALL       0xffffffffu
#define PMCNTEN_CYCLES    (1u << 31)

/* CNTHCTL_EL2 without VHE: EL0 reaches what CNTKCTL_EL1 allows. */
#define CNTHCTL_EL2_VALUE 0x3
/* CNTKCTL_EL1: both counters readable, physical timer by permission. */
#define CNTKCTL_COUNTERS 0x3
#define CNTKCTL_EL0PTEN  (1 << 9)

/* ESR_ELx (D13.2.37): exception class in bits 26..31. */
#define ESR_EC_SHIFT  26
#define ESR_ISS_FNV   (1 << 10)  /* FAR is not valid */
#define ESR_SVC64     0x56000000 /* svc #0: class 0x15, 32 bits long */
#define EC_FPU        0x07
#define EC_IABT_LOWER 0x20
#define EC_DABT_LOWER 0x24

/* SPSR: the bits user level owns; mode 0 is EL0 with SP_EL0. */
#define SPSR_USER_MASK 0xf0000000
