# SPDX-License-Identifier: BSD-2-Clause
"""Every header compiles alone."""

import concurrent.futures
import glob
import os
import re
import subprocess

import source

TARGET = ["clang", "-std=c11", "-ffreestanding", "-fsyntax-only", "-Wall",
          "-Wextra", "-Wno-pragma-once-outside-header", "-Wno-unused-function",
          "-x", "c"]
HOST = ["gcc", "-std=c11", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall",
        "-Wextra", "-Werror=implicit-function-declaration", "-x", "c"]


def architecture(name):
    """The architecture whose header it is; of common ones, any that we have."""
    known = sorted(p.parent.name for p in
                   source.TOP.glob("sdk/arch/*/arch.mk"))
    found = re.search(r"/arch/(\w+)/", name)
    return found.group(1) if found and found.group(1) in known else known[0]


def target_flags(arch):
    """How its programs are compiled: the terms of sdk/arch/ARCH/arch.mk."""
    terms = dict(re.findall(r"^(\w+) := (.*)$", source.text(
        f"sdk/arch/{arch}/arch.mk") or "", re.M))
    return TARGET + ["--target=" + terms["CLANG_TARGET"],
                     *terms["ARCH_NO_FPU_CFLAGS"].split()], terms["PICOLIBC"]


def command(name, build):
    """How to compile one header, or None when it is no C header."""
    deps = os.environ.get("DEPS", str(source.TOP / "build/deps"))
    # the one that was laid out last: others may be of an older tree
    laid_out = glob.glob(f"{build}/sdk/board/*/*/include/microkit.h")
    sdk = [os.path.dirname(max(laid_out, key=os.path.getmtime))] \
        if laid_out else []
    generated = ["-I" + d for d in glob.glob(f"{build}/obj/*/*/kernel.elf/gen")]
    last = ["-idirafter", "base/freestanding"]
    arch = architecture(name)
    target, picolibc = target_flags(arch)
    if name.startswith("tests/unit/sdk/"):
        return HOST + ["-I.", "-Itests/unit/sdk/fake", "-Isdk/include",
                       f"-Isdk/arch/{arch}/include"]
    if name.startswith(("sdk/tool/", "tests/", "kernel/arch/fake/")):
        return HOST + ["-I.", f"-I{deps}/http-parser", "-Itests/unit/fake", "-Isddf/include",
                       "-Ilions/include", "-Ikernel/arch/fake"]
    if name.startswith("kernel/"):
        return target + ["-I.", f"-Ikernel/arch/{arch}", *generated, *last]
    directories = ["-Isddf/include", "-Ilions/include", "-I."]
    directories += ["-I" + d for d in sdk]
    if name.startswith(("lions/", "systems/")):
        own = sorted(glob.glob(str(source.TOP / "lions/net*/include")))
        directories += ["-I" + d for d in own]
        directories += [f"-I{deps}/lwip/src/include", f"-I{deps}/http-parser",
                    "-Ilions/net", "-Ilions/net/port",
                    "-isystem", f"{picolibc}/include"]
    return target + directories + last


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
