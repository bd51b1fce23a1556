# SPDX-License-Identifier: BSD-2-Clause
# Compiler flags of the board's processor.  Numbers and kinds are in board.xml.
BOARD_CFLAGS := -mcpu=cortex-a53
