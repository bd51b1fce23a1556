# SPDX-License-Identifier: BSD-2-Clause
"""What every file must have or must not have."""

import re
import shutil
import subprocess

import source

SPDX = "SPDX-License-Identifier: " + "BSD-2-Clause"
# Formats without comments, and the licence itself.
NO_SPDX = (".json", ".png", ".ico", ".svg", ".pcap", ".bin", ".dtb", "VERSION",
           "LICENSE")
CORPUS = re.compile(r"^tests/.*/(corpus|data|files|site)/|^systems/.*/www/")

# Split so that this file does not contain them.
FORBIDDEN = (
    (re.compile(r"/wo" r"rk/(main|shared|\.)"), "a path of one machine"),
    (re.compile(r"/tmp/br" r"ief"), "a path of one machine"),
    (re.compile(r"\b(deb|snapshot|security)\.deb" r"ian\.org|\bpypi\.o" r"rg|"
                r"registry\.npm" r"js"), "a registry's host name"),
    (re.compile(r"\bissues? +#?\d+\b", re.I), "an issue number"),
    (re.compile(r"\b(AI|coding) age" r"nt|language mo" r"del|\bClau" r"de\b",
                re.I), "the making, not the thing"),
)


def spdx():
    """The licence line is among the first lines."""
    for name in source.tracked():
        if name.endswith(NO_SPDX) or CORPUS.search(name):
            continue
        content = source.text(name)
        if content is None:
            continue
        if SPDX not in "\n".join(content.split("\n")[:3]):
            yield f"{name}: no licence line"


def words():
    """No private references."""
    for name in source.tracked():
        content = source.text(name)
        if content is None:
            continue
        for number, line in enumerate(content.splitlines(), 1):
            for pattern, what in FORBIDDEN:
                if pattern.search(line):
                    yield f"{name}:{number}: {what}: {line.strip()[:60]}"


def whitespace():
    """No tabs in C, no blanks at line ends, a newline at the end, UTF-8."""
    for name in source.tracked():
        content = source.text(name)
        if content is None or CORPUS.search(name) \
                or not name.endswith((".c", ".h", ".S", ".py", ".sh", ".mk",
                                      ".md", ".xml", ".system", ".ld")):
            continue
        if content and not content.endswith("\n"):
            yield f"{name}: no newline at the end"
        for number, line in enumerate(content.splitlines(), 1):
            if line != line.rstrip():
                yield f"{name}:{number}: blanks at the end"
            if "\t" in line and name.endswith((".c", ".h", ".py")):
                yield f"{name}:{number}: a tab"


def pragma_once():
    """Headers have `#pragma once` and a head comment."""
    for name in source.c_files(source.PRODUCT + ("systems", "tests")):
        content = source.text(name) or ""
        if name.endswith(".h"):
            if not re.search(r"^#pragma once$", content, re.M):
                yield f"{name}: no #pragma once"
        if not re.match(r"/\* SPDX.*\n/\*", content):
            yield f"{name}: no comment that says what it is"


def links():
    """Relative links in documents lead somewhere."""
    for name in source.tracked():
        if not name.endswith(".md"):
            continue
        content = re.sub(r"```.*?```", "", source.text(name) or "", flags=re.S)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", content):
            if re.match(r"[a-z]+:", target):
                continue
            place = (source.TOP / name).parent / target
            if not place.exists():
                yield f"{name}: broken link {target}"


def readme_sizes():
    """READMEs of directories stay short."""
    for name in source.tracked():
        if name.endswith("/README.md") and name.count("/"):
            lines = (source.text(name) or "").count("\n")
            if lines > 45:
                yield f"{name}: {lines} lines"


def kernel_document():
    """kernel/kernel.md names every call, operation, state, returned error."""
    document = source.text("kernel/kernel.md") or "" \
        if (source.TOP / "kernel/kernel.md").exists() else ""
    names = re.findall(r"#define (ABI_(?:SYS|PD|EVENT|STATE)_\w+)\s+\d",
                       source.text("abi/syscall.h") or "")
    for name in source.c_files(("kernel",)):
        code = source.without_comments(source.text(name) or "")
        names += re.findall(r"\b(ERR_\w+)\b", code)
    for word in sorted(set(names)):
        if word in ("ABI_SYS_COUNT", "ABI_PD_OPS", "ABI_PD_NONE", "ERR_OK"):
            continue
        if not re.search(rf"\b{word}\b", document):
            yield f"kernel/kernel.md: does not mention {word}"


def scripts():
    """Shell and Python files parse."""
    for name in source.tracked():
        content = source.text(name) or ""
        first = content.split("\n", 1)[0]
        if name.endswith(".sh") or first == "#!/bin/sh":
            done = subprocess.run(["sh", "-n", str(source.TOP / name)],
                                  capture_output=True, text=True, check=False)
            if done.returncode:
                yield f"{name}: {done.stderr.strip()}"
        elif name.endswith(".py") or "python3" in first:
            try:
                compile(content, name, "exec")
            except SyntaxError as error:
                yield f"{name}: {error}"


def formatter():
    """The clang-format that .clang-format is written for, or None."""
    for program in ("clang-format-14", "clang-format"):
        if shutil.which(program):
            out = subprocess.run([program, "--version"], capture_output=True,
                                 text=True, check=False).stdout
            if " 14." in out:
                return program
    return None


def formatted(program):
    """C files look as clang-format leaves them."""
    names = source.c_files(source.PRODUCT + ("systems", "tests", "bench"))
    for start in range(0, len(names), 50):
        done = subprocess.run(
            [program, "--dry-run", "--ferror-limit=1",
             *names[start:start + 50]],
            cwd=source.TOP, capture_output=True, text=True, check=False)
        for line in done.stderr.splitlines():
            if "clang-format-violations" in line:
                yield re.sub(r": warning.*", ": not formatted", line)
