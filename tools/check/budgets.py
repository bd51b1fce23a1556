# SPDX-License-Identifier: BSD-2-Clause
"""Sizes and shares that the style guide limits.

Each budget is (text with the figure, complaints); no complaints: it is kept.
"""

import glob
import os
import re
import subprocess

import source

FUNCTION_LINES = 60
FILE_LINES = 1000
IF_PER_KLOC = 2.0
MACROS_PER_KLOC = 4.0
COMMENT_SHARE = 0.2
DOCUMENTED = 0.95
TESTS_PER_CODE = 0.7
KERNEL_TEXT = 32768
# Flat tables that may be longer: "file:function".
LONG_FUNCTIONS = frozenset()
# Documented by the C standard.
STANDARD_C = re.compile(r"(mem|str)[a-z]+$")
# Headers whose names are another project's interface.
FOREIGN_API = ("sdk/include/", "sddf/include/", "base/freestanding/",
               "lions/include/")


def function_sizes():
    sizes, bad = [], []
    for name in source.c_files():
        for function, line, length in source.functions(name):
            sizes.append(length)
            if length > FUNCTION_LINES and \
                    f"{name}:{function}" not in LONG_FUNCTIONS:
                bad.append(f"{name}:{line}: {function} has {length} lines")
    p90 = source.percentile(sizes, 0.9)
    longest = max(sizes, default=0)
    return (f"functions: {len(sizes)}, p90 {p90} lines, longest {longest} "
            f"(limit {FUNCTION_LINES})", bad)


def file_sizes():
    sizes, bad = [], []
    for name in source.c_files(source.PRODUCT + ("systems", "tests")):
        lines = (source.text(name) or "").count("\n")
        sizes.append(lines)
        if lines > FILE_LINES:
            bad.append(f"{name}: {lines} lines")
    return (f"C files: {len(sizes)}, p90 {source.percentile(sizes, 0.9)} "
            f"lines, longest {max(sizes, default=0)} (limit {FILE_LINES})",
            bad)


def _per_kloc(pattern, what, limit):
    code = hits = 0
    where = {}
    for name in source.c_files():
        content = source.text(name) or ""
        code += source.count_lines(content)[0]
        found = len(re.findall(pattern, source.without_comments(content),
                               re.M))
        hits += found
        if found:
            where[name] = found
    share = 1000 * hits / code if code else 0
    bad = []
    if share > limit:
        worst = sorted(where, key=where.get, reverse=True)[:10]
        bad = [f"{name}: {where[name]} {what}" for name in worst]
    return (f"{what} per 1000 lines: {share:.2f} (limit {limit:g})", bad)


def conditionals():
    return _per_kloc(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b", "#if",
                     IF_PER_KLOC)


def macros():
    return _per_kloc(r"^[ \t]*#[ \t]*define[ \t]+\w+\(", "function-like macros",
                     MACROS_PER_KLOC)


def comments():
    code = comment = 0
    for name in source.c_files():
        lines = source.count_lines(source.text(name) or "")
        code += lines[0]
        comment += lines[1]
    share = comment / code if code else 0
    bad = [] if share >= COMMENT_SHARE else ["too few comments"]
    return (f"comment lines per code line: {share:.2f} (at least "
            f"{COMMENT_SHARE:g}), {code} lines of code", bad)


PROTOTYPE = re.compile(
    r"^(?!typedef|static|struct \w+ \{|enum|extern \"C\"|return|#|\}|/|\s|\*)"
    r"[A-Za-z_][\w\s\*]*?[\s\*](\w+)\s*\([^;{]*\)[^;{=]*;", re.M)


def documented():
    """Exported functions have a comment above their prototype.

    A comment covers the prototypes that follow it without a blank line.
    """
    total, bare = 0, []
    for name in source.c_files():
        if not name.endswith(".h"):
            continue
        content = source.text(name) or ""
        clean = source.without_comments(content)
        for match in PROTOTYPE.finditer(clean):
            if STANDARD_C.match(match.group(1)):
                continue
            total += 1
            before = content[:match.start()].rstrip("\n")
            block = re.split(r"\n[ \t]*\n", before)[-1]
            gap = content[:match.start()].endswith("\n\n")
            if gap or "*/" not in block:
                line = clean.count("\n", 0, match.start()) + 1
                bare.append(f"{name}:{line}: {match.group(1)} has no comment")
    share = 1 - len(bare) / total if total else 1
    return (f"exported functions documented: {100 * share:.0f} % of {total} "
            f"(at least {100 * DOCUMENTED:.0f} %)",
            bare if share < DOCUMENTED else [])


def names():
    """Exported names begin with their header's name or its first word."""
    total, odd = 0, []
    for name in source.c_files():
        if not name.endswith(".h") or name.startswith(FOREIGN_API):
            continue
        stem = name.rsplit("/", 1)[-1][:-2]
        room = name.split("/")[-2] if "/" in name else ""
        clean = source.without_comments(source.text(name) or "")
        for match in PROTOTYPE.finditer(clean):
            total += 1
            first = re.split(r"_", stem)[0]
            if not match.group(1).startswith((stem, first, room)):
                odd.append(f"{name}: {match.group(1)}")
    share = 1 - len(odd) / total if total else 1
    return (f"exported names carry their file's: {100 * share:.0f} % of "
            f"{total} (recorded)", [])


def tests():
    code = sum(source.count_lines(source.text(n) or "")[0]
               for n in source.c_files())
    test = 0
    for name in source.tracked():
        if name.startswith("tests/") and name.endswith((".c", ".h", ".py",
                                                        ".system", ".S")):
            content = source.text(name) or ""
            test += sum(1 for line in content.splitlines() if line.strip())
    share = test / code if code else 0
    bad = [] if share >= TESTS_PER_CODE else ["too few tests"]
    return (f"test lines per code line: {share:.2f} (at least "
            f"{TESTS_PER_CODE:g})", bad)


def kernel_text():
    """Code of every kernel that is built: all that is trusted with all."""
    found, bad = [], []
    places = os.environ.get("O", str(source.TOP / "build")) + "/bin/*/*"
    for place in sorted(glob.glob(places + "/kernel.elf")):
        out = subprocess.run(["llvm-size", "-A", place], text=True,
                             capture_output=True, check=False).stdout
        text = re.search(r"^\.text\s+(\d+)", out, re.M)
        if text:
            config = place.split("/")[-2]
            found.append(f"{config} {text.group(1)}")
            if int(text.group(1)) > KERNEL_TEXT:
                bad.append(f"{place}: {text.group(1)} bytes of code")
    return (f"kernel code in bytes: {', '.join(found) or 'not built'} "
            f"(limit {KERNEL_TEXT})", bad)


ALL = (function_sizes, file_sizes, conditionals, macros, comments, documented,
       names, tests, kernel_text)
