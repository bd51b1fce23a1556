/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * benchmark.c - see sel4/benchmark.h.
 */
#include <sel4/benchmark.h>

#include <pride.h>

static struct {
    struct pride_pd_info mark[ABI_IDS]; /* at each child's last reset */
    seL4_Uint64 begin;
    seL4_Uint64 end;
} bench;

void seL4_BenchmarkResetThreadUtilisation(seL4_CPtr tcb)
{
    seL4_Word child = tcb - BASE_TCB_CAP;
    struct pride_pd_info info;

    if (child < ABI_IDS &&
        pride_pd_info((microkit_child)child, &info) == ERR_OK) {
        bench.mark[child] = info;
    }
}

void seL4_BenchmarkGetThreadUtilisation(seL4_CPtr tcb)
{
    seL4_Word child = tcb - BASE_TCB_CAP;
    struct pride_pd_info info;

    for (int i = 0; i < BENCHMARK_UTILISATION_WORDS; i++) {
        seL4_SetMR(i, 0);
    }
    seL4_SetMR(BENCHMARK_TOTAL_UTILISATION, bench.end - bench.begin);
    if (child >= ABI_IDS ||
        pride_pd_info((microkit_child)child, &info) != ERR_OK) {
        return;
    }
    seL4_SetMR(BENCHMARK_TCB_UTILISATION, info.ticks - bench.mark[child].ticks);
    seL4_SetMR(BENCHMARK_TCB_NUMBER_SCHEDULES,
        info.switches - bench.mark[child].switches);
}

seL4_Error seL4_BenchmarkResetLog(void)
{
    bench.begin = pride_ticks();
    bench.end = bench.begin;
    return seL4_NoError;
}

seL4_Word seL4_BenchmarkFinalizeLog(void)
{
    bench.end = pride_ticks();
    return 0;
}

seL4_Error seL4_BenchmarkSetLogBuffer(seL4_Word frame_cptr)
{
    (void)frame_cptr;
    return seL4_IllegalOperation;
}
