# SPDX-License-Identifier: BSD-2-Clause
"""expect.txt: lines the console of a system must show, in order.

A line of the file must be the beginning of a line of the console; `re:` in
front makes it a regular expression that must match at the beginning.  Lines of
the console that nothing expects are allowed in between.  `#` at the beginning
of a line is a comment; `%timeout SECONDS` changes the time allowed for the
whole file; `%send TEXT` types TEXT (with \\n, \\r and \\xNN) when everything above
was seen; `%never TEXT` must not be at the beginning of any line.
"""

import re
import time


class Expectation:
    """A parsed expect.txt."""

    def __init__(self, text):
        self.timeout = 30.0
        self.never = []
        self.steps = []
        for line in text.splitlines():
            line = line.rstrip()
            if not line or line.startswith("#"):
                continue
            word, _, rest = line.partition(" ")
            if word == "%timeout":
                self.timeout = float(rest)
            elif word == "%never":
                self.never.append(rest)
            elif word == "%send":
                data = rest.encode("latin-1").decode("unicode_escape")
                self.steps.append(("send", data.encode("latin-1")))
            elif word.startswith("%"):
                raise ValueError(f"unknown directive {word}")
            else:
                self.steps.append(("line", line))
        if not any(kind == "line" for kind, _ in self.steps):
            raise ValueError("nothing is expected")


def matches(wanted, line):
    line = re.sub(r"\x1b\[[0-9;]*m", "", line)
    if wanted.startswith("re:"):
        return re.match(wanted[3:], line) is not None
    return line.startswith(wanted)


def run(machine, expectation):
    """Follows the console.  Returns "" or what went wrong."""
    deadline = time.monotonic() + expectation.timeout
    at = 0
    for kind, wanted in expectation.steps:
        if kind == "send":
            machine.send(wanted)
            continue
        while True:
            lines = machine.lines()
            hit = next((i for i in range(at, len(lines))
                        if matches(wanted, lines[i])), None)
            if hit is not None:
                at = hit + 1
                break
            if time.monotonic() > deadline or machine.ended:
                return (f"line not seen: {wanted!r}; the console goes on "
                        f"after the last match with {lines[at:at + 8]!r}; "
                        f"see {machine.log_path}")
            with machine.changed:
                machine.changed.wait(0.2)
    for wanted in expectation.never:
        for line in machine.lines():
            if matches(wanted, line):
                return f"line that must not be: {line!r}"
    return ""
