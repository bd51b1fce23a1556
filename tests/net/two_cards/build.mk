# SPDX-License-Identifier: BSD-2-Clause
systems += two-cards
two-cards_system := tests/net/two_cards/two_cards.system
two-cards_programs := iperf.elf
