# SPDX-License-Identifier: BSD-2-Clause
"""What exactly was measured with: commit, compiler, linker, QEMU."""

import os
import re
import shutil
import subprocess

import plugins
import tree


def git(*words):
    """What git says of this tree, or None."""
    try:
        done = subprocess.run(["git", "-C", tree.TOP, *words], text=True,
                              capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


# What a run writes itself; it does not make another tree of the one measured.
WRITTEN = ("bench/results.json", "bench/rows.md", "bench/detail.md",
           "docs/performance.md", "docs/growth.svg")


def commit():
    """The commit measured, marked when the tree differs from it."""
    if shutil.which("git") is None:
        return "unknown (no git)"
    top = git("rev-parse", "--show-toplevel")
    if top is None or os.path.realpath(top) != os.path.realpath(tree.TOP):
        return "unknown (no git checkout)"
    name = git("rev-parse", "--short=12", "HEAD")
    if not name:
        return "unknown (no commit)"
    changes = git("status", "--porcelain", "--", ".",
                  *(f":(exclude){path}" for path in WRITTEN))
    return name + (" + changes" if changes else "")


def first_line(*command):
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    return (done.stdout.splitlines() or ["unknown"])[0]


def all_of_them():
    """{what: version}"""
    emulator = re.search(r"version (.*)", plugins.qemu_text())
    return {"commit": commit(),
            "compiler": first_line("clang", "--version"),
            "linker": first_line("ld.lld", "--version"),
            "qemu": emulator.group(1) if emulator else plugins.qemu_text()}
