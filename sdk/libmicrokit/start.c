/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c - from the first instruction to init() and the loop.
 */
#include "sdk/libmicrokit/start.h"

#include <microkit.h>

#include "base/mem.h"
#include "sdk/libmicrokit/loop.h"

/* What reinit="true" asks for; the tool fills it in, all zero otherwise.  It is
 * in read-only memory, where the PD's earlier life cannot have changed it. */
struct start_reinit {
    uint64_t source; /* a read-only copy of the writable segment's content */
    uint64_t target;
    uint64_t size;
    uint64_t zero_base; /* the rest of the segment */
    uint64_t zero_size;
};
extern const volatile struct start_reinit pride_reinit;
const volatile struct start_reinit pride_reinit = { 0 };

typedef void start_function(void);
extern start_function *const __init_array_start[];
extern start_function *const __init_array_end[];

/* Makes writable memory as it was at boot.  Until it returns, no global of this
 * program may be read. */
static void start_reinitialise(void)
{
    if (pride_reinit.size != 0) {
        memcpy((void *)pride_reinit.target, (const void *)pride_reinit.source,
            pride_reinit.size);
    }
    if (pride_reinit.zero_size != 0) {
        memset((void *)pride_reinit.zero_base, 0, pride_reinit.zero_size);
    }
}

static void start_constructors(void)
{
    for (start_function *const *f = __init_array_start; f != __init_array_end;
         f++) {
        (*f)();
    }
}

void start_main(void)
{
    start_reinitialise();
    start_constructors();
    init();
    loop_prepare();
    loop_run();
}
