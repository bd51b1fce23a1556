/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Short memory comes from the pieces while there are any, everything
 * else from lwIP's heap, here a fake; and each goes back where it came from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "lions/net/heap.h"

static uint32_t in_heap; /* pieces of memory that the fake has given out */
static uint32_t trimmed;

void *mem_malloc(mem_size_t size)
{
    in_heap++;
    return malloc(size);
}

void mem_free(void *memory)
{
    in_heap--;
    free(memory);
}

void *mem_trim(void *memory, mem_size_t size)
{
    (void)size;
    trimmed++;
    return memory;
}

static void test_long(void **state)
{
    (void)state;
    void *memory = heap_malloc(HEAP_PIECE + 1);
    assert_int_equal(in_heap, 1);
    assert_ptr_equal(heap_trim(memory, 1), memory);
    assert_int_equal(trimmed, 1);
    heap_free(memory);
    assert_int_equal(in_heap, 0);
}

/* All pieces at once, twice, then one more; no two share a byte. */
static void test_short(void **state)
{
    uint8_t *memory[HEAP_PIECES + 1];

    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i <= HEAP_PIECES; i++) {
            memory[i] = heap_malloc(1 + i * 31 % HEAP_PIECE);
            assert_non_null(memory[i]);
            assert_int_equal((uintptr_t)memory[i] % _Alignof(max_align_t), 0);
            assert_int_equal(in_heap, i < HEAP_PIECES ? 0 : 1);
            memset(memory[i], (int)i, 1 + i * 31 % HEAP_PIECE);
        }
        for (uint32_t i = 0; i <= HEAP_PIECES; i++) {
            assert_int_equal(memory[i][0], i);
            assert_int_equal(memory[i][i * 31 % HEAP_PIECE], i);
            if (i < HEAP_PIECES) {
                assert_ptr_equal(heap_trim(memory[i], 1), memory[i]);
            }
            heap_free(memory[i]);
        }
        assert_int_equal(in_heap, 0);
    }
    assert_int_equal(trimmed, 1);
}

static jmp_buf stopped;

/* A broken invariant stops the program; here, the case. */
void check_failed(const char *condition, const char *file, int line)
{
    (void)condition;
    (void)file;
    (void)line;
    longjmp(stopped, 1);
}

static void assert_refused(void *memory)
{
    if (setjmp(stopped) == 0) {
        heap_free(memory);
        fail_msg("taken back");
    }
}

static void test_wrong_free(void **state)
{
    (void)state;
    uint8_t *memory = heap_malloc(HEAP_PIECE);
    uint8_t *other = heap_malloc(1);
    assert_refused(memory + sizeof(max_align_t));
    heap_free(memory);
    assert_refused(memory);
    assert_ptr_equal(heap_malloc(64), memory); /* the last one first */
    heap_free(memory);
    heap_free(other);
    assert_int_equal(in_heap, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_short),
        cmocka_unit_test(test_wrong_free),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
