# SPDX-License-Identifier: BSD-2-Clause
"""How far a build is.

The Makefile's `say` announces each step on standard output, and a dry run, which
takes a tenth of a second, tells how many there will be.  On a terminal one line
counts them; elsewhere one line says how many there are.  Everything else that
make and the compilers say is shown as it is.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios

import child

STEP = re.compile(rb"  [A-Z]+ +\S")
DRY_STEP = "printf '  %-5s "  # the Makefile's `say`


def count_steps(command):
    """How many steps make would take; 0 when nothing is to do, or when make will
    say itself what is wrong."""
    done = subprocess.run([*command, "-n"], text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    if done.returncode != 0:
        return 0
    return sum(line.startswith(DRY_STEP) for line in done.stdout.splitlines())


class Line:
    """The line of the terminal that counts."""

    def __init__(self, total, terminal):
        self.total = total
        self.terminal = terminal
        self.done = 0
        self.shown = False
        if total and not terminal:
            steps = "1 step" if total == 1 else f"{total} steps"
            self.write(f"pride: building, {steps}\n".encode())
        self.show()

    @staticmethod
    def write(data):
        sys.stderr.flush()
        os.write(sys.stderr.fileno(), data)

    def show(self):
        if self.terminal and self.total:
            text = f"\rpride: building, {self.done} of {self.total}\x1b[K"
            self.write(text.encode())
            self.shown = True

    def step(self):
        self.done += 1
        self.show()

    def text(self, data):
        """What somebody else says, instead of the line."""
        if self.shown:
            self.write(b"\r\x1b[K")
            self.shown = False
        self.write(data)
        if data.endswith(b"\n"):
            self.show()

    def end(self):
        if self.shown:
            self.write(b"\n")


def _read(descriptor):
    """What is there; nothing at the end, which a terminal shows as an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def _follow(out, errors, line):
    """Reads both until both end."""
    rest = b""
    streams = [s for s in (out, errors) if s is not None]
    while streams:
        for stream in select.select(streams, [], [])[0]:
            data = _read(stream)
            if not data:
                streams.remove(stream)
            elif stream == errors:
                line.text(data)
            else:
                *lines, rest = (rest + data).split(b"\n")
                for one in lines:
                    if STEP.match(one):
                        line.step()
                    else:
                        line.text(one + b"\n")
    if rest:
        line.text(rest + b"\n")


def _terminal():
    """A terminal for the compilers' messages, as wide as ours, so that they have
    colours: (ours, theirs)."""
    ours, theirs = pty.openpty()
    columns, lines = os.get_terminal_size(sys.stderr.fileno())
    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("HHHH", lines, columns, 0, 0))
    return ours, theirs


def run(command):
    """Runs make; returns its status."""
    terminal = sys.stderr.isatty()
    line = Line(count_steps(command), terminal)
    ours, theirs = _terminal() if terminal else (None, None)
    try:
        with child.running(command, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=theirs) as make:
            if terminal:
                os.close(theirs)
                theirs = None
            _follow(make.stdout.fileno(), ours, line)
            return make.wait()
    finally:
        line.end()
        for descriptor in (ours, theirs):
            if descriptor is not None:
                os.close(descriptor)
