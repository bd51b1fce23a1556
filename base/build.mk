# SPDX-License-Identifier: BSD-2-Clause
# libbase.a: what freestanding programs link instead of a C library.
libraries += libbase.a
libbase.a_sources := base/mem.c base/str.c base/fmt.c
# normal memory allows words at any address; copying is twice as fast with them
libbase.a_cflags := $(ARCH_UNALIGNED_CFLAGS) -fno-unroll-loops
