# SPDX-License-Identifier: BSD-2-Clause
# libbase.a: what freestanding programs link instead of a C library.
libraries += libbase.a
libbase.a_sources := base/mem.c base/str.c base/fmt.c
# normal memory allows words at any address; copying is twice as fast with them
libbase.a_cflags := -munaligned-access -fno-unroll-loops

host_tests += base_test
base_test_sources := tests/unit/base_test.c base/fmt.c

host_tests += base_mem_test
base_mem_test_sources := tests/unit/base_mem_test.c tests/unit/base_mem_renamed.c
base_mem_test_cflags := -fno-builtin
