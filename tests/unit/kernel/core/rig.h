/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rig.h - builds systems for the kernel's core on the fake architecture, acts as
 * their PDs, and checks every invariant after each kernel entry.
 *
 * Shape     rig_reset(); rig_pd()...; rig_channel()...; rig_boot(); then act as
 *           whichever PD runs.
 * Owner     one global rig; tests run one after the other.
 * Errors    a broken invariant fails the test at once.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/err.h"
#include "kernel/arch/fake/fake.h"
#include "kernel/core/kernel.h"

#define RIG_PDS  254u
#define RIG_IRQS 64u

struct rig_blob {
    struct abi_table table;
    struct abi_pd pd[RIG_PDS];
    struct abi_irq irq[RIG_IRQS];
    uint16_t line[FAKE_LINES];
};

extern struct rig_blob rig;
/* Arrays that the table points to. */
extern uint16_t rig_release[RIG_PDS];
extern uint64_t rig_faults[RIG_PDS][4];

/** An empty system with a monitor as PD 0. */
void rig_reset(void);
/** Adds a root PD; returns its index. */
uint16_t rig_pd(const char *name, uint8_t priority, uint8_t flags);
/** Gives a PD a budget smaller than its period (microseconds = ticks). */
void rig_budget(uint16_t pd, uint32_t budget, uint32_t period);
/** Makes `child` a child of `parent` with this id. */
void rig_child(uint16_t parent, uint16_t id, uint16_t child);
/** Joins two ends; the flags are those of the owner's entry. */
void rig_channel(uint16_t a, uint8_t a_id, uint8_t a_flags, uint16_t b,
    uint8_t b_id, uint8_t b_flags);
/** Gives `pd` the interrupt `number` on channel `id`. */
void rig_irq(uint16_t pd, uint8_t id, uint32_t number);
/** Computes hash and sizes without booting. */
void rig_seal(void);
/** Computes the hash of what is there. */
void rig_hash(void);
/** Seals and boots. */
void rig_boot(void);

/** A system of its own: `client` (priority 10) runs and may call `server` (20) on
 *  channel 1, which is the server's 4. */
void rig_client_and_server(
    uint16_t *client, uint16_t *server, uint8_t server_flags);

/** The running PD's index, or ABI_PD_NONE. */
uint16_t rig_running(void);
/** The kernel's state of PD `pd`. */
struct pd *rig_state(uint32_t pd);
/** The message words of PD `pd`, in its page. */
uint64_t *rig_message(uint16_t pd);
/** The control block of PD `pd`. */
struct abi_control *rig_control(uint16_t pd);

/* PD `pd`, which must run, makes a system call. */
void rig_wait(uint16_t pd);
void rig_reply(uint16_t pd, uint64_t info, uint64_t word0);
void rig_ppcall(uint16_t pd, uint64_t channel, uint64_t info, uint64_t word0);
void rig_notify(uint16_t pd, uint64_t channel);
void rig_irq_ack(uint16_t pd, uint64_t channel);
void rig_pd_control(uint16_t pd, uint64_t child, uint64_t operation,
    uint64_t argument0, uint64_t argument1);
/** Any number, with anything in registers 0 to 3. */
void rig_syscall(uint16_t pd, uint32_t number, const uint64_t reg[4]);

/** What a system call returned to `pd`: register `n`. */
uint64_t rig_result(uint16_t pd, uint32_t n);
/** The error of a call that has one. */
enum err rig_error(uint16_t pd);
/** What `pd` received by a wait or, from info on, as a reply: the kind, the id
 *  or bits, the message info and word `n`, 0..3. */
uint64_t rig_event(uint16_t pd);
uint64_t rig_event_id(uint16_t pd);
uint64_t rig_event_info(uint16_t pd);
uint64_t rig_event_word(uint16_t pd, uint32_t n);

/** PD `pd`, which must run, faults. */
void rig_fault(uint16_t pd, uint32_t label, uint64_t word0);
/** PD `pd`, which must run, touches the FPU and leaves `word` in it. */
void rig_fpu(uint16_t pd, uint64_t word);
/** A device interrupt becomes pending and is taken. */
void rig_interrupt(uint32_t number);
/** The running PD computes for `ticks`; the comparator fires on the way. */
void rig_run(uint64_t ticks);
/** Lets every PD above `priority` begin to wait, highest first. */
void rig_settle(uint8_t priority);
/** Checks every invariant; called by all of the above. */
void rig_check(void);
/** Message info. */
uint64_t rig_info(uint64_t label, uint64_t length);
