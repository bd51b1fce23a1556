/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings, byte by byte: nothing here is on a hot path. */
#include "base/str.h"

#include "base/mem.h"

size_t strlen(const char *s)
{
    size_t n = 0;

    while (s[n] != '\0') {
        n++;
    }
    return n;
}

size_t strnlen(const char *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n] != '\0') {
        n++;
    }
    return n;
}

int strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t max)
{
    while (max > 0 && *a != '\0' && *a == *b) {
        a++;
        b++;
        max--;
    }
    if (max == 0) {
        return 0;
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

/* The standard gives strchr() a const argument and a plain result. */
static char *without_const(const char *s)
{
    union {
        const char *in;
        char *out;
    } u = { .in = s };

    return u.out;
}

char *strchr(const char *s, int c)
{
    while (*s != (char)c) {
        if (*s == '\0') {
            return NULL;
        }
        s++;
    }
    return without_const(s);
}

char *strcpy(char *restrict to, const char *restrict from)
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t max)
{
    size_t n = strnlen(from, max);

    memcpy(to, from, n);
    memset(to + n, 0, max - n);
    return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
    strcpy(to + strlen(to), from);
    return to;
}

bool str_copy(char *to, size_t size, const char *from)
{
    size_t n = strnlen(from, size);
    bool fits = n < size;

    if (!fits) {
        n = size - 1;
    }
    memcpy(to, from, n);
    to[n] = '\0';
    return fits;
}
