/* SPDX-License-Identifier: BSD-2-Clause */
/* sddf_printf() through the serial class: lines, a full queue, small parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <os/sddf.h>
#include <sddf/serial/queue.h>
#include <sddf/util/printf.h>

#define CHANNEL  9u
#define CAPACITY 16u

static serial_queue_t page;
static char data[CAPACITY];
static serial_queue_handle_t client;
static serial_queue_handle_t virt;

static void shown(const char *text)
{
    char got[CAPACITY + 1];
    uint32_t len = 0;

    while (len < CAPACITY && serial_dequeue(&virt, got + len) == 0) {
        len++;
    }
    got[len] = '\0';
    assert_string_equal(got, text);
}

static int set_up(void **unused)
{
    (void)unused;
    fake_sddf_reset();
    memset(&page, 0, sizeof(page));
    serial_queue_init(&client, &page, CAPACITY, data);
    serial_queue_init(&virt, &page, CAPACITY, data);
    serial_putchar_init(CHANNEL, &client);
    return 0;
}

/* First, because nothing can undo serial_putchar_init(). */
static void before_init_there_is_the_debug_console(void **unused)
{
    (void)unused;
    fake_sddf_reset();
    assert_int_equal(sddf_printf("abc\n"), 4);
    assert_string_equal(fake_sddf.console, "abc\r\n");
    assert_int_equal(sddf_putchar_lost(), 5);
}

static void a_line_is_sent_when_it_ends(void **unused)
{
    (void)unused;
    assert_int_equal(sddf_printf("n=%d", 42), 4);
    assert_int_equal(fake_sddf.notify[CHANNEL], 0);
    shown("");
    sddf_printf("\n");
    assert_int_equal(fake_sddf.notify[CHANNEL], 1);
    shown("n=42\r\n");
}

static void single_characters_go_at_once(void **unused)
{
    (void)unused;
    sddf_printf("ab");
    sddf_putchar_unbuffered('c');
    assert_int_equal(fake_sddf.notify[CHANNEL], 1);
    shown("abc");
    sddf_putchar_flush();
    assert_int_equal(fake_sddf.notify[CHANNEL], 1);
}

static void a_full_queue_loses_and_counts(void **unused)
{
    uint32_t lost = sddf_putchar_lost();

    (void)unused;
    sddf_printf("0123456789abcdefXYZ");
    assert_int_equal(sddf_putchar_lost() - lost, 3);
    assert_true(fake_sddf.notify[CHANNEL] >= 1);
    shown("0123456789abcdef");
    sddf_printf("ok\n");
    shown("ok\r\n");
}

static void a_hostile_virtualiser_costs_output_only(void **unused)
{
    (void)unused;
    page.head = 0x80000000;
    sddf_printf("lost\n");
    page.head = page.tail;
    sddf_printf("ok\n");
    assert_int_equal(serial_queue_length_producer(&client), 4);
}

static void collect(char character, void *arg)
{
    char *text = arg;
    size_t len = strlen(text);

    text[len] = character;
    text[len + 1] = '\0';
}

static void the_other_forms_work(void **unused)
{
    char text[32] = "";

    (void)unused;
    assert_int_equal(sddf_snprintf(text, 4, "%s", "abcdef"), 6);
    assert_string_equal(text, "abc");
    assert_int_equal(sddf_sprintf(text, "%u-%c", 7u, 'x'), 3);
    assert_string_equal(text, "7-x");
    text[0] = '\0';
    assert_int_equal(sddf_fctprintf(collect, text, "<%x>", 255u), 4);
    assert_string_equal(text, "<ff>");
}

static void numbers_are_read(void **unused)
{
    (void)unused;
    assert_int_equal(sddf_atoi("  42abc"), 42);
    assert_int_equal(sddf_atoi("-17"), -17);
    assert_int_equal(sddf_atoi("+3"), 3);
    assert_int_equal(sddf_atoi("x"), 0);
    assert_int_equal(sddf_atoi("99999999999999999999999"), INT32_MAX);
    assert_int_equal(sddf_atoi("-99999999999999999999999"), INT32_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_init_there_is_the_debug_console),
        cmocka_unit_test_setup(a_line_is_sent_when_it_ends, set_up),
        cmocka_unit_test_setup(single_characters_go_at_once, set_up),
        cmocka_unit_test_setup(a_full_queue_loses_and_counts, set_up),
        cmocka_unit_test_setup(a_hostile_virtualiser_costs_output_only, set_up),
        cmocka_unit_test(the_other_forms_work),
        cmocka_unit_test(numbers_are_read),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
