# SPDX-License-Identifier: BSD-2-Clause
# Coroutines and sanitizers do not mix; the model checks accesses itself.
host_tests += queue_model_test
queue_model_test_sources := tests/model/queue_model.c tests/model/explore.c
queue_model_test_first := -Itests/model/fake
queue_model_test_unsanitized := yes
queue_model_test_cflags := -fno-sanitize=all -O2
