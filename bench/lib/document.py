# SPDX-License-Identifier: BSD-2-Clause
"""The documents with generated places.

    <!-- bench: NAME -->
    what report.BLOCKS[NAME] renders from the results
    <!-- bench: end -->

People write what is outside of them.  Numbers outside would go stale unseen, so
there are none: loose_numbers() finds them.
"""

import os
import re

import growth
import report
import tree

DOCUMENTS = ("docs/performance.md", "bench/detail.md", "bench/rows.md")
CURVE = "docs/growth.svg"
PLACE = re.compile(r"(<!-- bench: (?!end)([\w-]+) -->\n).*?"
                   r"(<!-- bench: end -->\n)", re.S)
# Sizes and counts that are parts of rows' definitions are no figures.
GIVEN = {"64", "1472", "2357"}
NUMBER = re.compile(r"(?<![\w.#/-])\d[\d ]*\d{2}(?:\.\d+)?(?![\w-])")


def rendered(text, results):
    """A document with its generated places as the results have them."""
    def fill(match):
        lines = report.BLOCKS[match.group(2)](results)
        return match.group(1) + "".join(f"{line}\n" for line in lines) \
            + match.group(3)
    return PLACE.sub(fill, text)


def loose_numbers(text):
    """(line, number) of numbers of three and more digits in what people
    wrote, which nothing checks."""
    bare = PLACE.sub(lambda m: "\n" * m.group(0).count("\n"), text)
    bare = re.sub(r"`[^`\n]*`|\]\([^)]*\)|<!--.*?-->", "", bare)
    for number, line in enumerate(bare.splitlines(), 1):
        for match in NUMBER.finditer(line):
            if match.group(0) not in GIVEN:
                yield number, match.group(0)


def read(name):
    with open(os.path.join(tree.TOP, name), encoding="utf-8") as file:
        return file.read()


def expected(results):
    """{path: text} of all that is generated, as the results have it."""
    files = {name: rendered(read(name), results) for name in DOCUMENTS}
    if "growth" in results.tables:
        files[CURVE] = growth.drawn(results.figures, results.tables["growth"])
    return files


def write(results):
    """Brings all documents up to date."""
    for name, text in expected(results).items():
        with open(os.path.join(tree.TOP, name), "w", encoding="utf-8") as file:
            file.write(text)
