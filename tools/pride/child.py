# SPDX-License-Identifier: BSD-2-Clause
"""Programs that must not outlive this one.

SIGTERM, SIGHUP (the terminal was closed) and SIGINT become exceptions, so that
`with child.running(...)` can end its program.  While a program is started they
wait: an exception between its start and the `with` would lose it.
"""

import contextlib
import signal
import subprocess
import sys

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

_held = False
_waiting = []


def _caught(number, _frame):
    if _held:
        _waiting.append(number)
    elif number == signal.SIGINT:
        raise KeyboardInterrupt
    else:
        sys.exit(128 + number)


def catch_signals():
    """For the main program, before anything is started.  What whoever started us
    ignores (nohup) stays ignored."""
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _caught)


def _start(command, **more):
    global _held  # pylint: disable=global-statement
    _held = True
    try:
        return subprocess.Popen(command, **more)
    finally:
        _held = False


def stop(process):
    """Ends a program gently, then firmly."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(command, **more):
    """A program that is gone when the block ends, whatever ends it."""
    process = _start(command, **more)
    try:
        if _waiting:
            _caught(_waiting.pop(), None)
        yield process
    finally:
        stop(process)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
