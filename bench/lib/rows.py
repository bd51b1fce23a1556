# SPDX-License-Identifier: BSD-2-Clause
"""The rows: bench/rows.json is the one place that says which there are, what
each counts, what stands beside it and what is aimed at."""

import json
import os

import tree

PATH = os.path.join(tree.TOP, "bench", "rows.json")
RECORDED = ("linux_recorded", "sel4", "sel4_best")

with open(PATH, encoding="utf-8") as _file:
    DATA = json.load(_file)

SECTIONS = DATA["sections"]
OURS = [row for section in SECTIONS for row in section["rows"]]
# groups whose rows are counts, not ratios
COUNTED = {"linux", *(row["group"] for section in SECTIONS
                      if "ratio" not in section for row in section["rows"])}


def of_group(group):
    """Keys of the rows that this group measures."""
    keys = [row["key"] for row in OURS if row["group"] == group]
    if group == "linux":
        keys += [row["linux"] for row in OURS if "linux" in row]
        keys += [row["key"] for row in DATA["linux_only"]]
    return list(dict.fromkeys(keys))
