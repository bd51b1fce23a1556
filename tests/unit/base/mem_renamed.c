/* SPDX-License-Identifier: BSD-2-Clause */
/* base/mem.c and base/str.c under other names, for mem_test. */
#define memcpy  base_memcpy
#define memmove base_memmove
#define memset  base_memset
#define memcmp  base_memcmp
#define strlen  base_strlen
#define strnlen base_strnlen
#define strcmp  base_strcmp
#define strncmp base_strncmp
#define strchr  base_strchr
#define strcpy  base_strcpy
#define strncpy base_strncpy
#define strcat  base_strcat

#include "base/mem.c"
#include "base/str.c"
