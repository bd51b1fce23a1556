# SPDX-License-Identifier: BSD-2-Clause
"""./pride run: a system in QEMU, its console on this terminal or pipe."""

import contextlib
import os
import re
import select
import subprocess
import sys
import tempfile
import termios
import time

import child
import machine
import runfile
import tree


def command_line(args, system, facts):
    """QEMU's arguments for a system as its run.json, `facts`, wants it."""
    board = machine.Board(args.board)
    ports = forwarded(facts)
    if len(args.port) > len(ports):
        count = f"{len(ports)} port" + ("" if len(ports) == 1 else "s")
        raise tree.Failure(f"{system.name} has {count} to forward, "
                           f"not {len(args.port)}")
    for port, wanted in zip(ports, args.port):
        port.wanted = wanted
    command = board.command(system.image(args), args.icount)
    return command + board.devices(facts.devices)


def forwarded(facts):
    """All forwarded ports of the machine, in order."""
    return [port for device in facts.of_kind("net") for port in device.ports]


class Console:
    """What the machine prints, copied as it is, and what is waited for."""

    KEPT = 65536

    def __init__(self, until, ready):
        self.until = until.encode() if until else None
        self.ready = {text.encode() for text in ready}
        self.seen = b""

    def take(self, data):
        """Shows what has come; returns whether `until` is seen."""
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        self.seen = (self.seen + data)[-self.KEPT:]
        self.ready = {text for text in self.ready if text not in self.seen}
        return self.until is not None and self.until in self.seen

    def at_line_start(self):
        return not self.seen or self.seen.endswith(b"\n")

    def end_line(self):
        if not self.at_line_start():
            print(flush=True)

    def addresses(self):
        """Addresses of QEMU's own network that were printed; 10.0.2.2 to .4 are
        QEMU's."""
        found = set(re.findall(rb"\b10\.0\.2\.(\d{1,3})\b", self.seen))
        return [f"10.0.2.{n}" for n in sorted(map(int, found)) if n > 4]


class Announcement:
    """The host's ports, told once: last of all, when the system serves, if its
    run.json says what it prints then."""

    PATIENCE = 30.0  # seconds until we say what we are waiting for
    PAUSE = 0.3  # seconds without output: the line will not go on

    def __init__(self, ports, facts, console):
        self.ports = ports
        self.console = console
        self.told = not ports
        self.late = time.monotonic() + self.PATIENCE
        if not facts.ready:
            self.tell()

    def wait(self):
        """After how many seconds to call silence(); None: never."""
        if self.told:
            return None
        if not self.console.ready:
            return self.PAUSE
        return max(0.0, self.late - time.monotonic()) if self.late else None

    def output(self):
        """The console has shown something."""
        if not self.told and not self.console.ready \
                and self.console.at_line_start():
            self.tell()

    def silence(self):
        """Nothing has come for a while."""
        if self.told:
            return
        if not self.console.ready:
            self.console.end_line()
            self.tell()
        elif self.late and time.monotonic() >= self.late:
            self.late = None
            self.console.end_line()
            words = ", ".join(repr(t.decode()) for t in self.console.ready)
            tree.say(f"it may not serve yet: it has not printed {words}")

    def tell(self):
        """Says where on this computer the system is found."""
        if self.told:
            return
        self.told = True
        inside = " and ".join(self.console.addresses())
        if inside:
            tree.say(f"{inside} can be reached inside QEMU only; from this "
                     "computer, use")
        for port in self.ports:
            tree.say(port.line())


def follow(process, console, announcement, timeout):
    """Copies the console until `until`, the time's or the machine's end.

    Returns whether the text was seen.
    """
    deadline = time.monotonic() + timeout if timeout is not None else None
    out = process.stdout.fileno()
    poll = select.poll()
    poll.register(out, select.POLLIN)
    poll.register(sys.stdout.fileno(), 0)  # errors only: our reader is gone
    while True:
        waits = [announcement.wait()]
        if deadline is not None:
            waits.append(deadline - time.monotonic())
            if waits[-1] <= 0:
                return False
        wait = min((w for w in waits if w is not None), default=None)
        events = dict(poll.poll(None if wait is None else wait * 1000))
        if sys.stdout.fileno() in events:
            raise BrokenPipeError
        if not events:
            announcement.silence()
            continue
        data = os.read(out, 65536)
        if not data:
            return False
        if console.take(data):
            console.end_line()
            return True
        announcement.output()


def ended(process):
    """Exit status if the process is gone (or going: its pipe is closed)."""
    try:
        return process.wait(0.2)
    except subprocess.TimeoutExpired:
        return None


def watch(command, console, announcement, args):
    """Runs until the text, the time or the machine's end; was the text seen?

    What QEMU says is shown if it ends by itself: it comments on being ended,
    too.
    """
    with tempfile.TemporaryFile() as errors, child.running(
            command, stdout=subprocess.PIPE, stderr=errors) as process:
        found = follow(process, console, announcement, args.timeout)
        if not found and ended(process) is not None:
            errors.seek(0)
            text = errors.read().decode("utf-8", "replace").strip()
            if process.returncode != 0:
                raise tree.Failure(
                    f"QEMU ended with status {process.returncode}\n{text}")
        return found


def interact(command, console, announcement, stdin):
    """Runs until QEMU ends; returns its status."""
    with child.running(command, stdin=stdin, stdout=subprocess.PIPE) as process:
        follow(process, console, announcement, None)
        status = process.wait()
    if status != 0:
        tree.say(f"QEMU ended with status {status}")
    return status if status >= 0 else 128 - status


def is_interactive():
    """Is there a terminal, and may we read from it?"""
    if not sys.stdin.isatty():
        return False
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:
        return True  # a terminal without job control


@contextlib.contextmanager
def terminal_kept(terminal):
    """QEMU changes the terminal's settings, and may end without setting them
    back."""
    before = termios.tcgetattr(sys.stdin.fileno()) if terminal else None
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            if terminal:
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, before)


def cmd_run(args):
    tree.setup(["build", "run"])
    system = tree.find(args, args.system)
    facts = runfile.of(system)
    system.build(args)
    command = command_line(args, system, facts)
    terminal = is_interactive()
    if terminal:
        command += ["-serial", "mon:stdio"]
    else:
        command += ["-serial", "stdio", "-monitor", "none"]
    command += args.qemu_arg
    if args.verbose:
        tree.say(" ".join(command))
    if args.config != "debug":
        tree.say(f"{args.config} has no debug console: what programs print "
                 "with microkit_dbg_* is not shown")
    tree.say(f"{system.name} starts in QEMU"
             + ("; to leave it, press Ctrl-A, then X" if terminal else ""))
    console = Console(args.until, facts.ready)
    announcement = Announcement(forwarded(facts), facts, console)
    with terminal_kept(terminal):
        if args.until is None and args.timeout is None:
            # a terminal that is not ours would stop whoever reads from it
            stdin = None if terminal or not sys.stdin.isatty() \
                else subprocess.DEVNULL
            return interact(command, console, announcement, stdin)
        found = watch(command, console, announcement, args)
    if args.until is None:
        return 0
    if not found:
        tree.say(f"the console did not show '{args.until}'")
    return 0 if found else 1


def wait_for(path, process, timeout=10.0):
    """Waits for QEMU to make a socket."""
    deadline = time.monotonic() + timeout
    while not os.path.exists(path):
        if process.poll() is not None or time.monotonic() > deadline:
            raise tree.Failure("QEMU did not start")
        time.sleep(0.02)
