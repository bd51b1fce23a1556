/* SPDX-License-Identifier: BSD-2-Clause */
/* The heap of timer/timeouts.h; it is pure, and tested against a list. */
#include <sddf/timer/timeouts.h>

/* Entry i's parent is (i - 1) / 2, its children are 2i + 1 and 2i + 2. */

static bool is_before(const struct timeout *a, const struct timeout *b)
{
    if (a->deadline != b->deadline) {
        return a->deadline < b->deadline;
    }
    /* Requests outstanding together are never 2^31 apart. */
    return (int32_t)(a->order - b->order) < 0;
}

static void swap(struct timeouts *timeouts, uint32_t i, uint32_t j)
{
    struct timeout held = timeouts->entry[i];

    timeouts->entry[i] = timeouts->entry[j];
    timeouts->entry[j] = held;
}

static void sift_up(struct timeouts *timeouts, uint32_t i)
{
    while (i > 0) {
        uint32_t parent = (i - 1) / 2;

        if (!is_before(&timeouts->entry[i], &timeouts->entry[parent])) {
            return;
        }
        swap(timeouts, i, parent);
        i = parent;
    }
}

static void sift_down(struct timeouts *timeouts, uint32_t i)
{
    for (;;) {
        uint32_t child = 2 * i + 1;

        if (child >= timeouts->count) {
            return;
        }
        if (child + 1 < timeouts->count &&
            is_before(&timeouts->entry[child + 1], &timeouts->entry[child])) {
            child++;
        }
        if (!is_before(&timeouts->entry[child], &timeouts->entry[i])) {
            return;
        }
        swap(timeouts, i, child);
        i = child;
    }
}

bool timeouts_add(struct timeouts *timeouts, uint32_t client, uint64_t deadline)
{
    if (timeouts->outstanding[client] >= SDDF_TIMER_TIMEOUTS_PER_CLIENT) {
        return false;
    }
    timeouts->outstanding[client]++;
    timeouts->entry[timeouts->count] = (struct timeout){
        .deadline = deadline,
        .order = timeouts->order++,
        .client = client,
    };
    timeouts->count++;
    sift_up(timeouts, timeouts->count - 1);
    return true;
}

bool timeouts_take_due(
    struct timeouts *timeouts, uint64_t now, uint32_t *client)
{
    if (timeouts->count == 0 || timeouts->entry[0].deadline > now) {
        return false;
    }
    *client = timeouts->entry[0].client;
    timeouts->outstanding[*client]--;
    timeouts->count--;
    timeouts->entry[0] = timeouts->entry[timeouts->count];
    sift_down(timeouts, 0);
    return true;
}

uint64_t timeouts_next(const struct timeouts *timeouts)
{
    return timeouts->count == 0 ? UINT64_MAX : timeouts->entry[0].deadline;
}

uint32_t timeouts_cancel(struct timeouts *timeouts, uint32_t client)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < timeouts->count; i++) {
        if (timeouts->entry[i].client != client) {
            timeouts->entry[kept++] = timeouts->entry[i];
        }
    }

    uint32_t cancelled = timeouts->count - kept;

    timeouts->count = kept;
    timeouts->outstanding[client] = 0;
    for (uint32_t i = kept / 2; i > 0; i--) {
        sift_down(timeouts, i - 1);
    }
    return cancelled;
}
