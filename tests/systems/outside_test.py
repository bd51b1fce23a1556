#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Systems outside the tree, with the SDK alone: what the manual shows is built
and booted as it is written there, and so is the seL4 Microkit's command line."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import qemu
import tap

TOP = pathlib.Path(__file__).resolve().parents[2]
# As the manual of the seL4 Microkit has it.
UPSTREAM = ("qemu-system-aarch64 -machine virt,virtualization=on -cpu cortex-a53 "
            "-m size=2G -nographic -serial mon:stdio "
            "-device loader,file=loader.img,addr=0x70000000,cpu-num=0")
CONSOLE = [f"[{name}] line {i} of 3" for name in ("ann", "bob")
           for i in (1, 2, 3)]
TIMEOUT = 30


def blocks():
    """File name -> text of the manual's code blocks that have a name."""
    text = (TOP / "docs/manual.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", text, re.M | re.S))


def sdk(directory):
    """A copy of the SDK's files for the debug configuration, elsewhere."""
    done = subprocess.run(
        ["./pride", "--build-dir", os.path.abspath(qemu.OUT), "--config",
         "debug", "sdk"], cwd=TOP, capture_output=True, text=True, check=False)
    tap.check(done.returncode == 0, done.stderr)
    copy = directory / "sdk"
    shutil.copytree(done.stdout.strip(), copy)
    return copy


def shell(directory, command, sdk_path):
    """Runs a command as a user would, with nothing of ours in the environment."""
    environment = {"PATH": os.environ["PATH"], "SDK": str(sdk_path)}
    done = subprocess.run(["sh", "-e", "-c", command], cwd=directory,
                          env=environment, capture_output=True, text=True,
                          check=False)
    tap.check(done.returncode == 0, done.stdout + done.stderr)


def console(directory, command, last):
    """Boots; the console's lines until one is `last`."""
    lines = []
    with subprocess.Popen(
            ["sh", "-c", "exec " + command], cwd=directory, text=True,
            errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT) as machine:
        timer = threading.Timer(TIMEOUT, machine.kill)
        timer.start()
        for line in machine.stdout:
            lines.append(line.rstrip())
            if lines[-1] == last:
                break
        timer.cancel()
        machine.kill()
    return lines


def main():
    cases = tap.Tap()
    found = blocks()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        for file, text in found.items():
            (directory / file).write_text(text, encoding="utf-8")
        where = None
        with cases.case("outside: the SDK can be copied"):
            where = sdk(directory)
        with cases.case("outside: the configuration has seL4's two names"):
            (directory / "both.c").write_text(
                "#include <autoconf.h>\n#ifndef CONFIG_SEL4_ARCH\n#error none\n"
                "#endif\n#include <kernel/gen_config.h>\n", encoding="utf-8")
            shell(directory, "clang --target=aarch64-none-elf -fsyntax-only -I "
                  "$SDK/board/qemu_virt_aarch64/debug/include both.c", where)
        with cases.case("outside: the manual's smallest system is built"):
            shell(directory, found["hello.sh"], where)
        with cases.case("outside: it boots with the manual's command line"):
            lines = console(directory, found["qemu.sh"], "hello from outside")
            tap.equal(lines[-1:], ["hello from outside"], "last line")
        with cases.case("outside: it boots with the Microkit's command line"):
            lines = console(directory, UPSTREAM, "hello from outside")
            tap.check(lines[-1:] == ["hello from outside"], "\n".join(lines))
        with cases.case("outside: driver, virtualiser and client are built"):
            (directory / "loader.img").unlink()
            shell(directory, "make SDK=$SDK", where)
        with cases.case("outside: they print what the clients say"):
            lines = console(directory, found["qemu.sh"], CONSOLE[-1])
            tap.equal([x for x in lines if x.startswith("[")], CONSOLE,
                      "lines")
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
