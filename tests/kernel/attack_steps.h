/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attack_steps.h - single forbidden (or allowed) steps.
 *
 * Shape     functions whose first instruction is the attack, in assembly.
 * Owner     only the attacker calls them; most never return.
 */
#pragma once

#include <stdint.h>

/* An address in the attacker's text; also a function that does nothing. */
extern const char step_own_text[];
/* The instruction of step_exclusive() that faults. */
extern const char step_exclusive_at[];

/** Recurses until the stack is used up. */
void step_overflow(uint64_t address);

void step_read(uint64_t address);
void step_write(uint64_t address);
void step_read32(uint64_t address);
void step_write32(uint64_t address);
void step_exclusive(uint64_t address);
void step_dc_zva(uint64_t address);
void step_jump(uint64_t address);
void step_udf(uint64_t address);
void step_brk(uint64_t address);
void step_hlt(uint64_t address);
void step_dcps1(uint64_t address);
void step_drps(uint64_t address);
void step_hvc(uint64_t address);
void step_smc(uint64_t address);
void step_eret(uint64_t address);
void step_cas(uint64_t address);
void step_sve(uint64_t address);
void step_daifset(uint64_t address);
void step_read_daif(uint64_t address);
void step_spsel(uint64_t address);
void step_currentel(uint64_t address);
void step_midr(uint64_t address);
void step_mpidr(uint64_t address);
void step_tpidrro(uint64_t address);
void step_tpidr_el1(uint64_t address);
void step_sctlr_el1(uint64_t address);
void step_read_sctlr_el1(uint64_t address);
void step_ttbr0_el1(uint64_t address);
void step_tcr_el1(uint64_t address);
void step_mair_el1(uint64_t address);
void step_vbar_el1(uint64_t address);
void step_cpacr_el1(uint64_t address);
void step_elr_el1(uint64_t address);
void step_spsr_el1(uint64_t address);
void step_sp_el0(uint64_t address);
void step_hcr_el2(uint64_t address);
void step_vttbr_el2(uint64_t address);
void step_vbar_el2(uint64_t address);
void step_sctlr_el2(uint64_t address);
void step_ttbr0_el2(uint64_t address);
void step_scr_el3(uint64_t address);
void step_imp_def(uint64_t address);
void step_tlbi_vmalle1(uint64_t address);
void step_tlbi_alle1(uint64_t address);
void step_tlbi_alle2(uint64_t address);
void step_at_s1e0r(uint64_t address);
void step_dc_isw(uint64_t address);
void step_dc_csw(uint64_t address);
void step_dc_cisw(uint64_t address);
void step_dc_ivac(uint64_t address);
void step_ic_iallu(uint64_t address);
void step_cntkctl(uint64_t address);
void step_cntfrq(uint64_t address);
void step_cntvoff(uint64_t address);
void step_cntp_ctl(uint64_t address);
void step_cntp_cval(uint64_t address);
void step_cntv_ctl(uint64_t address);
void step_cnthp_ctl(uint64_t address);
void step_pmccntr(uint64_t address);
void step_pmcr(uint64_t address);
void step_pmuserenr(uint64_t address);
void step_mdscr(uint64_t address);
void step_oslar(uint64_t address);
void step_mdccsr(uint64_t address);
void step_counters(uint64_t address);
void step_cache_type(uint64_t address);
void step_tpidr(uint64_t address);
void step_own_cache(uint64_t address);
void step_hints(uint64_t address);
void step_fpu(uint64_t address);
