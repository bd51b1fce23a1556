# SPDX-License-Identifier: BSD-2-Clause
"""What a run of a group has found: figures, tables, and what could not be
measured, with the reason."""

import sys


class NotRun(Exception):
    """This machine does not allow the measurement; the text says why."""


def why(failure):
    """A reason that a reader understands, in one line."""
    text = " ".join(str(failure).split())
    if isinstance(failure, NotRun):
        return text
    return f"failed: {type(failure).__name__}: {text}"


class Findings:
    """Of one group; its measure() fills them."""

    def __init__(self):
        self.figures = {}   # row: number
        self.spread = {}    # row: how much its rounds differ
        self.tables = {}    # name: what else is shown
        self.not_run = {}   # row, or a part of a table: reason

    def step(self, rows, measure):
        """Runs measure() for these rows, which returns {row: number}.  When it
        fails the rows have the reason, and the group goes on."""
        try:
            self.figures.update(measure())
        except Exception as failure:  # pylint: disable=broad-except
            self.failed(rows, failure)

    def rounds(self, rows, measure, best=False):
        """The same for a measure() that returns {row: Rounds}.  A row's figure
        is that of all its rounds, or of its best one.  Returns the Rounds."""
        try:
            found = measure()
        except Exception as failure:  # pylint: disable=broad-except
            if not rows:
                raise
            self.failed(rows, failure)
            return {}
        for name, one in found.items():
            self.figures[name] = round(min(one.instructions) if best
                                       else one.mean())
            self.spread[name] = one.spread()
        return found

    def failed(self, rows, failure):
        """These rows, unless they are known, are not run for this reason."""
        for row in rows:
            if row not in self.figures:
                self.not_run.setdefault(row, why(failure))
        print(f"bench: not run: {' '.join(rows)}: {why(failure)}",
              file=sys.stderr, flush=True)
