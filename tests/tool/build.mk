# SPDX-License-Identifier: BSD-2-Clause
# The tool itself, once more, under sanitizers: what the tests of tests/tool
# run.
host_programs += microkit_checked
microkit_checked_sources := $(microkit_sources)
microkit_checked_cflags := $(microkit_cflags) $(SANITIZE)
microkit_checked_ldflags := $(SANITIZE)
microkit_checked_ldlibs := $(microkit_ldlibs)

# The same tool with classes that are made up.
microkit_no_classes := $(filter-out $(class_sources) $(class_all),$(microkit_sources))

host_programs += microkit_made_up
microkit_made_up_sources := $(microkit_no_classes) tests/tool/class/class.c
microkit_made_up_cflags := $(microkit_cflags) $(SANITIZE)
microkit_made_up_ldflags := $(SANITIZE)
microkit_made_up_ldlibs := $(microkit_ldlibs)

host_programs += microkit_broken
microkit_broken_sources := $(microkit_no_classes) tests/tool/class/broken.c
microkit_broken_cflags := $(microkit_cflags) $(SANITIZE)
microkit_broken_ldflags := $(SANITIZE)
microkit_broken_ldlibs := $(microkit_ldlibs)
