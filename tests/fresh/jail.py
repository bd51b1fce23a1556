# SPDX-License-Identifier: BSD-2-Clause
"""Programs in a directory of their own, which leave nothing behind.

    jail = Jail("/some/root", {"/some/cache": "/var/cache/apt/archives"})
    status = jail.run(["./pride", "list"], log, timeout=60)

Each program gets new mount, process and IPC namespaces.  Whatever it mounts or
starts is gone when it ends, when the time is over, and when we are killed: the
kernel kills the first process of the namespace with us, and with that process all
others.  The network is this machine's.
"""

import os
import pathlib
import pty
import signal
import subprocess
import time

# The first process of the namespace stays a shell, because that collects the
# orphans of the programs below it.
ENTER = r"""
set -eu
root=$1
# a mount point, as a real machine's root is: without, no namespaces in there
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t proc proc "$root/proc"
shift
while [ "$1" != -- ]; do
    mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
    shift 2
done
shift
status=0
chroot "$root" "$@" || status=$?
exit $status
"""
NAMESPACES = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid",
              "--ipc", "--fork", "--kill-child", "--propagation", "private"]


class Late(Exception):
    """A program did not end in time."""


def end(process):
    """Kills the namespace's first process, and so all of them, and waits."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    while process.poll() is None:
        try:
            # unshare(1) ignores signals while it waits for its only child
            for pid in pathlib.Path(path).read_text("ascii").split():
                os.kill(int(pid), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            pass
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            if not pathlib.Path(path).exists():
                process.kill()


def finish(process, timeout):
    """Waits for the end; returns the exit status."""
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired as late:
        raise Late(f"not finished after {timeout:.0f} s") from late
    finally:
        end(process)


def run(words, log, timeout):
    """Runs a program in namespaces, but in the machine's own directory."""
    process = subprocess.Popen(
        [*NAMESPACES, "--mount-proc", *words], stdin=subprocess.DEVNULL,
        stdout=log, stderr=log, start_new_session=True)
    return finish(process, timeout)


class Jail:
    """A directory that programs take for the whole machine."""

    def __init__(self, root, shared=None):
        self.root = str(root)
        self.shared = shared or {}

    def command(self, words):
        binds = [text for pair in self.shared.items() for text in pair]
        return [*NAMESPACES, "sh", "-c", ENTER, "jail", self.root, *binds,
                "--", *words]

    def run(self, words, log, timeout):
        """Output goes to the file `log`; returns the exit status."""
        process = subprocess.Popen(
            self.command(words), stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True)
        return finish(process, timeout)

    def run_answering(self, words, log, timeout, question, answer):
        """Like run(), at a terminal: each `question` gets the answer.  Returns
        the exit status and how often it was asked."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            self.command(words), stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True)
        os.close(slave)
        try:
            asked = converse(master, log, time.monotonic() + timeout,
                             (question, answer))
            return finish(process, 10), asked
        finally:
            end(process)
            os.close(master)


def converse(master, log, deadline, talk):
    """Copies a terminal's output until it is closed; counts the questions."""
    question, answer = (text.encode() for text in talk)
    seen, asked = b"", 0
    os.set_blocking(master, False)
    while time.monotonic() < deadline:
        try:
            data = os.read(master, 65536)
        except BlockingIOError:
            time.sleep(0.1)
            continue
        except OSError:
            # Linux's way to say that nobody has the other side open
            return asked
        if not data:
            return asked
        log.write(data)
        log.flush()
        seen += data
        if question in seen:
            seen = seen.split(question, 1)[1]
            asked += 1
            os.write(master, answer)
        seen = seen[-4096:]
    raise Late("not finished in time, at a terminal")


def is_mounted_below(directory):
    """Whether removing the directory would reach into something mounted."""
    top = os.path.realpath(directory) + "/"
    lines = pathlib.Path("/proc/self/mountinfo").read_text("utf-8")
    places = [line.split()[4] for line in lines.splitlines()]
    return any((place + "/").startswith(top) for place in places)
