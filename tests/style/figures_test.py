#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The documents' figures are those of bench/results.json, and nobody's else."""

import os
import re
import sys

TOP = os.getcwd()
sys.path[:0] = [os.path.join(TOP, *path) for path in
                (("bench", "lib"), ("bench", "linux"), ("tests", "web"))]

import document  # noqa: E402
import results  # noqa: E402
import rows  # noqa: E402
from tap import Tap, check, equal  # noqa: E402

PROSE = "docs/performance.md"


def stale(known):
    """Files that are not what the results render to."""
    return [name for name, text in document.expected(known).items()
            if document.read(name) != text]


def main():
    tap = Tap()
    known = results.load()
    with tap.case("the documents are what ./pride bench --render writes"):
        equal(stale(known), [], "files to be rendered again")
    with tap.case("every row has a figure, or the reason why it has none"):
        groups = {row["group"] for row in rows.OURS} | {"linux"}
        wanted = {key for group in groups for key in rows.of_group(group)}
        have = set(known.figures) | set(known.not_run)
        equal(sorted(wanted - have), [], "rows without both")
        equal(sorted(set(known.figures) - wanted), [],
              "figures that rows.json does not know")
    with tap.case("no figure in prose, where it would go stale unseen"):
        equal(list(document.loose_numbers(document.read(PROSE))), [],
              "(line, number)")
    with tap.case("a figure changed by hand is noticed"):
        text = document.read(PROSE)
        place = re.search(r"\| (\d+) \|", text)
        changed = text[:place.start(1)] + "7" + text[place.start(1):]
        check(document.rendered(changed, known) == text,
              "rendering does not bring it back")
        check(changed != text, "nothing was changed")
    with tap.case("numbers in prose are told from names and sizes"):
        found = [n for _, n in document.loose_numbers(
            "a call takes 199, an echo 4 180.\n"
            "`udp_echo_1472_w1` of 1472 or 64 bytes, 7.2, [x](a/2000.md)\n"
            "<!-- bench: x -->\n| 5 000 |\n<!-- bench: end -->\nthen 2 000\n")]
        equal(found, ["199", "4 180", "2 000"], "found")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
