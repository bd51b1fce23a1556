# SPDX-License-Identifier: BSD-2-Clause
"""A program on a terminal of its own, as a user has it.

    with ptyrun.Session(["./pride", "run", "hello"]) as session:
        session.expect("hello, world", 20)
        session.close()          # hang up: the terminal goes away
        session.wait(5)          # wait status
"""

import os
import pty
import select
import signal
import time


class Session:
    """The program is a session's leader, the terminal its controlling one."""

    def __init__(self, command, cwd=None, log=None):
        self.text = ""
        self.log = log
        self.status = None
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            try:
                if cwd:
                    os.chdir(cwd)
                os.execvp(command[0], command)
            finally:
                os._exit(127)

    def read(self, timeout):
        """Takes what comes; False when the terminal is at its end."""
        if not select.select([self.terminal], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def expect(self, text, timeout):
        """Waits until the terminal shows the text; returns all it showed."""
        deadline = time.monotonic() + timeout
        while text not in self.text:
            left = deadline - time.monotonic()
            if left <= 0 or not self.read(min(left, 0.2)):
                raise AssertionError(f"{text!r} not seen in {self.text!r}")
        return self.text

    def type(self, text):
        os.write(self.terminal, text.encode())

    def kill(self, number):
        os.kill(self.pid, number)

    def close(self):
        """Hangs up."""
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None

    def wait(self, timeout):
        """Exit status, negative for a signal; None if it goes on."""
        deadline = time.monotonic() + timeout
        while self.status is None and time.monotonic() < deadline:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.status = os.waitstatus_to_exitcode(status)
            elif self.terminal is None:
                time.sleep(0.05)
            elif not self.read(0.05):
                time.sleep(0.05)
        return self.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None and self.wait(0.1) is None:
            self.kill(signal.SIGTERM)
            if self.wait(5) is None:
                self.kill(signal.SIGKILL)
                self.wait(5)
        self.close()
