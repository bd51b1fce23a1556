#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The rules of the tree that a machine can check (tools/check)."""

import os
import sys

sys.path.insert(0, os.path.join("tools", "check"))

import budgets  # noqa: E402
import files  # noqa: E402
import headers  # noqa: E402
import includes  # noqa: E402
import tap  # noqa: E402
import words  # noqa: E402


def listed(complaints):
    return "".join(f"\n#   {line}" for line in complaints)


def main():
    cases = tap.Tap()
    for name, check in (
            ("includes follow the table of who includes whom", includes.check),
            ("every file names its licence", files.spdx),
            ("no private references", files.words),
            ("one word per concept", words.check),
            ("blanks, tabs, line ends", files.whitespace),
            ("headers and C files open as they must", files.pragma_once),
            ("links lead somewhere", files.links),
            ("READMEs of directories are short", files.readme_sizes),
            ("kernel.md names every call and error", files.kernel_document),
            ("scripts parse", files.scripts)):
        complaints = list(check())
        cases.ok(not complaints, name, listed(complaints))
    complaints = headers.check(os.environ["O"])
    cases.ok(not complaints, "every header stands alone", listed(complaints))
    for budget in budgets.ALL:
        text, complaints = budget()
        cases.ok(not complaints, text, listed(complaints))
    program = files.formatter()
    if program:
        complaints = list(files.formatted(program))
        cases.ok(not complaints, "C code is formatted", listed(complaints))
    else:
        cases.skip("C code is formatted", "needs clang-format 14")
    return cases.done()


if __name__ == "__main__":
    sys.exit(main())
