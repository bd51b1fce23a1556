/* SPDX-License-Identifier: BSD-2-Clause */
/* mem_names.h - base's memory and string functions under the names that
 * mem_test gives them (base_mem_renamed.c). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

void *base_memcpy(void *to, const void *from, size_t size);
void *base_memmove(void *to, const void *from, size_t size);
void *base_memset(void *to, int value, size_t size);
int base_memcmp(const void *a, const void *b, size_t size);
size_t base_strlen(const char *s);
size_t base_strnlen(const char *s, size_t max);
int base_strcmp(const char *a, const char *b);
int base_strncmp(const char *a, const char *b, size_t max);
char *base_strchr(const char *s, int c);
char *base_strcpy(char *to, const char *from);
char *base_strncpy(char *to, const char *from, size_t max);
char *base_strcat(char *to, const char *from);
bool str_copy(char *to, size_t size, const char *from);
