# SPDX-License-Identifier: BSD-2-Clause
"""./pride run: a system in QEMU, its console on this terminal or pipe."""

import os
import select
import subprocess
import sys
import tempfile
import time

import machine
import runfile
import tree


def command_line(args, system):
    """QEMU's arguments for a system as its run.json wants it; that file."""
    board = machine.Board(args.board)
    facts = runfile.of(system)
    ports = forwarded(facts)
    if len(args.port) > len(ports):
        raise tree.Failure(f"{system.name} has {len(ports)} ports to forward, "
                           f"not {len(args.port)}")
    for port, wanted in zip(ports, args.port):
        port.wanted = wanted
    command = board.command(system.image(args), args.icount)
    return command + board.devices(facts.devices), facts


def forwarded(facts):
    """All forwarded ports of the machine, in order."""
    return [port for device in facts.of_kind("net") for port in device.ports]


def stop(process):
    """Ends QEMU gently, then firmly."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def follow(process, until, timeout):
    """Copies the console until `until`, the time's or the machine's end.

    Returns whether the text was seen.
    """
    needle = until.encode() if until else None
    deadline = time.monotonic() + timeout if timeout else None
    seen = b""
    out = process.stdout.fileno()
    while True:
        wait = None
        if deadline is not None:
            wait = deadline - time.monotonic()
            if wait <= 0:
                return False
        if not select.select([out], [], [], wait)[0]:
            return False
        data = os.read(out, 65536)
        if not data:
            return False
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        if needle:
            seen = (seen + data)[-65536 - len(needle):]
            if needle in seen:
                if not seen.endswith(b"\n"):
                    print(flush=True)
                return True


def watch(command, args):
    """Runs until the text, the time or the machine's end; was the text seen?

    What QEMU says is shown only if it ends by itself: it comments on being
    ended, too.
    """
    with tempfile.TemporaryFile() as errors, subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors) as process:
        try:
            found = follow(process, args.until, args.timeout)
            if not found and ended(process) not in (None, 0):
                errors.seek(0)
                raise tree.Failure(
                    f"QEMU ended with status {process.returncode}\n"
                    + errors.read().decode("utf-8", "replace").strip())
            return found
        finally:
            stop(process)


def ended(process):
    """Exit status if the process is gone (or going: its pipe is closed)."""
    try:
        return process.wait(0.2)
    except subprocess.TimeoutExpired:
        return None


def cmd_run(args):
    tree.setup(["build", "run"])
    system = tree.find(args, args.system)
    tree.make(args, ["system-" + system.name])
    command, facts = command_line(args, system)
    ports = forwarded(facts)
    terminal = sys.stdin.isatty()
    if terminal:
        command += ["-serial", "mon:stdio"]
    else:
        command += ["-serial", "stdio", "-monitor", "none"]
    command += args.qemu_arg
    if args.verbose:
        tree.say(" ".join(command))
    for port in ports:
        tree.say(port.line())
    if args.config != "debug":
        tree.say(f"{args.config} has no debug console: what programs print "
                 "with microkit_dbg_* is not shown")
    if terminal:
        tree.say("ctrl-a x leaves")

    if args.until is None and args.timeout is None:
        with subprocess.Popen(command) as process:
            try:
                return process.wait()
            finally:
                stop(process)
    found = watch(command, args)
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
