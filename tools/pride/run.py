# SPDX-License-Identifier: BSD-2-Clause
"""./pride run: a system in QEMU, its console on this terminal or pipe."""

import os
import select
import subprocess
import sys
import time

import machine
import tree


def command_line(args, system):
    """QEMU's arguments for a system as its run.json wants it."""
    board = machine.Board(args.board)
    facts = system.run_facts()
    command = board.command(system.image(args), args.icount)
    ports = []
    if facts.get("net"):
        ports = machine.forwards(facts, args.port)
        command += board.net(machine.user_netdev(ports))
    elif args.port:
        raise tree.Failure(f"{system.name} has no network to forward to")
    return command, ports


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
                return True


def cmd_run(args):
    tree.setup(["build", "run"])
    system = tree.find(args, args.system)
    tree.make(args, ["system-" + system.name])
    command, ports = command_line(args, system)
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
    if terminal:
        tree.say("ctrl-a x leaves")

    if args.until is None and args.timeout is None:
        with subprocess.Popen(command) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                stop(process)
                return 130
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            found = follow(process, args.until, args.timeout)
            if not found and process.poll() is not None \
                    and process.returncode != 0:
                raise tree.Failure(
                    f"QEMU ended with status {process.returncode}")
        finally:
            stop(process)
    if args.until is None:
        return 0
    if not found:
        tree.say(f"the console did not show '{args.until}'")
    return 0 if found else 1
