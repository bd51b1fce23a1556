/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state.h - reaching a component's state from one register.
 *
 * Shape     a component that is woken for every packet keeps what it knows in
 *           one static struct, and passes its address around.
 * Owner     the component.
 */
#pragma once

/** The same address, but the compiler forgets whose: members are reached from
 *  a register, instead of composing the address of each one anew. */
static inline void *state_address(void *state)
{
    __asm__("" : "+r"(state));
    return state;
}
