# SPDX-License-Identifier: BSD-2-Clause
programs += hello.elf
hello.elf_sources := systems/01-hello/hello.c

systems += hello
hello_system := systems/01-hello/hello.system
hello_programs := hello.elf
