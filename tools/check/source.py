# SPDX-License-Identifier: BSD-2-Clause
"""The files of the tree, and a small reading of C that is good enough for code
in our format: a function's braces stand in column one."""

import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
PRODUCT = ("abi", "base", "kernel", "loader", "sdk", "sddf", "lions")
C_SUFFIXES = (".c", ".h")


def tracked():
    """Paths (from the top) of all files git knows or would add."""
    try:
        out = subprocess.run(
            ["git", "-C", str(TOP), "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"], capture_output=True, check=True).stdout
        names = [n for n in out.decode().split("\0") if n]
    except (OSError, subprocess.CalledProcessError):
        names = [str(p.relative_to(TOP)) for p in TOP.rglob("*")
                 if p.is_file() and not p.is_relative_to(TOP / "build")
                 and ".git" not in p.parts]
    return sorted(n for n in set(names) if (TOP / n).is_file())


def text(name):
    """A file's text, or None when it is not text."""
    data = (TOP / name).read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def c_files(tops=PRODUCT):
    return [n for n in tracked()
            if n.endswith(C_SUFFIXES) and n.split("/")[0] in tops]


_MIXED = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def without_comments(code):
    """The code with comments blanked; line numbers stay."""
    def blank(match):
        word = match.group(0)
        return re.sub(r"[^\n]", " ", word) if word[0] == "/" else word
    return _MIXED.sub(blank, code)


def count_lines(code):
    """(lines with code, lines with comment)."""
    bare = without_comments(code)
    code_lines = sum(1 for line in bare.splitlines() if line.strip())
    comment_lines = 0
    for match in _MIXED.finditer(code):
        if match.group(0)[0] == "/":
            comment_lines += sum(
                1 for line in match.group(0).splitlines() if line.strip())
    return code_lines, comment_lines


def functions(name):
    """(function name, first line, length) of every function of a file."""
    lines = without_comments(text(name) or "").splitlines()
    found, start = [], None
    for number, line in enumerate(lines, 1):
        if line.rstrip() == "{" and start is None:
            start = number
        elif line.startswith("}") and start is not None:
            head = " ".join(lines[max(0, start - 8):start - 1])
            names = re.findall(r"([A-Za-z_]\w*)\s*\(", head.split(";")[-1]
                               .split("}")[-1])
            names = [n for n in names if n != "__attribute__"]
            if names:
                found.append((names[0], start, number - start + 1))
            start = None
    return found


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] \
        if ordered else 0
