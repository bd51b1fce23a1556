# SPDX-License-Identifier: BSD-2-Clause
"""What was measured, by group: each with the versions it was measured with.

bench/results.json holds the last figures of every group; the documents are
rendered from it.
"""

import json
import os

import rows
import tree

PATH = os.path.join(tree.TOP, "bench", "results.json")


class Results:
    """{group: {versions, figures, spread, tables, not_run, commands}}"""

    def __init__(self, groups=None, linux=""):
        self.groups = groups or {}
        self.linux = linux  # versions of the guest's packages

    def add(self, name, findings, versions, commands):
        """A group that has just been measured; every row of it has a figure
        or a reason."""
        for row in rows.of_group(name):
            if row not in findings.figures:
                findings.not_run.setdefault(row, "its group ended before")
        self.groups[name] = {
            "versions": versions, "figures": findings.figures,
            "spread": findings.spread, "tables": findings.tables,
            "not_run": findings.not_run, "commands": commands}

    def update(self, other):
        """Newer figures of some groups."""
        self.groups |= other.groups
        self.linux = other.linux or self.linux

    def _merged(self, name):
        found = {}
        for group in self.groups.values():
            found |= group[name]
        return found

    @property
    def figures(self):
        return self._merged("figures")

    @property
    def not_run(self):
        return self._merged("not_run")

    @property
    def spread(self):
        return self._merged("spread")

    @property
    def tables(self):
        return self._merged("tables")


def load(path=PATH):
    if not os.path.exists(path):
        return Results()
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    return Results(data["groups"], data["linux"])


def save(results, path=PATH):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"linux": results.linux, "groups": results.groups}, file,
                  indent=1)
        file.write("\n")
