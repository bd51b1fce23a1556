# SPDX-License-Identifier: BSD-2-Clause
"""expect.txt: lines the console of a system must show, in order.

A line of the file must be the beginning of a line of the console; `re:` in
front makes it a regular expression that must match at the beginning.  Lines of
the console that nothing expects are allowed in between.  `#` at the beginning
of a line is a comment; `%timeout SECONDS` changes the time allowed for the
whole file; `%send TEXT` types TEXT (with \\n, \\r and \\xNN) when everything above
was seen; the lines after `%unordered N`, N of them, may come in any order;
`%never TEXT` must not be at the beginning of any line.
"""

import re
import time


class Expectation:
    """A parsed expect.txt.

    A step is ("send", bytes) or ("lines", [lines in any order]).
    """

    def __init__(self, text):
        self.timeout = 30.0
        self.never = []
        self.steps = []
        self.loose = 0  # lines that still join the last step
        for line in text.splitlines():
            line = line.rstrip()
            if line and not line.startswith("#"):
                self._add(line)
        if not any(kind == "lines" for kind, _ in self.steps):
            raise ValueError("nothing is expected")
        if self.loose:
            raise ValueError("%unordered: too few lines")

    def _add(self, line):
        word, _, rest = line.partition(" ")
        if word == "%timeout":
            self.timeout = float(rest)
        elif word == "%never":
            self.never.append(rest)
        elif word == "%send":
            data = rest.encode("latin-1").decode("unicode_escape")
            self.steps.append(("send", data.encode("latin-1")))
        elif word == "%unordered":
            self.loose = int(rest)
            self.steps.append(("lines", []))
        elif word.startswith("%"):
            raise ValueError(f"unknown directive {word}")
        elif self.loose:
            self.loose -= 1
            self.steps[-1][1].append(line)
        else:
            self.steps.append(("lines", [line]))


def matches(wanted, line):
    line = re.sub(r"\x1b\[[0-9;]*m", "", line)
    if wanted.startswith("re:"):
        return re.match(wanted[3:], line) is not None
    return line.startswith(wanted)


def wait_for(machine, wanted, at, deadline):
    """Waits until all wanted lines were shown, in any order, at or behind line
    `at`.  Returns the number of the line behind, or None."""
    left = list(wanted)
    end = at
    while True:
        lines = machine.lines()
        while at < len(lines) and left:
            hit = next((w for w in left if matches(w, lines[at])), None)
            at += 1
            if hit is not None:
                left.remove(hit)
                end = at
        if not left:
            return end
        if time.monotonic() > deadline or machine.ended:
            return None
        with machine.changed:
            machine.changed.wait(0.2)


def run(machine, expectation):
    """Follows the console.  Returns "" or what went wrong."""
    deadline = time.monotonic() + expectation.timeout
    at = 0
    for kind, what in expectation.steps:
        if kind == "send":
            machine.send(what)
            continue
        behind = wait_for(machine, what, at, deadline)
        if behind is None:
            return (f"not seen: {what!r}; the console goes on after the last "
                    f"match with {machine.lines()[at:at + 8]!r}; "
                    f"see {machine.log_path}")
        at = behind
    for wanted in expectation.never:
        for line in machine.lines():
            if matches(wanted, line):
                return f"line that must not be: {line!r}"
    return ""
