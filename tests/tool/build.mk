# SPDX-License-Identifier: BSD-2-Clause
# The tool itself, once more, under sanitizers: what the tests of tests/tool
# run.
host_programs += microkit_checked
microkit_checked_sources := $(microkit_sources)
microkit_checked_cflags := $(microkit_cflags) $(SANITIZE)
microkit_checked_ldflags := $(SANITIZE)
microkit_checked_ldlibs := $(microkit_ldlibs)
