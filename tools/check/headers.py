# SPDX-License-Identifier: BSD-2-Clause
"""Every header compiles alone."""

import concurrent.futures
import glob
import os
import subprocess

import source

TARGET = ["clang", "--target=aarch64-none-elf", "-std=c11", "-ffreestanding",
          "-mgeneral-regs-only", "-fsyntax-only", "-Wall", "-Wextra",
          "-Wno-pragma-once-outside-header", "-Wno-unused-function", "-x", "c"]
HOST = ["gcc", "-std=c11", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall",
        "-Wextra", "-Werror=implicit-function-declaration", "-x", "c"]


def command(name, build):
    """How to compile one header, or None when it is no C header."""
    deps = os.environ.get("DEPS", str(source.TOP / "build/deps"))
    # the one that was laid out last: others may be of an older tree
    laid_out = glob.glob(f"{build}/sdk/board/*/*/include/microkit.h")
    sdk = [os.path.dirname(max(laid_out, key=os.path.getmtime))] \
        if laid_out else []
    generated = ["-I" + d for d in glob.glob(f"{build}/obj/*/*/kernel.elf/gen")]
    last = ["-idirafter", "base/freestanding"]
    if name.startswith("tests/unit/sdk/"):
        return HOST + ["-I.", "-Itests/unit/sdk/fake", "-Isdk/include",
                       "-Isdk/arch/aarch64/include"]
    if name.startswith(("sdk/tool/", "tests/", "kernel/arch/fake/")):
        return HOST + ["-I.", f"-I{deps}/http-parser", "-Itests/unit/fake", "-Isddf/include",
                       "-Ilions/include", "-Ikernel/arch/fake"]
    if name.startswith("kernel/"):
        return TARGET + ["-I.", "-Ikernel/arch/aarch64", *generated, *last]
    directories = ["-Isddf/include", "-Ilions/include", "-I."]
    directories += ["-I" + d for d in sdk]
    if name.startswith(("lions/", "systems/")):
        own = sorted(glob.glob(str(source.TOP / "lions/net*/include")))
        directories += ["-I" + d for d in own]
        directories += [f"-I{deps}/lwip/src/include", f"-I{deps}/http-parser",
                    "-Ilions/net", "-Ilions/net/port",
                    "-isystem",
                    "/usr/lib/picolibc/aarch64-linux-gnu/include"]
    return TARGET + directories + last


def check(build):
    """Complaints about headers that do not stand alone."""
    names = [n for n in source.c_files(source.PRODUCT + ("systems", "tests"))
             if n.endswith(".h") and not n.startswith("tests/unit/fake/")
             and not n.startswith("base/freestanding/")]

    def one(name):
        done = subprocess.run(
            command(name, build) + ["-o", "/dev/null", name], cwd=source.TOP,
            capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return None
        lines = [x for x in done.stderr.splitlines() if "error" in x]
        return f"{name} does not stand alone: {(lines or ['?'])[0]}"

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [text for text in pool.map(one, names) if text]
