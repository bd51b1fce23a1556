/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pl011_regs.h - registers of the Arm PrimeCell UART.
 *
 * Shape     byte offsets and masks; registers are read and written as words.
 * Source    PrimeCell UART (PL011) TRM, DDI 0183, section numbers beside each.
 */
#pragma once

#include "base/bits.h"

#define PL011_DR      0x000 /* 3.3.1 data */
#define PL011_DR_DATA BITS32(7, 0)
#define PL011_DR_OE   BITS32(11, 11) /* characters were lost before this one */

#define PL011_FR      0x018 /* 3.3.3 flags */
#define PL011_FR_BUSY BITS32(3, 3)
#define PL011_FR_RXFE BITS32(4, 4) /* receive FIFO empty */
#define PL011_FR_TXFF BITS32(5, 5) /* transmit FIFO full */

#define PL011_IBRD 0x024 /* 3.3.5 divisor, integer part, 16 bits */
#define PL011_FBRD 0x028 /* 3.3.6 divisor, 64ths */

#define PL011_LCR_H       0x02c /* 3.3.7 line control; latches the divisor */
#define PL011_LCR_H_FEN   BITS32(4, 4) /* FIFOs on */
#define PL011_LCR_H_WLEN  BITS32(6, 5)
#define PL011_LCR_H_8BITS 3

#define PL011_CR        0x030 /* 3.3.8 control */
#define PL011_CR_UARTEN BITS32(0, 0)
#define PL011_CR_TXE    BITS32(8, 8)
#define PL011_CR_RXE    BITS32(9, 9)

#define PL011_IFLS 0x034 /* 3.3.9 FIFO levels; 0: 1/8 full, both ways */

#define PL011_IMSC    0x038 /* 3.3.10 interrupt mask: 1 lets through */
#define PL011_MIS     0x040 /* 3.3.12 masked status */
#define PL011_ICR     0x044 /* 3.3.13 clear */
#define PL011_INT_RX  BITS32(4, 4)
#define PL011_INT_TX  BITS32(5, 5)
#define PL011_INT_RT  BITS32(6, 6) /* input waits, the line is idle */
#define PL011_INT_OE  BITS32(10, 10)
#define PL011_INT_ALL BITS32(10, 0)

/* The reference clock of the boards we know; the divisor is 16ths of it. */
#define PL011_CLOCK_HZ 24000000u
