/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages go through one bounded buffer, because names in them may be as
 * long as the file and may hold any character. */
#include "sdk/tool/diag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIAG_TEXT_MAX   1024
#define DIAG_SOURCE_MAX 160

static struct {
    uint32_t warning_count;
    void (*cleanup)(void);
} diag;

/* Control characters could move a terminal's cursor. */
static void diag_clean(char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if ((c < ' ' && c != '\n' && c != '\t') || c == 127) {
            *text = '?';
        }
    }
}

static void diag_text(char *text, const char *format, va_list args)
{
    int len = vsnprintf(text, DIAG_TEXT_MAX, format, args);

    if (len >= DIAG_TEXT_MAX) {
        (void)strcpy(text + DIAG_TEXT_MAX - 4, "...");
    }
    diag_clean(text);
}

/* Shows the line that a position points to, with a mark below.  Best effort:
 * nothing is shown of a file that cannot be read, or of a very long line. */
static void diag_source(const struct sdf_pos *pos)
{
    char line[DIAG_SOURCE_MAX] = "";
    uint32_t number = 0;
    FILE *file = pos->line == 0 ? NULL : fopen(pos->file, "r");

    if (file == NULL) {
        return;
    }
    while (number < pos->line && fgets(line, sizeof line, file) != NULL) {
        if (strchr(line, '\n') != NULL) {
            number++;
        } else if (feof(file) == 0) {
            break;
        } else {
            number++;
        }
    }
    (void)fclose(file);
    line[strcspn(line, "\n")] = '\0';
    if (number != pos->line || pos->column > strlen(line) + 1) {
        return;
    }
    diag_clean(line);
    (void)fprintf(stderr, "    %s\n    ", line);
    for (uint32_t i = 0; i + 1 < pos->column; i++) {
        (void)fputc(line[i] == '\t' ? '\t' : ' ', stderr);
    }
    (void)fprintf(stderr, "^\n");
}

static void diag_print(const char *kind, const char *text, const char *joint,
    const struct sdf_pos *pos)
{
    (void)fflush(stdout);
    if (pos == NULL) {
        (void)fprintf(stderr, "%s: %s\n", kind, text);
    } else if (pos->line == 0) {
        (void)fprintf(stderr, "%s: %s%s%s\n", kind, text, joint, pos->file);
    } else {
        (void)fprintf(stderr, "%s: %s%s%s:%" PRIu32 ":%" PRIu32 "\n", kind,
            text, joint, pos->file, pos->line, pos->column);
        diag_source(pos);
    }
}

NORETURN static void diag_stop(void)
{
    void (*cleanup)(void) = diag.cleanup;

    diag.cleanup = NULL;
    if (cleanup != NULL) {
        cleanup();
    }
    exit(1);
}

void diag_error(const struct sdf_pos *pos, const char *format, ...)
{
    char text[DIAG_TEXT_MAX];
    va_list args;

    va_start(args, format);
    diag_text(text, format, args);
    va_end(args);
    diag_print("Error", text, ": ", pos);
    diag_stop();
}

void diag_error_at(const struct sdf_pos *pos, const char *format, ...)
{
    char text[DIAG_TEXT_MAX];
    va_list args;

    va_start(args, format);
    diag_text(text, format, args);
    va_end(args);
    diag_print("Error", text, " @ ", pos);
    diag_stop();
}

void diag_error_element(
    const struct sdf_pos *pos, const char *element, const char *format, ...)
{
    char text[DIAG_TEXT_MAX];
    va_list args;

    va_start(args, format);
    diag_text(text, format, args);
    va_end(args);
    diag_error(pos, "%s on element '%s'", text, element);
}

void diag_warning(const struct sdf_pos *pos, const char *format, ...)
{
    char text[DIAG_TEXT_MAX];
    va_list args;

    va_start(args, format);
    diag_text(text, format, args);
    va_end(args);
    diag_print("WARNING", text, ": ", pos);
    diag.warning_count++;
}

uint32_t diag_warning_count(void)
{
    return diag.warning_count;
}

void diag_on_error(void (*cleanup)(void))
{
    diag.cleanup = cleanup;
}
